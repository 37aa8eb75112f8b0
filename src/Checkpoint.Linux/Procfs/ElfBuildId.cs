using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Checkpoint.Linux.Interop;

namespace Checkpoint.Linux.Procfs;

/// <summary>
/// The GNU build ID of an ELF file, from its own notes (elf(5)): for kernels whose PROCMAP_QUERY is missing. Both byte
/// widths, little-endian as all machines here. Files are hostile: every size is limited.
/// </summary>
internal static unsafe class ElfBuildId
{
    /// <summary>Longest ID that is kept: the kernel's BUILD_ID_SIZE_MAX.</summary>
    internal const int MaxLength = 20;

    private const int MaxHeaders = 1024;
    private const int MaxNotes = 64 * 1024;
    private const uint ProgramNote = 4;
    private const uint NoteBuildId = 3;

    /// <summary>Reads the ID.</summary>
    /// <param name="fd">An open file.</param>
    /// <param name="id">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>Its length; 0 when the file is not ELF or has none.</returns>
    internal static int Read(int fd, Span<byte> id)
    {
        Span<byte> head = stackalloc byte[64];
        if (ReadAt(fd, head, 0) < 52 || !head.StartsWith("\u007fELF"u8) || head[4] is not (1 or 2) || head[5] != 1)
        {
            return 0;
        }

        bool wide = head[4] == 2;
        long table = wide ? BinaryPrimitives.ReadInt64LittleEndian(head[32..]) : BinaryPrimitives.ReadUInt32LittleEndian(head[28..]);
        int entrySize = BinaryPrimitives.ReadUInt16LittleEndian(head[(wide ? 54 : 42)..]);
        int entries = BinaryPrimitives.ReadUInt16LittleEndian(head[(wide ? 56 : 44)..]);
        if (table <= 0 || entrySize != (wide ? 56 : 32) || entries > MaxHeaders)
        {
            return 0;
        }

        Span<byte> entry = stackalloc byte[56];
        for (int i = 0; i < entries; i++)
        {
            if (ReadAt(fd, entry[..entrySize], table + ((long)i * entrySize)) < entrySize)
            {
                return 0;
            }

            int length = BinaryPrimitives.ReadUInt32LittleEndian(entry) == ProgramNote ? ReadNotes(fd, entry, wide, id) : 0;
            if (length > 0)
            {
                return length;
            }
        }

        return 0;
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

    private static int ReadNotes(int fd, ReadOnlySpan<byte> entry, bool wide, Span<byte> id)
    {
        long offset = wide ? BinaryPrimitives.ReadInt64LittleEndian(entry[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]);
        ulong size = wide ? BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]) : BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]);
        if (offset < 0)
        {
            return 0;
        }

        byte[] notes = new byte[(int)Math.Min(size, MaxNotes)];
        int got = ReadAt(fd, notes, offset);
        return Find(notes.AsSpan(0, Math.Max(got, 0)), id);
    }

    private static int ReadAt(int fd, Span<byte> into, long offset)
    {
        // SAFETY: the span bounds the call.
        fixed (byte* p = into)
        {
            while (true)
            {
                nint got = Libc.pread(fd, p, (nuint)into.Length, offset);
                if (got >= 0 || Marshal.GetLastPInvokeError() != Errno.EINTR)
                {
                    return (int)got;
                }
            }
        }
    }
}
