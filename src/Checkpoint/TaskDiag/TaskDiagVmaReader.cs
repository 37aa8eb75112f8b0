using System;

namespace Checkpoint.TaskDiag;

/// <summary>Decodes the VMA records of one <see cref="TaskDiagAttribute.Vma"/> attribute. Nothing is copied.</summary>
/// <param name="payload">The attribute's payload.</param>
public ref struct TaskDiagVmaReader(ReadOnlySpan<byte> payload)
{
    private readonly ReadOnlySpan<byte> _payload = payload;
    private int _next;
    private ReadOnlySpan<byte> _record;
    private ReadOnlySpan<byte> _stat;

    /// <summary>The VMA; only after <see cref="Next"/> answered true.</summary>
    public readonly TaskDiagVma Current => TaskDiagVma.Read(_record);

    /// <summary>Its name without NUL (a path with the kernel's " (deleted)", or the like); empty = none.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Whether the record has a stat block.</summary>
    public readonly bool HasStat => !_stat.IsEmpty;

    /// <summary>What of the VMA is in memory; only with <see cref="HasStat"/>.</summary>
    public readonly TaskDiagVmaStat Stat => TaskDiagVmaStat.Read(_stat);

    /// <summary>Goes to the next record.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="WireFormatException">No whole, valid record is there.</exception>
    public bool Next()
    {
        int start = _next;
        int left = _payload.Length - start;
        _record = _stat = Name = default;
        if (left == 0)
        {
            return false;
        }

        // Whatever happens next, a caller that goes on after an exception must not meet the same record again.
        _next = _payload.Length;
        if (left < TaskDiagVma.Size)
        {
            throw new WireFormatException(start, $"{left} bytes left, a VMA record has at least {TaskDiagVma.Size}");
        }

        ReadOnlySpan<byte> head = _payload.Slice(start, TaskDiagVma.Size);
        ushort length = LittleEndian.U16(head, 52);
        if (length < TaskDiagVma.Size || length > left || length % 4 != 0)
        {
            throw new WireFormatException(
                start + 52, $"vma_len {length}, allowed {TaskDiagVma.Size} to {Math.Min(left, ushort.MaxValue)} in steps of 4");
        }

        ReadOnlySpan<byte> record = _payload.Slice(start, length);
        ReadOnlySpan<byte> name = Part(record, start, 54, "name");
        if (!name.IsEmpty && name[^1] != 0)
        {
            throw new WireFormatException(start + 54, "name without its NUL");
        }

        ReadOnlySpan<byte> stat = Part(record, start, 58, "stat");
        if (!stat.IsEmpty && stat.Length < TaskDiagVmaStat.Size)
        {
            throw new WireFormatException(start + 60, $"stat_len {stat.Length}, allowed 0 or from {TaskDiagVmaStat.Size}");
        }

        _record = record;
        _stat = stat;
        Name = name.IsEmpty ? name : name[..^1];
        _next = start + length;
        return true;
    }

    /// <summary>The part of a record that the u16 offset and u16 length at <paramref name="field"/> state; a length of 0 makes the offset meaningless.</summary>
    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> record, int start, int field, string what)
    {
        ushort offset = LittleEndian.U16(record, field);
        ushort length = LittleEndian.U16(record, field + 2);
        if (length == 0)
        {
            return default;
        }

        if (offset < TaskDiagVma.Size || offset + length > record.Length)
        {
            throw new WireFormatException(
                start + field, $"{what}_off {offset} with {what}_len {length}, allowed {TaskDiagVma.Size} to {record.Length} in all");
        }

        return record.Slice(offset, length);
    }
}
