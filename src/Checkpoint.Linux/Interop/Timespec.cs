using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Interop;

/// <summary>The kernel's <c>struct __kernel_timespec</c> (<c>linux/time_types.h</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Timespec
{
    /// <summary>Whole seconds (tv_sec).</summary>
    internal long Seconds;

    /// <summary>The rest, 0 to 999,999,999 (tv_nsec).</summary>
    internal long Nanoseconds;
}
