using System;
using System.Runtime.InteropServices;
using System.Threading;
using Checkpoint.Linux.Bpf;
using Checkpoint.Linux.Interop;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>The task_diag transaction by a BPF program that is run by bpf(2): one call answers a request, or as much of it as fits a slot.</summary>
/// <param name="program">Outlives this.</param>
/// <param name="buildIds">Build IDs to share with other transports of the same capture.</param>
/// <exception cref="KernelException">EBUSY: no slot is free. Or <c>/proc</c> cannot be opened.</exception>
internal sealed class BpfTaskDiag(BpfProgram program, BuildIdCache buildIds) : BpfTransport(program, buildIds)
{
    // Procfs, which is asked then, waits longer, and better.
    private const int LockPatienceMs = 500;

    private int[] _tids = []; // a list that is told in parts
    private int _tidsTold;
    private bool _atOnce; // the program takes it back when the slot is full

    /// <inheritdoc/>
    protected override string OwnVmaSource => "bpf";

    /// <inheritdoc/>
    protected override void Begin()
    {
        ref BpfRun run = ref Run;
        run.Steps = BpfRun.List | BpfRun.Tell;
        run.AtOnce = 1;
        _atOnce = true;
        _tids = [];
        _tidsTold = 0;
        RunOnce();
        if ((run.Steps & BpfRun.List) != 0)
        {
            Sort();
        }
    }

    /// <inheritdoc/>
    protected override bool Advance()
    {
        if (Run.Steps == 0 && !NextPart())
        {
            return false;
        }

        RunOnce();
        return true;
    }

    /// <summary>Runs the program until it has something to tell, or nothing is left.</summary>
    private void RunOnce()
    {
        long patience = Environment.TickCount64 + LockPatienceMs;
        for (int pause = 0; ; pause++)
        {
            ThreadProgress.Note(CapturePart.Maps);
            Program.Run(Slot);
            ThreadProgress.Note(CapturePart.Task);
            ref BpfRun run = ref Run;
            int error = run.Error;
            if (error == Errno.E2BIG && _atOnce)
            {
                // More tasks than can be told and listed in one run: list first.
                _atOnce = false;
                run.AtOnce = 0;
                run.Steps = BpfRun.List | BpfRun.Tell;
                continue;
            }

            if (error != 0 && error != Errno.EBUSY)
            {
                throw new KernelException("read", $"/proc/{run.Pid}", error);
            }

            bool inKernelsOrder = run.Unsorted != 0 && run.AtOnce != 0 && run.Strategy == (uint)TaskDiagStrategy.All;
            Answer.Take(Messages, inKernelsOrder);
            if (error == 0 || run.Length > 0)
            {
                return;
            }

            // The address space is locked by somebody who changes it. An empty list would be a lie.
            if (Environment.TickCount64 > patience)
            {
                throw new KernelException("lock", "address space", Errno.EBUSY);
            }

            Thread.Sleep(pause < 10 ? 0 : 1);
        }
    }

    /// <summary>Puts the tids in the order of task_diag, and hands back as many as one run tells about.</summary>
    private void Sort()
    {
        ref BpfRun run = ref Run;
        Span<int> all = MemoryMarshal.Cast<byte, int>(Memory[BpfRun.TidsOffset..])[..(int)run.Count];
        if (run.Strategy == (uint)TaskDiagStrategy.All)
        {
            all.Sort();
        }

        if (run.Count > BpfRun.MaxTids)
        {
            _tids = all.ToArray();
            _ = NextPart();
        }

        run.Steps = BpfRun.Tell;
    }

    private bool NextPart()
    {
        int count = Math.Min(_tids.Length - _tidsTold, BpfRun.MaxTids);
        if (count <= 0)
        {
            return false;
        }

        ref BpfRun run = ref Run;
        _tids.AsSpan(_tidsTold, count).CopyTo(MemoryMarshal.Cast<byte, int>(Memory[BpfRun.TidsOffset..]));
        _tidsTold += count;
        run.Count = (uint)count;
        run.At = 0;
        run.From = 0;
        run.Steps = BpfRun.Tell;
        return true;
    }
}
