using System;
using System.Collections.Generic;
using System.Linq;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux;

/// <content>What happened to a process since it was captured.</content>
internal sealed partial class ProcessVisitor
{
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
}
