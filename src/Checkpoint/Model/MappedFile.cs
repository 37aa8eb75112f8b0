using System;

namespace Checkpoint.Model;

/// <summary>What a VMA maps or is named after: a file, a memfd, shared memory, or a special name such as <c>[heap]</c>.</summary>
/// <param name="Major">Device major number; 0 for special names.</param>
/// <param name="Minor">Device minor number.</param>
/// <param name="Inode">Inode number; 0 for special names.</param>
/// <param name="Name">The kernel's text, " (deleted)" included, not escaped; empty for a file without a name.</param>
/// <param name="BuildId">GNU build ID of an ELF file, 1 to 20 bytes; null when it has none or could not be read.</param>
public readonly record struct MappedFile(uint Major, uint Minor, ulong Inode, ByteString Name, ByteString? BuildId = null)
{
    /// <summary>Whether the kernel marked the name: no path leads to the file any more (or never did: memfds, shared memory).</summary>
    public bool IsDeleted => Inode != 0 && Name.Span.EndsWith(" (deleted)"u8);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Major, Minor, IdHash.Of(Inode), Name, BuildId);
}
