using System;
using System.Runtime.ExceptionServices;
using System.Threading;
using Checkpoint.Linux.Interop;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>
/// Reads another transport on a thread of its own, so that a process which never lets go of the lock of its address space ends
/// the answer with ETIMEDOUT instead of holding up whoever reads it.
/// </summary>
/// <param name="inner">The other; disposed with this, unless a read of it never came back.</param>
public sealed class WatchedTransport(TaskDiagTransport inner) : TaskDiagTransport
{
    private const int LookEveryMs = 50;
    private const int PatienceMs = 2000;

    private readonly object _lock = new();
    private readonly ThreadProgress _progress = new();
    private readonly byte[] _buffer = new byte[MinimumBuffer];
    private Thread? _thread;
    private bool _wanted;
    private int _length;
    private bool _abandoned;
    private bool _ended;
    private ExceptionDispatchInfo? _failure;

    /// <inheritdoc/>
    public override string Name => inner.Name;

    /// <inheritdoc/>
    public override string VmaSource => inner.VmaSource;

    /// <inheritdoc/>
    public override TaskDiagShow Lacks => inner.Lacks;

    /// <inheritdoc/>
    public override bool TellsVmFlags => inner.TellsVmFlags;

    /// <inheritdoc/>
    public override bool TellsOwnMasks => inner.TellsOwnMasks;

    /// <inheritdoc/>
    public override int? NotShown => inner.NotShown;

    /// <inheritdoc/>
    public override void Send(in TaskDiagRequest request) => inner.Send(request);

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer.Length, MinimumBuffer, nameof(buffer));
        lock (_lock)
        {
            _wanted = true;
            if (_thread is null)
            {
                _thread = new Thread(Work) { IsBackground = true, Name = "read" };
                _thread.Start();
            }

            Monitor.PulseAll(_lock);
            int step = _progress.Step;
            long since = Environment.TickCount64;
            while (_wanted)
            {
                if (!Monitor.Wait(_lock, LookEveryMs) && _progress.Step == step && Environment.TickCount64 - since >= PatienceMs && _progress.Waits())
                {
                    _abandoned = true;
                    _progress.Abandon();
                    throw new KernelException("read", $"{_progress.Part.ToString().ToLowerInvariant()} of process {_progress.Process}", Errno.ETIMEDOUT);
                }

                since = _progress.Step == step ? since : Environment.TickCount64;
                step = _progress.Step;
            }

            ExceptionDispatchInfo? failure = _failure;
            _failure = null;
            failure?.Throw();
            _buffer.AsSpan(0, _length).CopyTo(buffer);
            return _length;
        }
    }

    /// <inheritdoc/>
    public override void Cancel()
    {
        if (!_abandoned)
        {
            inner.Cancel();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lock (_lock)
        {
            _ended = true;
            Monitor.PulseAll(_lock);
        }

        if (!_abandoned)
        {
            _thread?.Join();
            inner.Dispose();
        }
    }

    private void Work()
    {
        _progress.Begin();
        while (true)
        {
            lock (_lock)
            {
                while (!_wanted && !_ended)
                {
                    _ = Monitor.Wait(_lock);
                }

                if (_ended)
                {
                    return;
                }
            }

            int length = 0;
            ExceptionDispatchInfo? failure = null;
            try
            {
                length = inner.Read(_buffer);
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e); // whoever reads gets it
            }

            lock (_lock)
            {
                _length = length;
                _failure = failure;
                _wanted = false;
                Monitor.PulseAll(_lock);
            }
        }
    }
}
