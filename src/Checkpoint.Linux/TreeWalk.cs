using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
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
/// <param name="mostAtOnce">How many visitors may be made.</param>
/// <param name="cancel">Checked between processes.</param>
internal sealed class TreeWalk(CollectOptions options, Func<ProcessVisitor> newVisitor, int mostAtOnce, CancellationToken cancel) : IDisposable
{
    // Below this many processes a second core costs more than it brings.
    private const int ParallelFrom = 16;

    private readonly ConcurrentBag<ProcessVisitor> _idle = [newVisitor()];
    private readonly SortedDictionary<int, ProcessEntry> _captured = [];
    private readonly HashSet<int> _exited = [];
    private readonly HashSet<(int Tid, ulong StartTimeTicks)> _knownExits = [];
    private readonly SortedDictionary<int, List<Gap>> _gaps = [];
    private readonly List<TaskEvent> _events = [];
    private readonly FileTable _files = new();
    private bool _foundNew;

    /// <summary>The process asked for; the one it belongs to when a thread's id was given.</summary>
    internal int RootTgid { get; private set; }

    /// <summary>How often the tree was enumerated.</summary>
    internal int Passes { get; private set; }

    /// <summary>Whether the last pass found nothing new.</summary>
    internal bool Stable { get; private set; }

    /// <summary>What was captured, by tgid.</summary>
    internal IReadOnlyList<ProcessEntry> Processes => [.. _captured.Values];

    /// <summary>What the VMAs refer to.</summary>
    internal IReadOnlyList<MappedFile> Files => _files.Files;

    /// <summary>What is missing.</summary>
    internal IReadOnlyList<Gap> Gaps => [.. _gaps.Values.SelectMany(gaps => gaps.OrderBy(gap => gap.Tid).ThenBy(gap => gap.Part))];

    /// <summary>What happened meanwhile.</summary>
    internal IReadOnlyList<TaskEvent> Events => _events;

    /// <summary>How the tasks are read.</summary>
    internal TaskDiagTransport Transport => With(visitor => visitor.Transport);

    /// <summary>Walks until a pass finds nothing new, or the pass limit.</summary>
    /// <exception cref="KernelException">ESRCH: the root is not there or vanished.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal void Run()
    {
        RootTgid = With(visitor => visitor.FindTgid(options.Pid));
        if (RootTgid <= 0)
        {
            throw new KernelException("capture", $"process {options.Pid}", -RootTgid);
        }

        while (!Stable && Passes < options.MaxPasses)
        {
            Passes++;
            _foundNew = false;
            Pass();
            Stable = Passes > 1 && !_foundNew;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ProcessVisitor visitor in _idle)
        {
            visitor.Dispose();
        }
    }

    private void Pass()
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
            List<int> next = [];
            foreach (ProcessVisit visit in VisitAll(level))
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

    private ProcessVisit[] VisitAll(List<int> tgids)
    {
        ProcessVisit[] visits = new ProcessVisit[tgids.Count];
        if (tgids.Count < ParallelFrom)
        {
            for (int i = 0; i < visits.Length; i++)
            {
                cancel.ThrowIfCancellationRequested();
                visits[i] = With(visitor => visitor.Visit(tgids[i], Known(tgids[i])));
            }
        }
        else
        {
            ParallelOptions parallel = new() { CancellationToken = cancel, MaxDegreeOfParallelism = Math.Min(mostAtOnce, Environment.ProcessorCount) };
            try
            {
                Parallel.For(0, visits.Length, parallel, i => visits[i] = With(visitor => visitor.Visit(tgids[i], Known(tgids[i]))));
            }
            catch (AggregateException e)
            {
                // What failed on one core, as if there were no other.
                ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions[0]);
            }
        }

        return visits;
    }

    /// <summary>What is known of a process. One that exited and whose number is listed again is another process.</summary>
    private ProcessEntry? Known(int tgid) => _exited.Contains(tgid) ? null : _captured.GetValueOrDefault(tgid);

    private void TakeIn(ProcessVisit visit)
    {
        if (visit.Error != 0)
        {
            TakeInError(visit);
            return;
        }

        if (visit.Entry is ProcessEntry entry)
        {
            if (Passes > 1 && visit.Events.TrueForAll(e => e.Kind == TaskEventKind.Exited))
            {
                NoteNew(TaskEventKind.Appeared, visit.Tgid, visit.Tgid, entry.Leader.StartTimeTicks);
            }

            _ = _exited.Remove(visit.Tgid);
            _ = _gaps.Remove(visit.Tgid);
            _captured[visit.Tgid] = entry with { Space = Space(visit) };
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

        ProcessEntry? known = Known(visit.Tgid);
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
        List<Gap> known = _gaps.GetValueOrDefault(gap.Tgid) ?? (_gaps[gap.Tgid] = []);
        if (!known.Contains(gap))
        {
            known.Add(gap);
        }
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

    /// <summary>Lends a visitor that is idle, or a new one.</summary>
    private T With<T>(Func<ProcessVisitor, T> work)
    {
        ProcessVisitor visitor = _idle.TryTake(out ProcessVisitor? idle) ? idle : newVisitor();
        try
        {
            return work(visitor);
        }
        finally
        {
            _idle.Add(visitor);
        }
    }

    private KernelException RootGone() => new("capture", $"process {options.Pid}", Errno.ESRCH);
}
