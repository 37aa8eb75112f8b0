using System;
using System.Collections.Generic;
using System.Linq;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Transports;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux;

/// <summary>Looks at one process after the other: captures those that are new or have changed, compares the others. One per core.</summary>
internal sealed class ProcessVisitor(TaskSource source, CollectOptions options, CaptureBudget budget) : IDisposable
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

    private readonly EntryFactory _factory = new((uint)Environment.SystemPageSize, budget);
    private readonly List<TaskDraft> _drafts = [];
    private readonly List<TaskDraft> _children = [];
    private List<CapturePart> _without = [];

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
    /// <param name="execId">Its exec id then; null: not told.</param>
    /// <param name="without">Parts that are not read, and gaps (ETIMEDOUT) then.</param>
    /// <returns>What was found.</returns>
    internal ProcessVisit Visit(int tgid, ProcessEntry? known, uint? execId, List<CapturePart> without)
    {
        ProcessVisit visit = new(tgid);
        _without = without;
        TaskDraft? leader = Look(visit, known is null ? _everything : Enumerate | WhatTellsOfExec(known, execId));
        if (leader is null)
        {
            return visit;
        }

        if (known is null)
        {
            Capture(visit, leader);
        }
        else if (Changed(visit, known, execId, leader) && !CaptureAgain(visit, known, leader))
        {
            return visit;
        }

        if (options.WithChildren)
        {
            FindChildren(visit);
        }

        return visit;
    }

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();

    /// <summary>Asks for a process and its threads.</summary>
    /// <returns>The leader, or null with the visit's error set.</returns>
    private TaskDraft? Look(ProcessVisit visit, TaskDiagShow show)
    {
        foreach (CapturePart part in _without)
        {
            show &= ~ShowOf(part);
        }

        visit.Error = Ask(show, TaskDiagStrategy.Thread, visit.Tgid, _drafts);
        foreach (TaskDraft draft in _drafts)
        {
            if (draft is { Exists: true, HasSched: false })
            {
                // One source listed it, and it was gone before another one told the rest.
                draft.NoteVanished();
            }
        }

        TaskDraft? leader = visit.Error == 0 ? _drafts.Find(draft => draft.Tid == visit.Tgid && draft.Exists) : null;
        if (leader is null && visit.Error == 0)
        {
            visit.Error = Errno.ESRCH;
        }

        return leader;
    }

    /// <summary>What brings a part that may block.</summary>
    private static TaskDiagShow ShowOf(CapturePart part) => part switch
    {
        CapturePart.Cmdline => TaskDiagShow.Cmdline,
        CapturePart.Environ => TaskDiagShow.ExtEnviron,
        CapturePart.Maps => TaskDiagShow.Vma | TaskDiagShow.VmaStat | TaskDiagShow.ExtBuildIds | TaskDiagShow.ExtPageSizes
            | TaskDiagShow.ExtTotalVm | TaskDiagShow.ExtFiles,
        _ => TaskDiagShow.None,
    };

    /// <summary>What a further look must ask for where neither a count of execs nor the layout would tell of one.</summary>
    private static TaskDiagShow WhatTellsOfExec(ProcessEntry known, uint? execId) =>
        execId is null && known.Layout is MemoryLayout layout && ProgramChange.HasFixedStack(layout)
            ? TaskDiagShow.ExtExe | TaskDiagShow.Cmdline
            : TaskDiagShow.None;

    /// <summary>Captures a process that has changed.</summary>
    /// <returns>False: it is gone.</returns>
    private bool CaptureAgain(ProcessVisit visit, ProcessEntry known, TaskDraft seen)
    {
        // What happens between that look and this one is told as well.
        Dictionary<int, ulong> before = StartTimes(_drafts);
        TaskDraft? leader = Look(visit, _everything);
        if (leader is null)
        {
            return false;
        }

        if (HasOtherExecId(seen.ExecId, leader) == true)
        {
            NoteExec(visit, leader);
        }

        _ = CompareThreads(visit, before);
        Capture(visit, leader);
        bool counted = seen.ExecId is not null && leader.ExecId is not null;
        if (!counted && known.Leader.StartTimeTicks == leader.Sched.StartTimeTicks
            && ProgramChange.IsOther(known, visit.Entry! with { Space = visit.Vmas is null ? null : new AddressSpace(visit.Vmas) }))
        {
            NoteExec(visit, leader);
        }

        return true;
    }

    private void Capture(ProcessVisit visit, TaskDraft leader)
    {
        _without.ForEach(part => leader.Gaps.Add(new TaskDiagExtGap(part, Errno.ETIMEDOUT)));
        visit.Entry = LimitPaths(visit, _factory.Process(leader, _drafts));
        visit.ExecId = leader.ExecId;
        if (!leader.Gaps.Exists(gap => gap.Part == CapturePart.Maps && gap.Errno != Errno.ENAMETOOLONG))
        {
            visit.Vmas = source.Vmas.Take(leader.TotalVm, out bool changed);
            visit.Stats = options.WithVmStats ? source.Vmas.TakeStats() : null;
            visit.Entry = visit.Entry with { SpaceChanged = changed };
            visit.Files = source.Vmas.Files;
            if (source.Vmas.LacksFiles)
            {
                visit.Vmas = null;
                visit.Stats = null;
            }

            if (source.Vmas.IsCut)
            {
                visit.Cuts.Add(CapturePart.Maps);
            }
        }

        foreach (TaskDraft draft in _drafts)
        {
            if (draft.Exists)
            {
                EntryFactory.NoteUntold(draft);
            }

            foreach (TaskDiagExtGap gap in draft.Gaps)
            {
                visit.Gaps.Add(new Gap(draft.Tgid, draft.Tid, gap.Part, gap.Errno));
            }

            if (!draft.Exists)
            {
                visit.Events.Add((TaskEventKind.Exited, draft.Tid, 0));
            }
        }

        budget.Hold(visit);
    }

    /// <summary>Leaves paths out when those of the tree are too much.</summary>
    private ProcessEntry LimitPaths(ProcessVisit visit, ProcessEntry entry)
    {
        ByteString? Limit(ByteString? path, CapturePart part)
        {
            if (path is not ByteString text || budget.Paths.Ask(text.Length, ofFile: true) == NameBudget.Share.Whole)
            {
                return path;
            }

            visit.Cuts.Add(part);
            return null;
        }

        return entry with
        {
            Exe = Limit(entry.Exe, CapturePart.Exe),
            Cwd = Limit(entry.Cwd, CapturePart.Cwd),
            Root = Limit(entry.Root, CapturePart.Root),
        };
    }

    /// <summary>Compares a captured process with what it is now, and notes what happened.</summary>
    /// <returns>Whether it must be captured again.</returns>
    private bool Changed(ProcessVisit visit, ProcessEntry known, uint? execId, TaskDraft leader)
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

        bool? executed = HasOtherExecId(execId, leader);
        if (executed == true)
        {
            NoteExec(visit, leader);
        }

        bool mayHave = executed ?? (Differ(known.Layout, leader.Layout) || Differ(known.Cmdline, leader.Cmdline) || Differ(known.Exe, leader.Exe));
        return CompareThreads(visit, known.Threads.ToDictionary(thread => thread.Tid, thread => thread.StartTimeTicks)) || mayHave;
    }

    private static Dictionary<int, ulong> StartTimes(List<TaskDraft> drafts) =>
        drafts.Where(draft => draft.Exists).ToDictionary(draft => draft.Tid, draft => draft.Sched.StartTimeTicks);

    /// <summary>Whether the kernel's count of execs has gone on; null: it was not told both times.</summary>
    private static bool? HasOtherExecId(uint? before, TaskDraft leader) => before is uint then && leader.ExecId is uint now ? now != then : null;

    private static void NoteExec(ProcessVisit visit, TaskDraft leader) => visit.Events.Add((TaskEventKind.Exec, visit.Tgid, leader.Sched.StartTimeTicks));

    private static bool Differ<T>(T? before, T? now)
        where T : struct, IEquatable<T> => before is T a && now is T b && !a.Equals(b);

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
            source.MaxText = budget.TextLevel;
            source.Vmas.Files.Budget = budget.FileNames;
            source.Ask(show, strategy, pid, drafts);
            return 0;
        }
        catch (KernelException e)
        {
            return e.Errno;
        }
    }
}
