using System;

namespace Checkpoint.Model;

/// <summary>
/// Protection, sharing and other properties of a VMA. The numbers are the task_diag wire's (0 to 27) and its extensions' (from 32).
/// Only the low four are always known: see <see cref="AllKnown"/>.
/// </summary>
[Flags]
public enum VmaFlags : ulong
{
    /// <summary>No access, private.</summary>
    None = 0,

    /// <summary>Readable.</summary>
    Read = 1UL << 0,

    /// <summary>Writable.</summary>
    Write = 1UL << 1,

    /// <summary>Executable.</summary>
    Exec = 1UL << 2,

    /// <summary>
    /// Mapped with MAP_SHARED, as the s of maps (the kernel's VM_MAYSHARE). The original task_diag code says VM_SHARED here,
    /// which a file opened for reading only does not get.
    /// </summary>
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

    /// <summary>Architecture's own (PAT on x86; arm64 has <see cref="BranchTargets"/> in its place).</summary>
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

    /// <summary>Extension: MADV_WIPEONFORK, empty in the child (smaps wf).</summary>
    WipeOnFork = 1UL << 32,

    /// <summary>Extension: MLOCK_ONFAULT, locked page by page as they are touched (smaps lf).</summary>
    LockOnFault = 1UL << 33,

    /// <summary>Extension: userfaultfd handles missing pages (smaps um).</summary>
    UffdMissing = 1UL << 34,

    /// <summary>Extension: userfaultfd handles writes to protected pages (smaps uw).</summary>
    UffdWriteProtect = 1UL << 35,

    /// <summary>Extension: userfaultfd handles minor faults (smaps ui).</summary>
    UffdMinor = 1UL << 36,

    /// <summary>Extension: MAP_DROPPABLE, dropped instead of swapped out (smaps dp).</summary>
    Droppable = 1UL << 37,

    /// <summary>Extension: mseal, cannot be unmapped, moved or changed (smaps sl).</summary>
    Sealed = 1UL << 38,

    /// <summary>Extension: may have guard regions (smaps gu).</summary>
    Guard = 1UL << 39,

    /// <summary>Extension: shadow stack (smaps ss).</summary>
    ShadowStack = 1UL << 40,

    /// <summary>Extension: MAP_SYNC, synchronous page faults of persistent memory (smaps sf).</summary>
    Sync = 1UL << 41,

    /// <summary>Extension: indirect branches land on marked instructions only, arm64's BTI (smaps bt).</summary>
    BranchTargets = 1UL << 42,

    /// <summary>Extension: addresses and memory carry tags that must match, arm64's MTE (smaps mt).</summary>
    MemoryTags = 1UL << 43,

    /// <summary>
    /// Extension, not a property of the VMA: the source told every flag that it has (smaps, BPF), so that a bit not set means no;
    /// without it (PROCMAP_QUERY, maps) only the low four are known.
    /// </summary>
    AllKnown = 1UL << 63,
}
