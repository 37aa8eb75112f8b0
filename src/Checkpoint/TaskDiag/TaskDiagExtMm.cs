using System;
using Checkpoint.Model;

namespace Checkpoint.TaskDiag;

/// <summary>Extension: where the address space keeps its parts. Sent with the group leader only.</summary>
/// <param name="Layout">The addresses.</param>
public readonly record struct TaskDiagExtMm(MemoryLayout Layout)
{
    /// <summary>Encoded size in bytes.</summary>
    public const int Size = 80;

    /// <summary>Decodes the attribute.</summary>
    /// <param name="payload">At least <see cref="Size"/> bytes.</param>
    /// <returns>The value.</returns>
    /// <exception cref="WireFormatException">The payload is shorter.</exception>
    public static TaskDiagExtMm Read(ReadOnlySpan<byte> payload)
    {
        WireFormatException.ThrowIfShorter(payload, Size, "EXT_MM");
        return new TaskDiagExtMm(new MemoryLayout(
            LittleEndian.U64(payload, 0), LittleEndian.U64(payload, 8), LittleEndian.U64(payload, 16), LittleEndian.U64(payload, 24),
            LittleEndian.U64(payload, 32), LittleEndian.U64(payload, 40), LittleEndian.U64(payload, 48), LittleEndian.U64(payload, 56),
            LittleEndian.U64(payload, 64), LittleEndian.U64(payload, 72)));
    }

    /// <summary>Encodes the attribute.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        Span<byte> bytes = destination[..Size];
        LittleEndian.Put(bytes, 0, Layout.StartCode);
        LittleEndian.Put(bytes, 8, Layout.EndCode);
        LittleEndian.Put(bytes, 16, Layout.StartStack);
        LittleEndian.Put(bytes, 24, Layout.StartData);
        LittleEndian.Put(bytes, 32, Layout.EndData);
        LittleEndian.Put(bytes, 40, Layout.StartBrk);
        LittleEndian.Put(bytes, 48, Layout.ArgStart);
        LittleEndian.Put(bytes, 56, Layout.ArgEnd);
        LittleEndian.Put(bytes, 64, Layout.EnvStart);
        LittleEndian.Put(bytes, 72, Layout.EnvEnd);
    }
}
