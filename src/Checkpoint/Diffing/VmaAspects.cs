using System;

namespace Checkpoint.Diffing;

/// <summary>In which respects a VMA, or a piece of one, differs.</summary>
[Flags]
public enum VmaAspects
{
    /// <summary>In none.</summary>
    None = 0,

    /// <summary>It is new.</summary>
    Mapped = 1 << 0,

    /// <summary>It is gone.</summary>
    Unmapped = 1 << 1,

    /// <summary>It is larger; without an old VMA, the piece by which one grew.</summary>
    Grown = 1 << 2,

    /// <summary>It is smaller; without a new VMA, the piece by which one shrank.</summary>
    Shrunk = 1 << 3,

    /// <summary>It lies elsewhere.</summary>
    Moved = 1 << 4,

    /// <summary>Read, write or execute permission.</summary>
    Protection = 1 << 5,

    /// <summary>Private or shared.</summary>
    Sharing = 1 << 6,

    /// <summary>Other flags; compared when both sides know all flags.</summary>
    Flags = 1 << 7,

    /// <summary>Offset into the file.</summary>
    Offset = 1 << 8,

    /// <summary>Size of the pages behind it; compared when both sides know it.</summary>
    PageSize = 1 << 9,

    /// <summary>Something else altogether; such VMAs are told as one unmapped and one mapped, so no change has it.</summary>
    File = 1 << 10,

    /// <summary>Another file under the same path: the build ID or, within one boot, the inode differs.</summary>
    Replaced = 1 << 11,

    /// <summary>The same file, which no path leads to any more.</summary>
    Deleted = 1 << 12,

    /// <summary>A path leads to it again.</summary>
    Undeleted = 1 << 13,

    /// <summary>The same file under another path.</summary>
    Renamed = 1 << 14,
}
