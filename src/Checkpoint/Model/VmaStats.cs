namespace Checkpoint.Model;

/// <summary>What of a VMA is in memory, in bytes, named as in <c>/proc/[pid]/smaps</c>, which counts in KiB.</summary>
public readonly record struct VmaStats
{
    /// <summary>Resident.</summary>
    public ulong Rss { get; init; }

    /// <summary>Resident, each page divided by the number of processes that map it.</summary>
    public ulong Pss { get; init; }

    /// <summary>Mapped by others too, clean.</summary>
    public ulong SharedClean { get; init; }

    /// <summary>Mapped by others too, dirty.</summary>
    public ulong SharedDirty { get; init; }

    /// <summary>Mapped by this process alone, clean.</summary>
    public ulong PrivateClean { get; init; }

    /// <summary>Mapped by this process alone, dirty.</summary>
    public ulong PrivateDirty { get; init; }

    /// <summary>Marked as accessed.</summary>
    public ulong Referenced { get; init; }

    /// <summary>Anonymous, also in file mappings (copied on write).</summary>
    public ulong Anonymous { get; init; }

    /// <summary>In anonymous huge pages.</summary>
    public ulong AnonHugePages { get; init; }

    /// <summary>Shared memory in huge pages.</summary>
    public ulong ShmemPmdMapped { get; init; }

    /// <summary>Page cache in huge pages.</summary>
    public ulong FilePmdMapped { get; init; }

    /// <summary>hugetlbfs pages mapped by others too.</summary>
    public ulong SharedHugetlb { get; init; }

    /// <summary>hugetlbfs pages of this process alone.</summary>
    public ulong PrivateHugetlb { get; init; }

    /// <summary>Swapped out.</summary>
    public ulong Swap { get; init; }

    /// <summary>Swapped out, each page divided by the number of processes that map it.</summary>
    public ulong SwapPss { get; init; }

    /// <summary>Locked in memory.</summary>
    public ulong Locked { get; init; }
}
