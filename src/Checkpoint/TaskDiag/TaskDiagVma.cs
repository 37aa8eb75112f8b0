using System;
using System.Runtime.InteropServices;

using Checkpoint.Model;

namespace Checkpoint.TaskDiag;

/// <summary>struct task_diag_vma: the fixed head of a VMA record, without the offsets of name and stat block.</summary>
/// <param name="Start">First address.</param>
/// <param name="End">Address after the last.</param>
/// <param name="Flags">Protection and more.</param>
/// <param name="Offset">Offset into the file in bytes; 0 when anonymous (pgoff on the wire).</param>
/// <param name="Major">Device major, 0 when anonymous.</param>
/// <param name="Minor">Device minor, 0 when anonymous.</param>
/// <param name="Inode">Inode, 0 when anonymous.</param>
/// <param name="Generation">The inode's generation, 0: not known; in a record without a name the number of its file in EXT_FILES.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct TaskDiagVma(
    ulong Start, ulong End, VmaFlags Flags, ulong Offset, uint Major, uint Minor, ulong Inode, uint Generation)
{
    /// <summary>Encoded size of the head in bytes.</summary>
    public const int Size = 64;

    /// <summary>Offset of the u16 vma_len; name_off, name_len, stat_off and stat_len follow it.</summary>
    public const int LengthsOffset = 52;

    /// <summary>Decodes the head. <see cref="TaskDiagVmaReader"/> checks the lengths in it.</summary>
    /// <param name="payload">At least <see cref="Size"/> bytes; 4-aligned on the wire, not 8.</param>
    /// <returns>The value.</returns>
    /// <exception cref="WireFormatException">The payload is shorter.</exception>
    public static TaskDiagVma Read(ReadOnlySpan<byte> payload)
    {
        WireFormatException.ThrowIfShorter(payload, Size, "VMA");
        return BitConverter.IsLittleEndian ? MemoryMarshal.Read<TaskDiagVma>(payload) : ReadFields(payload);
    }

    /// <summary>Encodes a record that is this head alone: no name, no stat block.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        Span<byte> bytes = destination[..Size];
        if (BitConverter.IsLittleEndian)
        {
            // The fields lie as on the wire; this runs once per VMA, and one copy beats eight. So does one read.
            MemoryMarshal.Write(bytes, in this);
        }
        else
        {
            WriteFields(bytes);
        }

        LittleEndian.Put(bytes, LengthsOffset, (ushort)Size);
        bytes[(LengthsOffset + 2)..].Clear();
    }

    private static TaskDiagVma ReadFields(ReadOnlySpan<byte> payload) => new(
        LittleEndian.U64(payload, 0), LittleEndian.U64(payload, 8),
        (VmaFlags)LittleEndian.U64(payload, 16), LittleEndian.U64(payload, 24),
        LittleEndian.U32(payload, 32), LittleEndian.U32(payload, 36),
        LittleEndian.U64(payload, 40), LittleEndian.U32(payload, 48));

    private void WriteFields(Span<byte> bytes)
    {
        LittleEndian.Put(bytes, 0, Start);
        LittleEndian.Put(bytes, 8, End);
        LittleEndian.Put(bytes, 16, (ulong)Flags);
        LittleEndian.Put(bytes, 24, Offset);
        LittleEndian.Put(bytes, 32, Major);
        LittleEndian.Put(bytes, 36, Minor);
        LittleEndian.Put(bytes, 40, Inode);
        LittleEndian.Put(bytes, 48, Generation);
    }
}
