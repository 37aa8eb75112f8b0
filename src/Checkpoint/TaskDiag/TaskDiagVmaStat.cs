using System;

namespace Checkpoint.TaskDiag;

/// <summary>
/// struct task_diag_vma_stat: what of a VMA is in memory, in bytes but for <see cref="PssShifted"/>. From
/// <see cref="Locked"/> on it is Checkpoint's extension, struct task_diag_ext_vma_stat: 0 where the source does not tell.
/// </summary>
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
/// <param name="Locked">Extension: proportional share of what is locked in memory.</param>
/// <param name="ShmemPmdMapped">Extension: shared memory mapped by huge pages.</param>
/// <param name="FilePmdMapped">Extension: page cache mapped by huge pages.</param>
/// <param name="SharedHugetlb">Extension: hugetlbfs pages that others map too; not part of <paramref name="Resident"/>.</param>
/// <param name="PrivateHugetlb">Extension: hugetlbfs pages of this process alone; not part of <paramref name="Resident"/>.</param>
/// <param name="SwapPss">Extension: proportional share of what is swapped out.</param>
public readonly record struct TaskDiagVmaStat(
    ulong Resident, ulong SharedClean, ulong SharedDirty, ulong PrivateClean, ulong PrivateDirty,
    ulong Referenced, ulong Anonymous, ulong AnonymousThp, ulong Swap, ulong PssShifted,
    ulong Locked = 0, ulong ShmemPmdMapped = 0, ulong FilePmdMapped = 0, ulong SharedHugetlb = 0, ulong PrivateHugetlb = 0, ulong SwapPss = 0)
{
    /// <summary>Encoded size of task_diag's own fields in bytes.</summary>
    public const int Size = 80;

    /// <summary>Encoded size with the extension's fields in bytes.</summary>
    public const int ExtendedSize = 128;

    /// <summary>The kernel's PSS_SHIFT: fraction bits of <see cref="PssShifted"/>.</summary>
    public const int PssShift = 12;

    /// <summary>Decodes the block.</summary>
    /// <param name="payload">At least <see cref="Size"/> bytes; the extension's fields are 0 if it has fewer than <see cref="ExtendedSize"/>.</param>
    /// <returns>The value.</returns>
    /// <exception cref="WireFormatException">The payload is shorter.</exception>
    public static TaskDiagVmaStat Read(ReadOnlySpan<byte> payload)
    {
        WireFormatException.ThrowIfShorter(payload, Size, "VMA_STAT");
        TaskDiagVmaStat stat = new(
            LittleEndian.U64(payload, 0), LittleEndian.U64(payload, 8), LittleEndian.U64(payload, 16), LittleEndian.U64(payload, 24),
            LittleEndian.U64(payload, 32), LittleEndian.U64(payload, 40), LittleEndian.U64(payload, 48), LittleEndian.U64(payload, 56),
            LittleEndian.U64(payload, 64), LittleEndian.U64(payload, 72));
        return payload.Length < ExtendedSize ? stat : stat with
        {
            Locked = LittleEndian.U64(payload, 80),
            ShmemPmdMapped = LittleEndian.U64(payload, 88),
            FilePmdMapped = LittleEndian.U64(payload, 96),
            SharedHugetlb = LittleEndian.U64(payload, 104),
            PrivateHugetlb = LittleEndian.U64(payload, 112),
            SwapPss = LittleEndian.U64(payload, 120),
        };
    }

    /// <summary>Encodes the block: <see cref="ExtendedSize"/> bytes where there is room for them, else the first <see cref="Size"/>.</summary>
    /// <param name="destination">The room of the block, at least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        bool extended = destination.Length >= ExtendedSize;
        Span<byte> bytes = destination[..(extended ? ExtendedSize : Size)];
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
        if (extended)
        {
            LittleEndian.Put(bytes, 80, Locked);
            LittleEndian.Put(bytes, 88, ShmemPmdMapped);
            LittleEndian.Put(bytes, 96, FilePmdMapped);
            LittleEndian.Put(bytes, 104, SharedHugetlb);
            LittleEndian.Put(bytes, 112, PrivateHugetlb);
            LittleEndian.Put(bytes, 120, SwapPss);
        }
    }
}
