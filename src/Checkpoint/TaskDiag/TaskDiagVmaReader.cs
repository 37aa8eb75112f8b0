using System;

namespace Checkpoint.TaskDiag;

/// <summary>Decodes the VMA records of one <see cref="TaskDiagAttribute.Vma"/> attribute. Nothing is copied.</summary>
/// <param name="payload">The attribute's payload.</param>
public ref struct TaskDiagVmaReader(ReadOnlySpan<byte> payload)
{
    private const int LengthAt = TaskDiagVma.LengthsOffset, NameAt = LengthAt + 2, StatAt = LengthAt + 6;

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
            throw NoRecord(start, left);
        }

        ReadOnlySpan<byte> head = _payload.Slice(start, TaskDiagVma.Size);
        ushort length = LittleEndian.U16(head, LengthAt);
        if (length < TaskDiagVma.Size || length > left || length % 4 != 0)
        {
            throw RecordLength(start, length, left);
        }

        _record = _payload.Slice(start, length);
        if (LittleEndian.U16(head, NameAt + 2) != 0)
        {
            ReadOnlySpan<byte> name = Part(_record, start, NameAt, "name");
            Name = name[^1] == 0 ? name[..^1] : throw new WireFormatException(start + NameAt, "name without its NUL");
        }

        if (LittleEndian.U16(head, StatAt + 2) != 0)
        {
            ReadOnlySpan<byte> stat = Part(_record, start, StatAt, "stat");
            _stat = stat.Length >= TaskDiagVmaStat.Size ? stat : throw StatLength(start, stat.Length);
        }

        _next = start + length;
        return true;
    }

    /// <summary>The part of a record that the u16 offset and u16 length at <paramref name="field"/> state.</summary>
    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> record, int start, int field, string what)
    {
        ushort offset = LittleEndian.U16(record, field);
        ushort length = LittleEndian.U16(record, field + 2);
        return offset >= TaskDiagVma.Size && offset + length <= record.Length ? record.Slice(offset, length)
            : throw PartPlace(start + field, offset, length, record.Length, what);
    }

    // Apart from the loop: what puts the texts together would be set up at every turn.
    private static WireFormatException NoRecord(int start, int left) =>
        new(start, $"{left} bytes left, a VMA record has at least {TaskDiagVma.Size}");

    private static WireFormatException RecordLength(int start, ushort length, int left) =>
        new(start + LengthAt, $"vma_len {length}, allowed {TaskDiagVma.Size} to {Math.Min(left, ushort.MaxValue)} in steps of 4");

    private static WireFormatException StatLength(int start, int length) =>
        new(start + StatAt + 2, $"stat_len {length}, allowed 0 or from {TaskDiagVmaStat.Size}");

    private static WireFormatException PartPlace(int at, ushort offset, ushort length, int size, string what) =>
        new(at, $"{what}_off {offset} with {what}_len {length}, allowed {TaskDiagVma.Size} to {size} in all");
}
