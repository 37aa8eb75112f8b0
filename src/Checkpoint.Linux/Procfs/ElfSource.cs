using System;

namespace Checkpoint.Linux.Procfs;

/// <summary>Where the bytes of an ELF file come from.</summary>
internal abstract class ElfSource
{
    /// <summary>Reads bytes of the file.</summary>
    /// <param name="offset">From where, not negative.</param>
    /// <param name="into">Filled whole.</param>
    /// <returns>0, or a negative errno: they are not to be had.</returns>
    internal abstract int ReadAt(long offset, Span<byte> into);
}
