using System;
using System.Collections.Generic;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Transports;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux;

/// <summary>
/// Sends task_diag requests and turns the answers into drafts and VMA lists. What the transport lacks is asked of procfs
/// afterwards. Buffers are reused from request to request.
/// </summary>
/// <param name="transport">Answers first.</param>
/// <param name="procfs">Supplies what the transport lacks; may be the transport itself.</param>
internal sealed class TaskSource(TaskDiagTransport transport, ProcfsTaskDiag procfs) : IDisposable
{
    private const TaskDiagShow OfVmas = TaskDiagShow.Vma | TaskDiagShow.VmaStat | TaskDiagShow.ExtBuildIds | TaskDiagShow.ExtPageSizes
        | TaskDiagShow.ExtTotalVm | TaskDiagShow.ExtFiles;

    private readonly byte[] _buffer = new byte[2 * TaskDiagTransport.MinimumBuffer];
    private uint _sequence;
    private int _found;

    /// <summary>The transport that answers first.</summary>
    internal TaskDiagTransport Transport => transport;

    /// <summary>The VMA list of the last answer.</summary>
    internal VmaList Vmas { get; } = new();

    /// <summary>Bytes of a command line or environment that are asked of procfs.</summary>
    internal int MaxText
    {
        set
        {
            procfs.MaxText = value;
            if (transport is ProcfsTaskDiag first)
            {
                first.MaxText = value;
            }
        }
    }

    /// <summary>Asks, and gathers the answer.</summary>
    /// <param name="show">What.</param>
    /// <param name="strategy">Of which tasks.</param>
    /// <param name="pid">Whose.</param>
    /// <param name="drafts">Replaced by the answer. At most one of them (the leader) may bring a VMA list.</param>
    /// <exception cref="Interop.KernelException">ESRCH: the pid is not there.</exception>
    internal void Ask(TaskDiagShow show, TaskDiagStrategy strategy, int pid, List<TaskDraft> drafts)
    {
        drafts.Clear();
        Vmas.Clear();
        TaskDiagShow missing = show & transport.Lacks;
        if ((missing & TaskDiagShow.VmaStat) != 0)
        {
            // Statistics stand in the records of the list: who tells them tells it all.
            missing |= show & OfVmas;
        }

        if (!TryExchange(show & ~missing, strategy, pid, drafts))
        {
            // Some kernels keep a task from BPF programs altogether; and only procfs can wait for a lock.
            drafts.Clear();
            Vmas.Clear();
            Exchange(procfs, show, strategy, pid, drafts, fill: false);
            return;
        }

        // A total that was not read right after the list proves nothing about it.
        missing &= (missing & TaskDiagShow.Vma) != 0 ? ~TaskDiagShow.None : ~TaskDiagShow.ExtTotalVm;
        missing &= ~TaskDiagShow.ExtFiles;
        if (missing == 0)
        {
            return;
        }

        if (drafts.Exists(draft => draft.Tid == draft.Tgid && draft.Base?.State == TaskState.Zombie))
        {
            // With the states at hand procfs finds a living thread, which has what the leader has no longer.
            missing |= missing == TaskDiagShow.None ? missing : TaskDiagShow.Base;
        }

        // What procfs cannot read of it either is a gap.
        missing |= (missing & ~TaskDiagShow.Hidden) == 0 ? 0 : show & TaskDiagShow.ExtGaps;

        // Tasks that are hidden from the caller are not in the answer: procfs says what there is of them.
        bool hidden = drafts.Count == 0 && (missing & TaskDiagShow.Hidden) != 0;
        if (hidden || (missing & ~TaskDiagShow.Hidden) != 0)
        {
            Exchange(procfs, hidden ? show : missing | TaskDiagShow.Hidden, strategy, pid, drafts, fill: !hidden);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        transport.Dispose();
        procfs.Dispose();
    }

    /// <summary>Asks the transport.</summary>
    /// <returns>False: it says that there is no such task, or cannot tell all its VMAs, and procfs is still to be asked.</returns>
    private bool TryExchange(TaskDiagShow show, TaskDiagStrategy strategy, int pid, List<TaskDraft> drafts)
    {
        try
        {
            Exchange(transport, show, strategy, pid, drafts, fill: false);
            return true;
        }
        catch (KernelException e) when (e.Errno is Errno.ESRCH or Errno.EBUSY or Errno.EIO && transport is BpfTransport)
        {
            return false;
        }
    }

    private void Exchange(
        TaskDiagTransport with, TaskDiagShow show, TaskDiagStrategy strategy, int pid, List<TaskDraft> drafts, bool fill)
    {
        try
        {
            with.Send(new TaskDiagRequest(show, strategy, (uint)pid, ++_sequence));
            TaskDraft? open = null;
            while (with.ReadInPlace(_buffer) is { IsEmpty: false } messages)
            {
                ThreadProgress.Note(CapturePart.Task);
                TaskDiagReader reader = new(messages);
                while (reader.NextMessage())
                {
                    open ??= fill ? Find(drafts, (int)reader.Pid) : Add(drafts, reader.Tgid, reader.Pid);
                    Apply(ref reader, open);
                    if (!reader.Continued)
                    {
                        open.ShareGroups(drafts.Count > 0 ? drafts[0] : open);
                        open = null;
                    }
                }
            }

            // The kernel code ends an answer where one item fits no message: the rest of this task is lost.
            open?.NoteTruncated();
        }
        finally
        {
            with.Cancel();
        }
    }

    private static TaskDraft Add(List<TaskDraft> drafts, uint tgid, uint pid)
    {
        TaskDraft draft = new(tgid, pid);
        drafts.Add(draft);
        return draft;
    }

    /// <summary>The draft to fill up; a task that came since the transport answered is nobody's.</summary>
    private TaskDraft Find(List<TaskDraft> drafts, int tid)
    {
        // Both answers tell the tasks in nearly the same order: what follows the last one found is looked at first.
        for (int i = 0; i < drafts.Count; i++)
        {
            int at = (_found + 1 + i) % drafts.Count;
            if (drafts[at].Tid == tid)
            {
                _found = at;
                return drafts[at];
            }
        }

        return new TaskDraft(0, (uint)tid);
    }

    private void Apply(ref TaskDiagReader reader, TaskDraft draft)
    {
        while (reader.NextAttribute())
        {
            if (!Vmas.Apply(reader.Type, reader.Payload))
            {
                draft.Apply(reader.Type, reader.Payload);
            }
        }
    }
}
