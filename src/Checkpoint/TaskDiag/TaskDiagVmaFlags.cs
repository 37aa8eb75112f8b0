using System;

namespace Checkpoint.TaskDiag;

/// <summary>
/// The wire's own vm_flags bits (TASK_DIAG_VMA_F_*): not the kernel's VM_* numbers, and nothing newer than 2016.
/// The low four are those of PROCMAP_QUERY and of <see cref="Model.VmaFlags"/>.
/// </summary>
[Flags]
public enum TaskDiagVmaFlags : ulong
{
    /// <summary>No access, private.</summary>
    None = 0,

    /// <summary>Readable.</summary>
    Read = 1UL << 0,

    /// <summary>Writable.</summary>
    Write = 1UL << 1,

    /// <summary>Executable.</summary>
    Exec = 1UL << 2,

    /// <summary>Shared (MAP_SHARED).</summary>
    Shared = 1UL << 3,

    /// <summary>May become readable.</summary>
    MayRead = 1UL << 4,

    /// <summary>May become writable.</summary>
    MayWrite = 1UL << 5,

    /// <summary>May become executable.</summary>
    MayExec = 1UL << 6,

    /// <summary>May be shared.</summary>
    MayShare = 1UL << 7,

    /// <summary>Stack: grows downwards.</summary>
    GrowsDown = 1UL << 8,

    /// <summary>Page frames without struct page.</summary>
    PfnMap = 1UL << 9,

    /// <summary>Writes to the file are denied.</summary>
    DenyWrite = 1UL << 10,

    /// <summary>Bounds tables of the gone MPX.</summary>
    Mpx = 1UL << 11,

    /// <summary>Locked in memory.</summary>
    Locked = 1UL << 12,

    /// <summary>Memory-mapped I/O.</summary>
    Io = 1UL << 13,

    /// <summary>MADV_SEQUENTIAL.</summary>
    SeqRead = 1UL << 14,

    /// <summary>MADV_RANDOM.</summary>
    RandRead = 1UL << 15,

    /// <summary>Not copied by fork.</summary>
    DontCopy = 1UL << 16,

    /// <summary>Not expanded by mremap.</summary>
    DontExpand = 1UL << 17,

    /// <summary>Counted against the commit limit.</summary>
    Account = 1UL << 18,

    /// <summary>MAP_NORESERVE.</summary>
    NoReserve = 1UL << 19,

    /// <summary>Of hugetlbfs.</summary>
    HugeTlb = 1UL << 20,

    /// <summary>Architecture's own (PAT on x86).</summary>
    Arch1 = 1UL << 21,

    /// <summary>Not in core dumps.</summary>
    DontDump = 1UL << 22,

    /// <summary>Soft-dirty.</summary>
    SoftDirty = 1UL << 23,

    /// <summary>Page frames with and without struct page.</summary>
    MixedMap = 1UL << 24,

    /// <summary>MADV_HUGEPAGE.</summary>
    HugePage = 1UL << 25,

    /// <summary>MADV_NOHUGEPAGE.</summary>
    NoHugePage = 1UL << 26,

    /// <summary>MADV_MERGEABLE (KSM).</summary>
    Mergeable = 1UL << 27,
}
