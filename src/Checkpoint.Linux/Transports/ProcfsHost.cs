using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;

namespace Checkpoint.Linux.Transports;

/// <summary>What holds for every task of a <c>/proc</c>.</summary>
/// <param name="procfd">It, open.</param>
/// <param name="isKernels">Whether it is the kernel's, so that its numbers mean something to system calls.</param>
internal sealed class ProcfsHost(int procfd, bool isKernels)
{
    private const uint ResetOnFork = 0x40000000; // SCHED_RESET_ON_FORK

    private readonly long _bootOffsetNs = TimeOffset.OfBootClock(procfd);
    private readonly long _tickNs = 1_000_000_000 / Libc.sysconf(Libc._SC_CLK_TCK);

    /// <summary>The files that the kernel has.</summary>
    internal KernelFiles Files { get; } = new(procfd);

    /// <summary>A start time as the initial time namespace has it.</summary>
    /// <param name="shownTicks">As <c>stat</c> shows it.</param>
    internal ulong StartTime(ulong shownTicks) => TimeOffset.Undo(shownTicks, _bootOffsetNs, _tickNs);

    /// <summary>A policy with SCHED_RESET_ON_FORK, which <c>stat</c> does not show.</summary>
    /// <param name="tid">The thread.</param>
    /// <param name="shown">As <c>stat</c> shows it.</param>
    internal uint Policy(int tid, uint shown)
    {
        int told = isKernels ? Libc.sched_getscheduler(tid) : -1;
        // Another answer is another thread's, which has the number now.
        return told >= 0 && ((uint)told & ~ResetOnFork) == shown ? (uint)told : shown;
    }
}
