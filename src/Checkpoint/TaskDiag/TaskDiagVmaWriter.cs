using System;

namespace Checkpoint.TaskDiag;

/// <summary>Encodes VMA records into the room of one <see cref="TaskDiagAttribute.Vma"/> attribute.</summary>
/// <param name="room">Where to write.</param>
public ref struct TaskDiagVmaWriter(Span<byte> room)
{
    /// <summary>Longest name that a record with a stat block in the largest attribute can hold, without NUL. The kernel's names end at 4095.</summary>
    public const int MaxNameLength = ((TaskDiagWire.MaxPayload - TaskDiagVma.Size - TaskDiagVmaStat.ExtendedSize) & ~3) - 1;

    private readonly Span<byte> _room = room;

    /// <summary>Bytes of the records so far.</summary>
    public int Length { get; private set; }

    /// <summary>Appends a record without a stat block.</summary>
    /// <param name="vma">The VMA.</param>
    /// <param name="name">Its name without NUL; empty = none.</param>
    /// <returns>False: does not fit, nothing written.</returns>
    /// <exception cref="ArgumentException">The name is longer than <see cref="MaxNameLength"/>, so that no room would do.</exception>
    public bool TryAppend(in TaskDiagVma vma, scoped ReadOnlySpan<byte> name) => TryAppend(vma, name, 0, out _);

    /// <summary>Appends a record with an extended stat block; a reader that knows the first part only skips the rest by its length.</summary>
    /// <param name="vma">The VMA.</param>
    /// <param name="name">Its name without NUL; empty = none.</param>
    /// <param name="stat">What of it is in memory.</param>
    /// <returns>False: does not fit, nothing written.</returns>
    /// <exception cref="ArgumentException">The name is longer than <see cref="MaxNameLength"/>, so that no room would do.</exception>
    public bool TryAppend(in TaskDiagVma vma, scoped ReadOnlySpan<byte> name, in TaskDiagVmaStat stat)
    {
        if (!TryAppend(vma, name, TaskDiagVmaStat.ExtendedSize, out Span<byte> block))
        {
            return false;
        }

        stat.Write(block);
        return true;
    }

    private bool TryAppend(in TaskDiagVma vma, scoped ReadOnlySpan<byte> name, int statLength, out Span<byte> stat)
    {
        if (name.Length > MaxNameLength)
        {
            throw new ArgumentException($"name of {name.Length} bytes, at most {MaxNameLength}", nameof(name));
        }

        stat = default;
        int nameOffset = TaskDiagVma.Size + statLength;
        int nameLength = name.IsEmpty ? 0 : name.Length + 1;
        int length = TaskDiagWire.Align(nameOffset + nameLength);
        if (length > _room.Length - Length)
        {
            return false;
        }

        Span<byte> record = _room.Slice(Length, length);
        vma.Write(record);
        Span<byte> lengths = record[TaskDiagVma.LengthsOffset..];
        LittleEndian.Put(lengths, 0, (ushort)length);
        if (nameLength != 0)
        {
            LittleEndian.Put(lengths, 2, (ushort)nameOffset);
            LittleEndian.Put(lengths, 4, (ushort)nameLength);
            name.CopyTo(record[nameOffset..]);
            record[(nameOffset + name.Length)..].Clear();
        }

        if (statLength != 0)
        {
            LittleEndian.Put(lengths, 6, (ushort)TaskDiagVma.Size);
            LittleEndian.Put(lengths, 8, (ushort)statLength);
            stat = record.Slice(TaskDiagVma.Size, statLength);
        }

        Length += length;
        return true;
    }
}
