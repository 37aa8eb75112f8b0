using System;
using System.Buffers.Binary;

namespace Checkpoint.Linux.Procfs;

/// <summary>
/// The GNU build ID of an ELF file, from its own notes (elf(5)). Both widths, little-endian as all machines here. Files are
/// hostile: every size is limited.
/// </summary>
internal static class ElfBuildId
{
    /// <summary>Longest ID that is kept: the kernel's BUILD_ID_SIZE_MAX.</summary>
    internal const int MaxLength = 20;

    private const int MaxHeaders = 1024;
    private const int MaxNotes = 64 * 1024;
    private const long MaxOffset = 1L << 48;
    private const uint ProgramNote = 4;
    private const uint NoteBuildId = 3;

    /// <summary>Reads the ID.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="id">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>Its length; 0 when the file is not ELF or has none; a negative errno when what would tell could not be read.</returns>
    internal static int Read(ElfSource file, Span<byte> id)
    {
        Span<byte> head = stackalloc byte[64];
        int error = file.ReadAt(0, head);
        if (error < 0)
        {
            return error;
        }

        if (!head.StartsWith("\u007fELF"u8) || head[4] is not (1 or 2) || head[5] != 1)
        {
            return 0;
        }

        bool wide = head[4] == 2;
        long table = wide ? BinaryPrimitives.ReadInt64LittleEndian(head[32..]) : BinaryPrimitives.ReadUInt32LittleEndian(head[28..]);
        int entrySize = BinaryPrimitives.ReadUInt16LittleEndian(head[(wide ? 54 : 42)..]);
        int entries = BinaryPrimitives.ReadUInt16LittleEndian(head[(wide ? 56 : 44)..]);
        if (table is <= 0 or > MaxOffset || entrySize != (wide ? 56 : 32) || entries > MaxHeaders)
        {
            return 0;
        }

        Span<byte> entry = stackalloc byte[56];
        for (int i = 0; i < entries; i++)
        {
            int read = file.ReadAt(table + ((long)i * entrySize), entry[..entrySize]);
            if (read < 0)
            {
                return read;
            }

            read = BinaryPrimitives.ReadUInt32LittleEndian(entry) == ProgramNote ? ReadNotes(file, entry, wide, id) : 0;
            if (read > 0)
            {
                return read;
            }

            error = Math.Min(error, read);
        }

        return error;
    }

    /// <summary>Finds the ID among notes: u32 name size, description size, type, then both padded to 4.</summary>
    /// <param name="notes">A note segment.</param>
    /// <param name="id">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>Its length, 0 when it is not there.</returns>
    internal static int Find(ReadOnlySpan<byte> notes, Span<byte> id)
    {
        while (notes.Length >= 12)
        {
            uint nameSize = BinaryPrimitives.ReadUInt32LittleEndian(notes);
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(notes[4..]);
            uint type = BinaryPrimitives.ReadUInt32LittleEndian(notes[8..]);
            long at = 12 + Pad(nameSize);
            if (at + size > notes.Length)
            {
                return 0;
            }

            if (type == NoteBuildId && nameSize == 4 && notes.Slice(12, 4).SequenceEqual("GNU\0"u8) && size is > 0 and <= MaxLength)
            {
                notes.Slice((int)at, (int)size).CopyTo(id);
                return (int)size;
            }

            long next = at + Pad(size);
            if (next >= notes.Length)
            {
                return 0;
            }

            notes = notes[(int)next..];
        }

        return 0;
    }

    private static long Pad(uint size) => (size + 3L) & ~3L;

    private static int ReadNotes(ElfSource file, ReadOnlySpan<byte> entry, bool wide, Span<byte> id)
    {
        long offset = wide ? BinaryPrimitives.ReadInt64LittleEndian(entry[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]);
        ulong size = wide ? BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]) : BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]);
        if (offset is < 0 or > MaxOffset || size == 0)
        {
            return 0;
        }

        byte[] notes = new byte[(int)Math.Min(size, MaxNotes)];
        int error = file.ReadAt(offset, notes);
        return error < 0 ? error : Find(notes, id);
    }
}
