using System;
using System.Collections.Generic;
using System.Linq;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Transports;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux;

/// <summary>Looks at one process after the other: captures those that are new or have changed, compares the others. One per core.</summary>
internal sealed class ProcessVisitor(TaskSource source, CollectOptions options) : IDisposable
{
    private const TaskDiagShow Enumerate =
        TaskDiagShow.Base | TaskDiagShow.ExtSched | TaskDiagShow.ExtMm | TaskDiagShow.ExtGaps | TaskDiagShow.Hidden;

    private const TaskDiagShow Everything =
        Enumerate | TaskDiagShow.Cred | TaskDiagShow.Vma | TaskDiagShow.Stat | TaskDiagShow.Statm | TaskDiagShow.Cmdline
        | TaskDiagShow.ExtSecurity | TaskDiagShow.ExtSignals | TaskDiagShow.ExtGroups | TaskDiagShow.ExtNsPids | TaskDiagShow.ExtExe
        | TaskDiagShow.ExtCwd | TaskDiagShow.ExtRoot | TaskDiagShow.ExtLabel | TaskDiagShow.ExtNamespaces | TaskDiagShow.ExtGroupStat
        | TaskDiagShow.ExtComm | TaskDiagShow.ExtUmask | TaskDiagShow.ExtBuildIds | TaskDiagShow.ExtPageSizes | TaskDiagShow.ExtTotalVm
        | TaskDiagShow.ExtFiles;

    private readonly TaskDiagShow _everything = Everything
        | (options.WithEnviron ? TaskDiagShow.ExtEnviron : 0)
        | (options.WithVmStats || (options.WithVmFlags && !source.Transport.TellsVmFlags) ? TaskDiagShow.VmaStat : 0);

    private readonly EntryFactory _factory = new((uint)Environment.SystemPageSize);
    private readonly List<TaskDraft> _drafts = [];
    private readonly List<TaskDraft> _children = [];

    /// <summary>How the tasks are read.</summary>
    internal TaskDiagTransport Transport => source.Transport;

    /// <summary>Finds the process that a pid or tid belongs to.</summary>
    /// <returns>The tgid, or a negative errno: ESRCH when there is none.</returns>
    internal int FindTgid(int pid)
    {
        int error = Ask(TaskDiagShow.Hidden, TaskDiagStrategy.One, pid, _drafts);
        return error != 0 ? -error : _drafts.Count == 1 ? _drafts[0].Tgid : -Errno.ESRCH;
    }

    /// <summary>Looks at a process.</summary>
    /// <param name="tgid">Which.</param>
    /// <param name="known">How it was captured before; null for a process not seen yet.</param>
    /// <returns>What was found.</returns>
    internal ProcessVisit Visit(int tgid, ProcessEntry? known)
    {
        ProcessVisit visit = new(tgid);
        TaskDraft? leader = Look(visit, known is null ? _everything : Enumerate);
        if (leader is not null && known is not null && Changed(visit, known, leader))
        {
            // What happens between this look and the next is told as well.
            Dictionary<int, ulong> before = StartTimes(_drafts);
            MemoryLayout? layout = leader.Layout;
            leader = Look(visit, _everything);
            known = null;
            if (leader is not null)
            {
                _ = HasExecuted(visit, layout, leader);
                _ = CompareThreads(visit, before);
            }
        }

        if (leader is not null)
        {
            if (known is null)
            {
                Capture(visit, leader);
            }

            if (options.WithChildren)
            {
                FindChildren(visit);
            }
        }

        return visit;
    }

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();

    /// <summary>Asks for a process and its threads.</summary>
    /// <returns>The leader, or null with the visit's error set.</returns>
    private TaskDraft? Look(ProcessVisit visit, TaskDiagShow show)
    {
        visit.Error = Ask(show, TaskDiagStrategy.Thread, visit.Tgid, _drafts);
        TaskDraft? leader = visit.Error == 0 ? _drafts.Find(draft => draft.Tid == visit.Tgid && draft.Exists) : null;
        if (leader is null && visit.Error == 0)
        {
            visit.Error = Errno.ESRCH;
        }

        return leader;
    }

    private void Capture(ProcessVisit visit, TaskDraft leader)
    {
        visit.Entry = _factory.Process(leader, _drafts);
        if (!leader.Gaps.Exists(gap => gap.Part == CapturePart.Maps))
        {
            visit.Vmas = source.Vmas.Take(leader.TotalVm, out bool changed);
            visit.Stats = options.WithVmStats ? source.Vmas.TakeStats() : null;
            visit.Entry = visit.Entry with { SpaceChanged = changed };
            visit.Files = source.Vmas.Files;
        }

        foreach (TaskDraft draft in _drafts)
        {
            foreach (TaskDiagExtGap gap in draft.Gaps)
            {
                visit.Gaps.Add(new Gap(draft.Tgid, draft.Tid, gap.Part, gap.Errno));
            }

            if (!draft.Exists)
            {
                visit.Events.Add((TaskEventKind.Exited, draft.Tid, 0));
            }
        }
    }

    /// <summary>Compares a captured process with what it is now, and notes what happened.</summary>
    /// <returns>Whether it must be captured again.</returns>
    private bool Changed(ProcessVisit visit, ProcessEntry known, TaskDraft leader)
    {
        ulong startTime = known.Leader.StartTimeTicks;
        if (leader.Sched.StartTimeTicks != startTime)
        {
            // Another process under the same number.
            visit.Events.Add((TaskEventKind.Exited, known.Tgid, startTime));
            visit.Events.Add((TaskEventKind.Appeared, known.Tgid, leader.Sched.StartTimeTicks));
            return true;
        }

        if (known.Leader.State != TaskState.Zombie && _drafts.TrueForAll(draft => draft.Base?.State == TaskState.Zombie))
        {
            // Not reaped yet; what was captured of it while it lived is kept.
            visit.Events.Add((TaskEventKind.Exited, known.Tgid, startTime));
            return false;
        }

        bool executed = HasExecuted(visit, known.Layout, leader);
        return CompareThreads(visit, known.Threads.ToDictionary(thread => thread.Tid, thread => thread.StartTimeTicks)) || executed;
    }

    private static Dictionary<int, ulong> StartTimes(List<TaskDraft> drafts) =>
        drafts.Where(draft => draft.Exists).ToDictionary(draft => draft.Tid, draft => draft.Sched.StartTimeTicks);

    private static bool HasExecuted(ProcessVisit visit, MemoryLayout? before, TaskDraft leader)
    {
        bool executed = before is MemoryLayout old && leader.Layout is MemoryLayout now && now != old;
        if (executed)
        {
            visit.Events.Add((TaskEventKind.Exec, visit.Tgid, leader.Sched.StartTimeTicks));
        }

        return executed;
    }

    /// <summary>Notes which threads came and went.</summary>
    /// <param name="visit">Where to.</param>
    /// <param name="gone">Start times of the threads there were, by tid; changed.</param>
    /// <returns>Whether one came.</returns>
    private bool CompareThreads(ProcessVisit visit, Dictionary<int, ulong> gone)
    {
        bool appeared = false;
        foreach (TaskDraft draft in _drafts)
        {
            if (gone.TryGetValue(draft.Tid, out ulong start) && start == draft.Sched.StartTimeTicks)
            {
                gone.Remove(draft.Tid);
            }
            else if (draft.Exists)
            {
                visit.Events.Add((TaskEventKind.Appeared, draft.Tid, draft.Sched.StartTimeTicks));
                appeared = true;
            }
        }

        foreach ((int tid, ulong start) in gone)
        {
            visit.Events.Add((TaskEventKind.Exited, tid, start));
        }

        return appeared;
    }

    private void FindChildren(ProcessVisit visit)
    {
        foreach (TaskDraft thread in _drafts)
        {
            // Children belong to the thread that made them.
            int error = thread.Exists ? Ask(TaskDiagShow.Hidden, TaskDiagStrategy.Children, thread.Tid, _children) : Errno.ESRCH;
            if (error == 0)
            {
                _children.ForEach(child => visit.Children.Add(child.Tgid));
            }
            else if (error != Errno.ESRCH)
            {
                visit.Gaps.Add(new Gap(thread.Tgid, thread.Tid, CapturePart.Children, error));
            }
        }
    }

    /// <summary>Sends a request.</summary>
    /// <returns>0 or an errno.</returns>
    private int Ask(TaskDiagShow show, TaskDiagStrategy strategy, int pid, List<TaskDraft> drafts)
    {
        try
        {
            source.Ask(show, strategy, pid, drafts);
            return 0;
        }
        catch (KernelException e)
        {
            return e.Errno;
        }
    }
}
