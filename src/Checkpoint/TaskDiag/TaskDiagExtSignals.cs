using System;
using Checkpoint.Model;

namespace Checkpoint.TaskDiag;

/// <summary>Extension: signal masks of a thread.</summary>
/// <param name="Sets">The masks, bit n-1 = signal n.</param>
public readonly record struct TaskDiagExtSignals(SignalSets Sets)
{
    /// <summary>Encoded size in bytes.</summary>
    public const int Size = 40;

    /// <summary>Decodes the attribute.</summary>
    /// <param name="payload">At least <see cref="Size"/> bytes.</param>
    /// <returns>The value.</returns>
    /// <exception cref="WireFormatException">The payload is shorter.</exception>
    public static TaskDiagExtSignals Read(ReadOnlySpan<byte> payload)
    {
        WireFormatException.ThrowIfShorter(payload, Size, "EXT_SIGNALS");
        return new TaskDiagExtSignals(new SignalSets(
            LittleEndian.U64(payload, 0), LittleEndian.U64(payload, 8), LittleEndian.U64(payload, 16),
            LittleEndian.U64(payload, 24), LittleEndian.U64(payload, 32)));
    }

    /// <summary>Encodes the attribute.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        Span<byte> bytes = destination[..Size];
        LittleEndian.Put(bytes, 0, Sets.Pending);
        LittleEndian.Put(bytes, 8, Sets.SharedPending);
        LittleEndian.Put(bytes, 16, Sets.Blocked);
        LittleEndian.Put(bytes, 24, Sets.Ignored);
        LittleEndian.Put(bytes, 32, Sets.Caught);
    }
}
