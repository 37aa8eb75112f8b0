using System;

namespace Checkpoint.TaskDiag;

/// <summary>struct task_diag_statm: sizes of the address space in pages, <see cref="PtesBytes"/> apart.</summary>
/// <param name="Anon">Resident anonymous.</param>
/// <param name="File">Resident file mappings.</param>
/// <param name="Shmem">Resident shared memory.</param>
/// <param name="TotalVm">Virtual size.</param>
/// <param name="TotalRss">Resident size.</param>
/// <param name="HiwaterVm">Peak virtual size.</param>
/// <param name="HiwaterRss">Peak resident size.</param>
/// <param name="Text">Program text.</param>
/// <param name="Lib">Library text.</param>
/// <param name="Swap">Swapped-out anonymous memory.</param>
/// <param name="PtesBytes">Page tables in bytes, as Checkpoint's transports and newer kernels fill it.</param>
/// <param name="Pmds">Unset in newer kernels; 0 from the layout without it.</param>
/// <param name="LockedVm">Locked.</param>
/// <param name="PinnedVm">Pinned.</param>
/// <param name="DataVm">Private data.</param>
/// <param name="StackVm">Stack.</param>
public readonly record struct TaskDiagStatm(
    ulong Anon, ulong File, ulong Shmem, ulong TotalVm, ulong TotalRss, ulong HiwaterVm, ulong HiwaterRss, ulong Text,
    ulong Lib, ulong Swap, ulong PtesBytes, ulong Pmds, ulong LockedVm, ulong PinnedVm, ulong DataVm, ulong StackVm)
{
    /// <summary>Encoded size in bytes.</summary>
    public const int Size = 128;

    /// <summary>Size of the layout without <see cref="Pmds"/>, whose later fields lie 8 bytes lower.</summary>
    public const int SizeWithoutPmds = 120;

    /// <summary>Decodes the attribute, in the layout that its length tells.</summary>
    /// <param name="payload">At least <see cref="SizeWithoutPmds"/> bytes; fewer than <see cref="Size"/> mean the layout without pmds.</param>
    /// <returns>The value.</returns>
    /// <exception cref="WireFormatException">The payload is shorter.</exception>
    public static TaskDiagStatm Read(ReadOnlySpan<byte> payload)
    {
        WireFormatException.ThrowIfShorter(payload, SizeWithoutPmds, "STATM");
        bool hasPmds = payload.Length >= Size;
        ReadOnlySpan<byte> tail = payload[(hasPmds ? 96 : 88)..];
        return new TaskDiagStatm(
            LittleEndian.U64(payload, 0), LittleEndian.U64(payload, 8), LittleEndian.U64(payload, 16), LittleEndian.U64(payload, 24),
            LittleEndian.U64(payload, 32), LittleEndian.U64(payload, 40), LittleEndian.U64(payload, 48), LittleEndian.U64(payload, 56),
            LittleEndian.U64(payload, 64), LittleEndian.U64(payload, 72), LittleEndian.U64(payload, 80),
            hasPmds ? LittleEndian.U64(payload, 88) : 0,
            LittleEndian.U64(tail, 0), LittleEndian.U64(tail, 8), LittleEndian.U64(tail, 16), LittleEndian.U64(tail, 24));
    }

    /// <summary>Encodes the attribute in the layout of <see cref="Size"/>.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        Span<byte> bytes = destination[..Size];
        LittleEndian.Put(bytes, 0, Anon);
        LittleEndian.Put(bytes, 8, File);
        LittleEndian.Put(bytes, 16, Shmem);
        LittleEndian.Put(bytes, 24, TotalVm);
        LittleEndian.Put(bytes, 32, TotalRss);
        LittleEndian.Put(bytes, 40, HiwaterVm);
        LittleEndian.Put(bytes, 48, HiwaterRss);
        LittleEndian.Put(bytes, 56, Text);
        LittleEndian.Put(bytes, 64, Lib);
        LittleEndian.Put(bytes, 72, Swap);
        LittleEndian.Put(bytes, 80, PtesBytes);
        LittleEndian.Put(bytes, 88, Pmds);
        LittleEndian.Put(bytes, 96, LockedVm);
        LittleEndian.Put(bytes, 104, PinnedVm);
        LittleEndian.Put(bytes, 112, DataVm);
        LittleEndian.Put(bytes, 120, StackVm);
    }
}
