using System;

namespace Checkpoint.TaskDiag;

/// <summary>struct task_diag_ext_file, one record of EXT_FILES: what VMAs map, and its name.</summary>
/// <param name="number">From 1; VMA records refer to it.</param>
/// <param name="major">Device major; 0 without a file.</param>
/// <param name="minor">Device minor; 0 without a file.</param>
/// <param name="inode">Inode; 0 = no file, the name is special.</param>
/// <param name="name">Name without NUL, with the kernel's " (deleted)".</param>
public readonly ref struct TaskDiagExtFile(uint number, uint major, uint minor, ulong inode, ReadOnlySpan<byte> name)
{
    /// <summary>Encoded size in bytes without the name.</summary>
    public const int HeadSize = 24;

    private const int LengthOffset = 12;
    private const int InodeOffset = 16;

    /// <summary>From 1; VMA records refer to it.</summary>
    public uint Number { get; } = number;

    /// <summary>Device major; 0 without a file.</summary>
    public uint Major { get; } = major;

    /// <summary>Device minor; 0 without a file.</summary>
    public uint Minor { get; } = minor;

    /// <summary>Inode; 0 = no file.</summary>
    public ulong Inode { get; } = inode;

    /// <summary>Name without NUL.</summary>
    public ReadOnlySpan<byte> Name { get; } = name;

    /// <summary>Encoded size in bytes, a multiple of 4.</summary>
    public int Size => TaskDiagWire.Align(HeadSize + Name.Length);

    /// <summary>Decodes one record.</summary>
    /// <param name="payload">The record, and perhaps others behind it.</param>
    /// <param name="size">Where the next record is.</param>
    /// <returns>The value, pointing into the payload.</returns>
    /// <exception cref="WireFormatException">The payload is shorter than the record, or its lengths do not fit each other.</exception>
    public static TaskDiagExtFile Read(ReadOnlySpan<byte> payload, out int size)
    {
        WireFormatException.ThrowIfShorter(payload, HeadSize, "EXT_FILES");
        ushort length = LittleEndian.U16(payload, LengthOffset);
        ushort nameLength = LittleEndian.U16(payload, LengthOffset + 2);
        if (length % 4 != 0 || length > payload.Length || HeadSize + nameLength > length)
        {
            throw new WireFormatException(
                LengthOffset, $"record of {length} bytes with a name of {nameLength}, allowed {HeadSize} and the name to {payload.Length} in steps of 4");
        }

        size = length;
        return new TaskDiagExtFile(
            LittleEndian.U32(payload, 0), LittleEndian.U32(payload, 4), LittleEndian.U32(payload, 8),
            LittleEndian.U64(payload, InodeOffset), payload.Slice(HeadSize, nameLength));
    }

    /// <summary>Encodes one record.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    /// <exception cref="InvalidOperationException">The name is longer than a record holds.</exception>
    public void Write(Span<byte> destination)
    {
        int size = Size;
        if (size > ushort.MaxValue)
        {
            throw new InvalidOperationException($"name of {Name.Length} bytes");
        }

        Span<byte> bytes = destination[..size];
        LittleEndian.Put(bytes, 0, Number);
        LittleEndian.Put(bytes, 4, Major);
        LittleEndian.Put(bytes, 8, Minor);
        LittleEndian.Put(bytes, LengthOffset, (ushort)size);
        LittleEndian.Put(bytes, LengthOffset + 2, (ushort)Name.Length);
        LittleEndian.Put(bytes, InodeOffset, Inode);
        Name.CopyTo(bytes[HeadSize..]);
        bytes[(HeadSize + Name.Length)..].Clear();
    }
}
