using System;

namespace Checkpoint.TaskDiag;

/// <summary>
/// Extension: one record of <see cref="TaskDiagAttribute.ExtPageSizes"/>, a VMA whose backing pages are not of the system's size
/// (hugetlbfs). VMAs without a record have the system's.
/// </summary>
/// <param name="Start">Start address of the VMA.</param>
/// <param name="PageSize">Size of its pages in bytes.</param>
public readonly record struct TaskDiagExtPageSize(ulong Start, ulong PageSize)
{
    /// <summary>Encoded size in bytes.</summary>
    public const int Size = 16;

    /// <summary>Decodes one record.</summary>
    /// <param name="payload">At least <see cref="Size"/> bytes; the next record follows.</param>
    /// <returns>The value.</returns>
    /// <exception cref="WireFormatException">The payload is shorter.</exception>
    public static TaskDiagExtPageSize Read(ReadOnlySpan<byte> payload)
    {
        WireFormatException.ThrowIfShorter(payload, Size, "EXT_PAGE_SIZES");
        return new TaskDiagExtPageSize(LittleEndian.U64(payload, 0), LittleEndian.U64(payload, 8));
    }

    /// <summary>Encodes one record.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        Span<byte> bytes = destination[..Size];
        LittleEndian.Put(bytes, 0, Start);
        LittleEndian.Put(bytes, 8, PageSize);
    }
}
