using System;
using Checkpoint.Linux.Bpf;

namespace Checkpoint.Linux.Checks;

/// <summary>Programs that do nothing but use one thing of the kernel: whoever can load one can use it. None of them is run.</summary>
internal static class BpfPrograms
{
    // Stack slots: struct bpf_iter_task has 24 bytes, struct bpf_iter_task_vma has 8.
    private const int TaskLoop = -24;
    private const int VmaLoop = -32;

    /// <summary>Takes and drops the RCU read lock.</summary>
    /// <param name="btf">The kernel's functions.</param>
    /// <returns>The program, or null when the kernel lacks a function for it.</returns>
    internal static BpfCode? Rcu(KernelBtf btf) =>
        TryFind(btf, out int[] call, "bpf_rcu_read_lock", "bpf_rcu_read_unlock")
            ? new BpfCode().Call(call[0]).Call(call[1]).Return(0)
            : null;

    /// <summary>Goes over all processes.</summary>
    /// <inheritdoc cref="Rcu"/>
    internal static BpfCode? Tasks(KernelBtf btf)
    {
        if (!TryFind(btf, out int[] call,
            "bpf_rcu_read_lock", "bpf_rcu_read_unlock", "bpf_iter_task_new", "bpf_iter_task_next", "bpf_iter_task_destroy"))
        {
            return null;
        }

        BpfCode code = new BpfCode().Call(call[0]).StackAddress(1, TaskLoop).Set(2, 0).Set(3, 0).Call(call[2]);
        int next = code.Here;
        return code.StackAddress(1, TaskLoop).Call(call[3]).LoopWhileResult(next)
            .StackAddress(1, TaskLoop).Call(call[4]).Call(call[1]).Return(0);
    }

    /// <summary>Goes to the first VMA of a process that the loop over processes brings.</summary>
    /// <inheritdoc cref="Rcu"/>
    internal static BpfCode? Vmas(KernelBtf btf) =>
        TryFind(btf, out int[] call,
            "bpf_rcu_read_lock", "bpf_rcu_read_unlock", "bpf_iter_task_new", "bpf_iter_task_next", "bpf_iter_task_destroy",
            "bpf_iter_task_vma_new", "bpf_iter_task_vma_next", "bpf_iter_task_vma_destroy")
            ? new BpfCode().Call(call[0]).StackAddress(1, TaskLoop).Set(2, 0).Set(3, 0).Call(call[2])
                .StackAddress(1, TaskLoop).Call(call[3]).SkipIfNoResult(out int noTask)
                .Copy(2, 0).StackAddress(1, VmaLoop).Set(3, 0).Call(call[5])
                .StackAddress(1, VmaLoop).Call(call[6])
                .StackAddress(1, VmaLoop).Call(call[7])
                .EndSkip(noTask).StackAddress(1, TaskLoop).Call(call[4]).Call(call[1]).Return(0)
            : null;

    /// <summary>Takes a reference on a task by number, and drops it.</summary>
    /// <param name="btf">The kernel's functions.</param>
    /// <param name="function">Which of the two functions for it.</param>
    /// <returns>The program, or null when the kernel lacks a function for it.</returns>
    internal static BpfCode? TaskByNumber(KernelBtf btf, string function) =>
        TryFind(btf, out int[] call, function, "bpf_task_release")
            ? new BpfCode().Set(1, 1).Call(call[0]).SkipIfNoResult(out int noTask).Copy(1, 0).Call(call[1]).EndSkip(noTask).Return(0)
            : null;

    private static bool TryFind(KernelBtf btf, out int[] ids, params ReadOnlySpan<string> names)
    {
        ids = new int[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            ids[i] = btf.FunctionId(System.Text.Encoding.ASCII.GetBytes(names[i]));
            if (ids[i] == 0)
            {
                return false;
            }
        }

        return true;
    }
}
