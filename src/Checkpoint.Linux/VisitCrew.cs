using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using System.Threading;
using Checkpoint.Linux.Interop;
using Checkpoint.Model;

namespace Checkpoint.Linux;

/// <summary>
/// Visits processes on threads of its own, and watches them. A thread that waits too long for one read, as for the lock of an
/// address space whose owner never lets go of it, is abandoned with all that it holds; another visits the process again,
/// without the part that was being read, which is a gap (ETIMEDOUT) then. The waits are such that the end of the program ends them.
/// </summary>
/// <param name="newVisitor">Makes a visitor, for one thread.</param>
/// <param name="newStandIn">Makes one in place of one that was abandoned.</param>
/// <param name="most">How many visitors may be made, without those.</param>
/// <param name="cancel">Ends a visit of many.</param>
internal sealed class VisitCrew(Func<ProcessVisitor> newVisitor, Func<ProcessVisitor> newStandIn, int most, CancellationToken cancel) : IDisposable
{
    // Below this many processes a second core costs more than it brings.
    private const int ParallelFrom = 16;

    private const int LookEveryMs = 50;
    private const int PatienceMs = 2000; // longer than a fork of a large process holds its lock
    private const int PatienceAgainMs = 250; // for a process that has not answered once
    private const int PatienceInAllMs = 10_000; // after that,
    private const int LittlePatienceMs = 100; // for each

    private readonly object _lock = new();
    private readonly List<VisitThread> _threads = [];
    private readonly Queue<VisitOrder> _orders = [];
    private ProcessVisit?[] _visits = [];
    private int _left;
    private int _waitedMs;
    private bool _firstTaken;
    private bool _anyAbandoned;
    private bool _ended;
    private ExceptionDispatchInfo? _failure;

    /// <summary>The first visitor, which the first thread will have: for whoever makes the crew, until it visits.</summary>
    internal ProcessVisitor First { get; } = newVisitor();

    /// <summary>Visits processes.</summary>
    /// <param name="tgids">Which.</param>
    /// <param name="known">The visit that captured one before; null for one not seen yet.</param>
    /// <returns>What was found, in the same order.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal ProcessVisit[] VisitAll(List<int> tgids, Func<int, ProcessVisit?> known)
    {
        lock (_lock)
        {
            _visits = new ProcessVisit?[tgids.Count];
            _left = tgids.Count;
            for (int i = 0; i < tgids.Count; i++)
            {
                _orders.Enqueue(new VisitOrder(i, tgids[i], known(tgids[i])));
            }

            int wanted = tgids.Count < ParallelFrom ? 1 : Math.Clamp(Environment.ProcessorCount, 1, most);
            while (_threads.Count < wanted)
            {
                Start(_firstTaken ? null : First, newVisitor);
                _firstTaken = true;
            }

            try
            {
                Monitor.PulseAll(_lock);
                while (_left > 0 && _failure is null)
                {
                    cancel.ThrowIfCancellationRequested();
                    if (!Monitor.Wait(_lock, LookEveryMs))
                    {
                        Look();
                    }
                }
            }
            finally
            {
                _orders.Clear();
            }

            _failure?.Throw();
            return _visits!;
        }
    }

    /// <summary>Ends the threads; one that does not answer is left behind.</summary>
    public void Dispose()
    {
        List<VisitThread> threads;
        lock (_lock)
        {
            _ended = true;
            _orders.Clear();
            threads = [.. _threads];
            Monitor.PulseAll(_lock);
        }

        if (!_firstTaken)
        {
            First.Dispose();
        }

        foreach (VisitThread thread in threads)
        {
            if (!thread.Thread.Join(_anyAbandoned || cancel.IsCancellationRequested ? LittlePatienceMs : PatienceMs))
            {
                thread.Progress.Abandon();
                _anyAbandoned = true;
            }
        }
    }

    private void Start(ProcessVisitor? visitor, Func<ProcessVisitor> newOne)
    {
        VisitThread? thread = null;
        thread = new VisitThread { Thread = new Thread(() => Work(thread!, visitor, newOne), 1 << 20) { IsBackground = true, Name = "visit" } };
        try
        {
            thread.Thread.Start();
        }
        catch (OutOfMemoryException)
        {
            // The runtime's word for a thread that the system does not give.
            throw new KernelException("start", "a thread", Errno.EAGAIN);
        }

        _threads.Add(thread);
    }

    private void Work(VisitThread own, ProcessVisitor? visitor, Func<ProcessVisitor> newOne)
    {
        own.Progress.Begin();
        while (Take(own))
        {
            VisitOrder order = own.Order!;
            ProcessVisit? visit = null;
            ExceptionDispatchInfo? failure = null;
            try
            {
                visitor ??= newOne();
                visit = visitor.Visit(order.Tgid, order.Known?.Entry, order.Known?.ExecId, order.Without);
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e); // whoever ordered the visit gets it
            }

            if (!Hand(own, order, visit, failure))
            {
                return; // abandoned, and just back: another has taken over
            }
        }

        visitor?.Dispose();
    }

    private bool Take(VisitThread own)
    {
        lock (_lock)
        {
            while (_orders.Count == 0 && !_ended)
            {
                _ = Monitor.Wait(_lock);
            }

            own.Order = _ended ? null : _orders.Dequeue();
            own.LastStep = own.Progress.Step;
            own.LastStepAt = Environment.TickCount64;
            return !_ended;
        }
    }

    private bool Hand(VisitThread own, VisitOrder order, ProcessVisit? visit, ExceptionDispatchInfo? failure)
    {
        lock (_lock)
        {
            if (own.Order != order)
            {
                return false;
            }

            own.Order = null;
            _failure ??= failure;
            _visits[order.Index] = visit;
            if (--_left == 0 || failure is not null)
            {
                Monitor.PulseAll(_lock);
            }

            return true;
        }
    }

    private void Look()
    {
        long now = Environment.TickCount64;
        foreach (VisitThread thread in _threads.ToArray())
        {
            if (thread.Order is not { } order)
            {
                continue;
            }

            int step = thread.Progress.Step;
            int patience = _waitedMs >= PatienceInAllMs ? LittlePatienceMs : order.Without.Count > 0 ? PatienceAgainMs : PatienceMs;
            if (step != thread.LastStep)
            {
                thread.LastStep = step;
                thread.LastStepAt = now;
            }
            else if (now - thread.LastStepAt >= patience)
            {
                if (!thread.Progress.Waits())
                {
                    thread.LastStepAt = now;
                    continue;
                }

                _waitedMs += (int)(now - thread.LastStepAt);
                Abandon(thread, order);
            }
        }
    }

    private void Abandon(VisitThread thread, VisitOrder order)
    {
        CapturePart part = thread.Progress.Part;
        thread.Progress.Abandon();
        thread.Order = null;
        _anyAbandoned = true;
        _ = _threads.Remove(thread);
        if (part == CapturePart.Task || order.Without.Contains(part))
        {
            _visits[order.Index] = new ProcessVisit(order.Tgid) { Error = Errno.ETIMEDOUT };
            _left--;
        }
        else
        {
            VisitOrder again = new(order.Index, order.Tgid, order.Known);
            again.Without.AddRange(order.Without);
            again.Without.Add(part);
            _orders.Enqueue(again);
        }

        Start(null, newStandIn);
        Monitor.PulseAll(_lock);
    }
}
