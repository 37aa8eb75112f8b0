using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Interop;

/// <content>The machine and its clocks.</content>
internal static unsafe partial class Libc
{
    internal const int CLOCK_REALTIME = 0;
    internal const int CLOCK_MONOTONIC = 1;
    internal const int CLOCK_BOOTTIME = 7;
    internal const int _SC_CLK_TCK = 2;
    internal const int UtsFieldLength = 65;

    /// <summary>clock_gettime(2).</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int clock_gettime(int clock, Timespec* time);

    /// <summary>sysconf(3).</summary>
    [LibraryImport(Library)]
    internal static partial nint sysconf(int name);

    /// <summary>uname(2): six fields of <see cref="UtsFieldLength"/> bytes each.</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int uname(byte* utsname);

    /// <summary>geteuid(2).</summary>
    [LibraryImport(Library)]
    internal static partial uint geteuid();

    /// <summary>sched_getscheduler(2): a policy, perhaps with SCHED_RESET_ON_FORK, or -1.</summary>
    [LibraryImport(Library)]
    internal static partial int sched_getscheduler(int pid);

    /// <summary>Reads a clock.</summary>
    /// <param name="clock">CLOCK_*.</param>
    /// <returns>Nanoseconds.</returns>
    internal static long Nanoseconds(int clock)
    {
        Timespec time;
        // SAFETY: time is a local of the kernel's layout.
        return clock_gettime(clock, &time) == 0
            ? (time.Seconds * 1_000_000_000) + time.Nanoseconds
            : throw new KernelException("read", $"clock {clock}", Marshal.GetLastPInvokeError());
    }
}
