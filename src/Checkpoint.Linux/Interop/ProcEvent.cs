using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Interop;

/// <summary>The beginning of <c>struct proc_event</c> (<c>linux/cn_proc.h</c>), as far as acknowledgements need it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProcEvent
{
    /// <summary>PROC_EVENT_NONE: this acknowledges a request.</summary>
    internal const uint None = 0;

    /// <summary>PROC_CN_MCAST_LISTEN: send events.</summary>
    internal const uint Listen = 1;

    /// <summary>PROC_CN_MCAST_IGNORE: send no more.</summary>
    internal const uint Ignore = 2;

    /// <summary>Which event.</summary>
    internal uint What;

    /// <summary>Where it happened.</summary>
    internal uint Cpu;

    /// <summary>When, CLOCK_MONOTONIC.</summary>
    internal ulong TimestampNs;

    /// <summary>Of an acknowledgement: 0 or a positive errno.</summary>
    internal uint Err;
}
