namespace Checkpoint.Model;

/// <summary>Sizes of an address space in bytes, named as in <c>/proc/[pid]/status</c>, which rounds them to KiB.</summary>
public sealed record MemoryCounters
{
    /// <summary>Peak virtual size.</summary>
    public required ulong VmPeak { get; init; }

    /// <summary>Virtual size.</summary>
    public required ulong VmSize { get; init; }

    /// <summary>Locked (mlock).</summary>
    public required ulong VmLck { get; init; }

    /// <summary>Pinned.</summary>
    public required ulong VmPin { get; init; }

    /// <summary>Peak resident size.</summary>
    public required ulong VmHwm { get; init; }

    /// <summary>Resident size: the sum of the three below.</summary>
    public required ulong VmRss { get; init; }

    /// <summary>Resident anonymous.</summary>
    public required ulong RssAnon { get; init; }

    /// <summary>Resident file mappings.</summary>
    public required ulong RssFile { get; init; }

    /// <summary>Resident shared memory (SysV, tmpfs, shared anonymous).</summary>
    public required ulong RssShmem { get; init; }

    /// <summary>Private data size.</summary>
    public required ulong VmData { get; init; }

    /// <summary>Stack size.</summary>
    public required ulong VmStk { get; init; }

    /// <summary>Text size.</summary>
    public required ulong VmExe { get; init; }

    /// <summary>Shared library code size.</summary>
    public required ulong VmLib { get; init; }

    /// <summary>Page table size.</summary>
    public required ulong VmPte { get; init; }

    /// <summary>Swapped-out anonymous memory.</summary>
    public required ulong VmSwap { get; init; }
}
