using System;
using System.Collections.Generic;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Transports;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux;

/// <summary>Looks at one process after the other: captures those that are new or have changed, compares the others. One per core.</summary>
internal sealed partial class ProcessVisitor(TaskSource source, CollectOptions options, CaptureBudget budget) : IDisposable
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
    internal ProcessVisit Visit(int tgid, ProcessEntry? known, uint? execId = null, List<CapturePart>? without = null)
    {
        ProcessVisit visit = new(tgid);
        _without = without ?? [];
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
