using System.Collections.Generic;

namespace Checkpoint.Model;

/// <summary>When, where and how an image was taken.</summary>
public sealed record CaptureInfo
{
    /// <summary>Version of the program that took it.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>Host name (<c>uname -n</c>).</summary>
    public required ByteString Host { get; init; }

    /// <summary>Kernel release (<c>uname -r</c>).</summary>
    public required ByteString KernelRelease { get; init; }

    /// <summary>Kernel version text (<c>uname -v</c>).</summary>
    public required ByteString KernelVersion { get; init; }

    /// <summary>Machine (<c>uname -m</c>).</summary>
    public required ByteString Machine { get; init; }

    /// <summary>Boot id (<c>/proc/sys/kernel/random/boot_id</c>): pids and start times are only comparable within one.</summary>
    public required ByteString BootId { get; init; }

    /// <summary>Page size in bytes.</summary>
    public required uint PageSize { get; init; }

    /// <summary>Clock ticks per second (<c>sysconf(_SC_CLK_TCK)</c>).</summary>
    public required uint ClockTicks { get; init; }

    /// <summary>Start of the capture, nanoseconds since 1970 UTC.</summary>
    public required long TimeUnixNs { get; init; }

    /// <summary>Start of the capture, nanoseconds since boot (CLOCK_BOOTTIME of the initial time namespace), the clock of start times.</summary>
    public required long BootTimeNs { get; init; }

    /// <summary>How long the capture took, nanoseconds.</summary>
    public required long DurationNs { get; init; }

    /// <summary>Effective uid of the program that took it.</summary>
    public required uint Uid { get; init; }

    /// <summary>The process asked for: the root of the tree.</summary>
    public required int RootTgid { get; init; }

    /// <summary>How the tasks were read: <c>procfs</c>, <c>bpf</c>, <c>task-diag</c> or <c>recorded</c>.</summary>
    public required string Transport { get; init; }

    /// <summary>How the VMA lists were read: <c>procmap_query</c>, <c>maps</c>, <c>smaps</c>…; null when no list was read.</summary>
    public string? VmaSource { get; init; }

    /// <summary>Whether descendants were captured, or the one process alone.</summary>
    public required bool WithChildren { get; init; }

    /// <summary>Whether environments were captured.</summary>
    public required bool WithEnviron { get; init; }

    /// <summary>Whether all flags of each VMA were captured, or only protection and sharing.</summary>
    public bool WithVmFlags { get; init; }

    /// <summary>Whether page statistics of each VMA were captured.</summary>
    public bool WithVmStats { get; init; }

    /// <summary>How often the tree was enumerated.</summary>
    public required int Passes { get; init; }

    /// <summary>Whether the last pass found nothing new: every task that lived throughout the capture is in the image.</summary>
    public required bool Stable { get; init; }

    /// <summary>The namespaces that the program was in; null in images that do not tell.</summary>
    public ReaderNamespaces? Reader { get; init; }

    /// <summary>
    /// Whether the blocked signals of a thread are its own mask also where it waits in a call that changes the mask meanwhile
    /// (ppoll, pselect, epoll_pwait, sigsuspend, sigwait); else they are the mask of that moment, as <c>/proc</c> shows it.
    /// </summary>
    public bool OwnMasks { get; init; }

    /// <summary>Sections that a damaged image lost before it was salvaged, by the order of the file; what stands for them is made up. Empty otherwise.</summary>
    public IReadOnlyList<string> Lost { get; init; } = [];
}
