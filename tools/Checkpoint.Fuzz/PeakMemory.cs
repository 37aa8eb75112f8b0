using System;
using System.Threading;

namespace Checkpoint.Fuzz;

/// <summary>How much more managed memory there was at most than at the beginning, looked at every few milliseconds.</summary>
internal sealed class PeakMemory : IDisposable
{
    private readonly long _before = GC.GetTotalMemory(forceFullCollection: true);
    private readonly Timer _timer;
    private long _most;

    /// <summary>Begins to look.</summary>
    internal PeakMemory()
    {
        const int Milliseconds = 5;
        _timer = new Timer(_ => Look(), null, 0, Milliseconds);
    }

    /// <summary>The most so far.</summary>
    internal long Bytes
    {
        get
        {
            Look();
            return Interlocked.Read(ref _most) - _before;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        long now = GC.GetTotalMemory(forceFullCollection: false);
        long most = Interlocked.Read(ref _most);
        while (now > most && Interlocked.CompareExchange(ref _most, now, most) is long seen && seen != most)
        {
            most = seen;
        }
    }
}
