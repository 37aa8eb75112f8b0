using System;

namespace Checkpoint.Model;

/// <summary>What a VMA maps or is named after: a file, a memfd, shared memory, or a special name such as <c>[heap]</c>.</summary>
/// <param name="Major">Device major number; 0 for special names.</param>
/// <param name="Minor">Device minor number.</param>
/// <param name="Inode">Inode number; 0 for special names.</param>
/// <param name="Name">The kernel's text, " (deleted)" included, not escaped; empty for a file without a name.</param>
/// <param name="BuildId">GNU build ID of an ELF file, 1 to 20 bytes; null when it has none or that is not known.</param>
/// <param name="BuildIdErrno">Why its build ID is not known; 0: it is, or the file has none.</param>
/// <param name="NotDeleted">
/// Whether no file was deleted although the name ends in " (deleted)": the file is called so, or it is memory, which never had
/// a name in a file system.
/// </param>
public readonly record struct MappedFile(
    uint Major, uint Minor, ulong Inode, ByteString Name, ByteString? BuildId = null, int BuildIdErrno = 0, bool NotDeleted = false)
{
    /// <summary>Whether no path leads to the file any more: the kernel says so in its name, unless <see cref="NotDeleted"/>.</summary>
    public bool IsDeleted => LooksDeleted && !NotDeleted;

    /// <summary>Whether it is memory without a path, which the kernel names as if it were a deleted file.</summary>
    public bool IsPathless => LooksDeleted && Major == 0
        && (Name.Span.StartsWith("/memfd:"u8) || Name.Span.StartsWith("/SYSV"u8) || Name.Span.StartsWith("/["u8)
            || Name.Span.StartsWith("/drm mm object"u8) || Name.Span.SequenceEqual("/dev/zero (deleted)"u8) || Name.Span.SequenceEqual("/anon_hugepage (deleted)"u8));

    /// <summary>Whether the name ends as the kernel's of a deleted file.</summary>
    public bool LooksDeleted => Inode != 0 && Name.Span.EndsWith(" (deleted)"u8);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Major, Minor, IdHash.Of(Inode), Name, BuildId);
}
