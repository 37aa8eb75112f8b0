using System;

namespace Checkpoint.TaskDiag;

/// <summary>
/// Extension: mm->total_vm, read after the VMA list was walked. A list whose sizes, [vsyscall] left out, add up to something else
/// was read from a process that mapped or unmapped meanwhile. Sent with the group leader only.
/// </summary>
/// <param name="Pages">Size of the address space in pages of the system's size.</param>
public readonly record struct TaskDiagExtTotalVm(ulong Pages)
{
    /// <summary>Encoded size in bytes.</summary>
    public const int Size = 8;

    /// <summary>Decodes the attribute.</summary>
    /// <param name="payload">At least <see cref="Size"/> bytes.</param>
    /// <returns>The value.</returns>
    /// <exception cref="WireFormatException">The payload is shorter.</exception>
    public static TaskDiagExtTotalVm Read(ReadOnlySpan<byte> payload)
    {
        WireFormatException.ThrowIfShorter(payload, Size, "EXT_TOTAL_VM");
        return new TaskDiagExtTotalVm(LittleEndian.U64(payload, 0));
    }

    /// <summary>Encodes the attribute.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination) => LittleEndian.Put(destination, 0, Pages);
}
