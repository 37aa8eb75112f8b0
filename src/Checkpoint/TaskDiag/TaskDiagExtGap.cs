using System;
using Checkpoint.Model;

namespace Checkpoint.TaskDiag;

/// <summary>Extension: one record of <see cref="TaskDiagAttribute.ExtGaps"/>, a part of the task that could not be read.</summary>
/// <param name="Part">Which part.</param>
/// <param name="Errno">The kernel's answer.</param>
public readonly record struct TaskDiagExtGap(CapturePart Part, int Errno)
{
    /// <summary>Encoded size in bytes.</summary>
    public const int Size = 8;

    /// <summary>Decodes one record.</summary>
    /// <param name="payload">At least <see cref="Size"/> bytes; the next record follows.</param>
    /// <returns>The value.</returns>
    /// <exception cref="WireFormatException">The payload is shorter, or the part is not one of <see cref="CapturePart"/>.</exception>
    public static TaskDiagExtGap Read(ReadOnlySpan<byte> payload)
    {
        WireFormatException.ThrowIfShorter(payload, Size, "EXT_GAPS");
        uint part = LittleEndian.U32(payload, 0);
        if (part > (uint)CapturePart.Children)
        {
            throw new WireFormatException(0, $"part {part}, allowed 0 to {(uint)CapturePart.Children}");
        }

        return new TaskDiagExtGap((CapturePart)part, LittleEndian.S32(payload, 4));
    }

    /// <summary>Encodes one record.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        Span<byte> bytes = destination[..Size];
        LittleEndian.Put(bytes, 0, (uint)Part);
        LittleEndian.Put(bytes, 4, Errno);
    }
}
