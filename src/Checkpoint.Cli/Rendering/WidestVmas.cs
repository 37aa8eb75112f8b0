using System;
using System.Collections.Generic;
using System.Numerics;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>
/// Those of a list of VMAs among which is the widest cell of each column of <see cref="VmaText"/>: the largest numbers, each kind,
/// and the most flags. So a list of a million need not be formatted twice.
/// </summary>
internal static class WidestVmas
{
    private enum Of64
    {
        Start,
        End,
        Offset,
        Inode,
        Size,
        Device,
        PageSize,
        Flags,
        Rss,
        Pss,
        Dirty,
        Swap,
        Huge,
        Locked,
        Count,
    }

    /// <summary>Looks for them.</summary>
    /// <param name="space">The list.</param>
    /// <param name="files">What the VMAs refer to.</param>
    /// <returns>Indexes into the list.</returns>
    internal static int[] Of(AddressSpace space, IReadOnlyList<MappedFile> files)
    {
        Span<ulong> largest = stackalloc ulong[(int)Of64.Count];
        Span<int> at = stackalloc int[(int)Of64.Count];
        Span<int> kinds = stackalloc int[VmaKinds.Count];
        at.Fill(-1);
        kinds.Fill(-1);
        for (int i = 0; i < space.Vmas.Length; i++)
        {
            ref readonly Vma vma = ref space.Vmas[i];
            MappedFile file = VmaText.FileOf(vma, files);
            kinds[(int)VmaKinds.Of(vma.Flags, file)] = i;
            Note(Of64.Start, vma.Start, largest, at, i);
            Note(Of64.End, vma.End, largest, at, i);
            Note(Of64.Offset, vma.Offset, largest, at, i);
            Note(Of64.Inode, file.Inode, largest, at, i);
            Note(Of64.Size, vma.End - vma.Start, largest, at, i);
            Note(Of64.Device, (ulong)Digits(file.Major) + Digits(file.Minor), largest, at, i);
            Note(Of64.PageSize, vma.PageSize, largest, at, i);
            Note(Of64.Flags, (vma.Flags & VmaFlags.AllKnown) == 0 ? 0 : (ulong)BitOperations.PopCount((ulong)vma.Flags), largest, at, i);
            if (!space.Stats.IsEmpty)
            {
                ref readonly VmaStats stats = ref space.Stats[i];
                Note(Of64.Rss, stats.Rss, largest, at, i);
                Note(Of64.Pss, stats.Pss, largest, at, i);
                Note(Of64.Dirty, VmaText.Dirty(stats), largest, at, i);
                Note(Of64.Swap, stats.Swap, largest, at, i);
                Note(Of64.Huge, VmaText.Huge(stats), largest, at, i);
                Note(Of64.Locked, stats.Locked, largest, at, i);
            }
        }

        List<int> found = [];
        foreach (int index in (ReadOnlySpan<int>)[.. at, .. kinds])
        {
            if (index >= 0)
            {
                found.Add(index);
            }
        }

        return [.. found];
    }

    private static uint Digits(uint number) => number == 0 ? 1 : ((uint)BitOperations.Log2(number) / 4) + 1;

    private static void Note(Of64 what, ulong value, Span<ulong> largest, Span<int> at, int index)
    {
        if (value > largest[(int)what] || at[(int)what] < 0)
        {
            largest[(int)what] = value;
            at[(int)what] = index;
        }
    }
}
