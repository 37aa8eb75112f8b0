using System;

namespace Checkpoint.TaskDiag;

/// <summary>Decodes a payload that is a list of u32: ExtGroups, ExtNsPids, and ExtUmask as a list of one.</summary>
public readonly ref struct TaskDiagUInt32List
{
    private readonly ReadOnlySpan<byte> _payload;

    /// <summary>Takes a whole payload.</summary>
    /// <param name="payload">The payload; a multiple of 4 bytes.</param>
    /// <exception cref="WireFormatException">Not a multiple of 4 bytes.</exception>
    public TaskDiagUInt32List(ReadOnlySpan<byte> payload)
    {
        if (payload.Length % sizeof(uint) != 0)
        {
            throw new WireFormatException(payload.Length, $"list of u32 has {payload.Length} bytes, not a multiple of {sizeof(uint)}");
        }

        _payload = payload;
    }

    /// <summary>Number of values.</summary>
    public int Count => _payload.Length / sizeof(uint);

    /// <summary>The value at a position.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Outside the list.</exception>
    public uint this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return LittleEndian.U32(_payload, index * sizeof(uint));
        }
    }

    /// <summary>Encodes a list.</summary>
    /// <param name="values">The values.</param>
    /// <param name="destination">At least 4 bytes for each.</param>
    public static void Write(ReadOnlySpan<uint> values, Span<byte> destination)
    {
        for (int i = 0; i < values.Length; i++)
        {
            LittleEndian.Put(destination, i * sizeof(uint), values[i]);
        }
    }
}
