using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Transports;
using Checkpoint.Model;

namespace Checkpoint.Linux;

/// <summary>
/// Finds and captures the tasks of a tree. The first pass captures everything, breadth first; each further pass enumerates
/// again and captures only what it does not know yet, until one finds nothing new. Nothing is stopped meanwhile, so a task
/// that comes or goes is an event, not an error. Processes of one level are visited on all cores; what was found is taken
/// in on one, in order.
/// </summary>
/// <param name="options">What to capture.</param>
/// <param name="newVisitor">Makes a visitor for one core.</param>
/// <param name="newStandIn">Makes one in place of one that does not come back from a read.</param>
/// <param name="mostAtOnce">How many visitors may be made.</param>
/// <param name="budget">Holds what is captured.</param>
/// <param name="cancel">Checked between processes.</param>
internal sealed class TreeWalk(
    CollectOptions options, Func<ProcessVisitor> newVisitor, Func<ProcessVisitor> newStandIn, int mostAtOnce, CaptureBudget budget,
    CancellationToken cancel) : IDisposable
{
    private readonly VisitCrew _crew = new(newVisitor, newStandIn, mostAtOnce, cancel);
    private readonly SortedDictionary<int, ProcessVisit> _captured = [];
    private readonly HashSet<int> _exited = [];
    private readonly HashSet<(int Tid, ulong StartTimeTicks)> _knownExits = [];
    private readonly SortedDictionary<int, HashSet<Gap>> _gaps = [];
    private readonly List<TaskEvent> _events = [];
    private readonly FileTable _files = new();
    private bool _foundNew;
    private bool _runsAway;

    /// <summary>The process asked for; the one it belongs to when a thread's id was given.</summary>
    internal int RootTgid { get; private set; }

    /// <summary>How often the tree was enumerated.</summary>
    internal int Passes { get; private set; }

    /// <summary>Whether the last pass found nothing new.</summary>
    internal bool Stable { get; private set; }

    /// <summary>What was captured, by tgid.</summary>
    internal IReadOnlyList<ProcessEntry> Processes => [.. _captured.Values.Select(visit => visit.Entry!)];

    /// <summary>What the VMAs refer to.</summary>
    internal IReadOnlyList<MappedFile> Files => _files.Files;

    /// <summary>What is missing.</summary>
    internal IReadOnlyList<Gap> Gaps =>
    [
        .. _gaps.Values.SelectMany(gaps => gaps)
            .Union(_captured.Values.SelectMany(v => v.Cuts, (v, part) => new Gap(v.Tgid, v.Tgid, part, Errno.E2BIG)))
            .OrderBy(gap => gap.Tgid).ThenBy(gap => gap.Tid).ThenBy(gap => gap.Part),
    ];

    /// <summary>What happened meanwhile.</summary>
    internal IReadOnlyList<TaskEvent> Events => _events;

    /// <summary>How the tasks are read.</summary>
    internal TaskDiagTransport Transport => _crew.First.Transport;

    /// <summary>Walks until a pass finds nothing new, or the pass limit.</summary>
    /// <exception cref="KernelException">ESRCH: the root is not there or vanished.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal void Run()
    {
        RootTgid = _crew.First.FindTgid(options.Pid);
        if (RootTgid <= 0)
        {
            throw new KernelException("capture", $"process {options.Pid}", -RootTgid);
        }

        budget.RootTgid = RootTgid;
        // Processes that fork on and on could keep one pass going for ever: it ends at twice as many as there were tasks.
        int most = budget.MostPerPass ?? (1000 + (2 * TreeSize.TasksOnMachine()));
        while (!Stable && !_runsAway && Passes < options.MaxPasses)
        {
            Passes++;
            _foundNew = false;
            Pass(most);
            Stable = Passes > 1 && !_foundNew && !_runsAway;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _crew.Dispose();

    private void Pass(int most)
    {
        // What is known is looked at again even where its parent is gone: it lives on below another one, outside the tree.
        List<int> level = [RootTgid];
        foreach (int known in _captured.Keys)
        {
            if (known != RootTgid && !_exited.Contains(known))
            {
                level.Add(known);
            }
        }

        HashSet<int> seen = [.. level];
        while (level.Count > 0)
        {
            if (seen.Count > most)
            {
                _runsAway = true;
                return;
            }

            List<int> next = [];
            foreach (ProcessVisit visit in _crew.VisitAll(level, Known))
            {
                TakeIn(visit);
                foreach (int child in visit.Children)
                {
                    if (seen.Add(child))
                    {
                        next.Add(child);
                    }
                }
            }

            level = next;
        }
    }

    /// <summary>What is known of a process. One that exited and whose number is listed again is another process.</summary>
    private ProcessVisit? Known(int tgid) => _exited.Contains(tgid) ? null : _captured.GetValueOrDefault(tgid);

    private void TakeIn(ProcessVisit visit)
    {
        if (visit.Error != 0)
        {
            TakeInError(visit);
            return;
        }

        if (visit.Entry is ProcessEntry entry)
        {
            if (Passes > 1 && Known(visit.Tgid) is null && visit.Events.TrueForAll(e => e.Kind == TaskEventKind.Exited))
            {
                NoteNew(TaskEventKind.Appeared, visit.Tgid, visit.Tgid, entry.Leader.StartTimeTicks);
            }

            _ = _exited.Remove(visit.Tgid);
            _ = _gaps.Remove(visit.Tgid);
            if (_captured.TryGetValue(visit.Tgid, out ProcessVisit? before))
            {
                budget.Release(before);
            }

            visit.Entry = entry with { Space = Space(visit) };
            _captured[visit.Tgid] = visit;
        }

        visit.Gaps.ForEach(AddGap);
        foreach ((TaskEventKind kind, int tid, ulong startTime) in visit.Events)
        {
            if (kind == TaskEventKind.Exited)
            {
                NoteExit(visit.Tgid, tid, startTime);
            }
            else
            {
                NoteNew(kind, visit.Tgid, tid, startTime);
            }
        }
    }

    private void TakeInError(ProcessVisit visit)
    {
        if (visit.Tgid == RootTgid)
        {
            throw visit.Error == Errno.ESRCH ? RootGone() : new KernelException("capture", $"process {visit.Tgid}", visit.Error);
        }

        if (visit.Error != Errno.ESRCH)
        {
            AddGap(new Gap(visit.Tgid, visit.Tgid, CapturePart.Threads, visit.Error));
            return;
        }

        ProcessEntry? known = Known(visit.Tgid)?.Entry;
        NoteExit(visit.Tgid, visit.Tgid, known is null ? 0 : known.Leader.StartTimeTicks);
        if (known is null)
        {
            AddGap(new Gap(visit.Tgid, visit.Tgid, CapturePart.Task, Errno.ESRCH));
        }
        else
        {
            _ = _exited.Add(visit.Tgid);
        }
    }

    private void NoteNew(TaskEventKind kind, int tgid, int tid, ulong startTime)
    {
        _foundNew = true;
        _events.Add(new TaskEvent(Passes, kind, tgid, tid, startTime));
    }

    private void NoteExit(int tgid, int tid, ulong startTime)
    {
        if (startTime == 0 || _knownExits.Add((tid, startTime)))
        {
            _events.Add(new TaskEvent(Passes, TaskEventKind.Exited, tgid, tid, startTime));
        }
    }

    private void AddGap(Gap gap)
    {
        HashSet<Gap> known = _gaps.GetValueOrDefault(gap.Tgid) ?? (_gaps[gap.Tgid] = []);
        known.Add(gap);
    }

    private AddressSpace? Space(ProcessVisit visit)
    {
        if (visit.Vmas is null)
        {
            return null;
        }

        _files.Translate(visit.Files!, visit.Vmas);
        return new AddressSpace(visit.Vmas, visit.Stats);
    }

    private KernelException RootGone() => new("capture", $"process {options.Pid}", Errno.ESRCH);
}
