using System;

namespace Checkpoint.TaskDiag;

/// <summary>struct task_diag_vma_stat: what of a VMA is in memory, in bytes but for <see cref="PssShifted"/>.</summary>
/// <param name="Resident">Resident.</param>
/// <param name="SharedClean">Shared, clean.</param>
/// <param name="SharedDirty">Shared, dirty; the original kernel code never fills it.</param>
/// <param name="PrivateClean">Private, clean.</param>
/// <param name="PrivateDirty">Private, dirty.</param>
/// <param name="Referenced">Referenced.</param>
/// <param name="Anonymous">Anonymous.</param>
/// <param name="AnonymousThp">Anonymous huge pages.</param>
/// <param name="Swap">Swapped out.</param>
/// <param name="PssShifted">Proportional share, bytes shifted left by <see cref="PssShift"/>.</param>
public readonly record struct TaskDiagVmaStat(
    ulong Resident, ulong SharedClean, ulong SharedDirty, ulong PrivateClean, ulong PrivateDirty,
    ulong Referenced, ulong Anonymous, ulong AnonymousThp, ulong Swap, ulong PssShifted)
{
    /// <summary>Encoded size in bytes.</summary>
    public const int Size = 80;

    /// <summary>The kernel's PSS_SHIFT: fraction bits of <see cref="PssShifted"/>.</summary>
    public const int PssShift = 12;

    /// <summary>Decodes the block.</summary>
    /// <param name="payload">At least <see cref="Size"/> bytes.</param>
    /// <returns>The value.</returns>
    /// <exception cref="WireFormatException">The payload is shorter.</exception>
    public static TaskDiagVmaStat Read(ReadOnlySpan<byte> payload)
    {
        WireFormatException.ThrowIfShorter(payload, Size, "VMA_STAT");
        return new TaskDiagVmaStat(
            LittleEndian.U64(payload, 0), LittleEndian.U64(payload, 8), LittleEndian.U64(payload, 16), LittleEndian.U64(payload, 24),
            LittleEndian.U64(payload, 32), LittleEndian.U64(payload, 40), LittleEndian.U64(payload, 48), LittleEndian.U64(payload, 56),
            LittleEndian.U64(payload, 64), LittleEndian.U64(payload, 72));
    }

    /// <summary>Encodes the block.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        Span<byte> bytes = destination[..Size];
        LittleEndian.Put(bytes, 0, Resident);
        LittleEndian.Put(bytes, 8, SharedClean);
        LittleEndian.Put(bytes, 16, SharedDirty);
        LittleEndian.Put(bytes, 24, PrivateClean);
        LittleEndian.Put(bytes, 32, PrivateDirty);
        LittleEndian.Put(bytes, 40, Referenced);
        LittleEndian.Put(bytes, 48, Anonymous);
        LittleEndian.Put(bytes, 56, AnonymousThp);
        LittleEndian.Put(bytes, 64, Swap);
        LittleEndian.Put(bytes, 72, PssShifted);
    }
}
