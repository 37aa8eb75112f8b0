using System;
using System.Collections.Generic;
using Checkpoint.Cli.Rendering;
using Checkpoint.Model;

namespace Checkpoint.Cli.Selection;

/// <summary>Orders in which a VMA list is shown; equal ones stay by ascending address.</summary>
internal static class VmaSort
{
    /// <summary>By ascending address.</summary>
    internal const string Address = "addr";

    /// <summary>Largest first.</summary>
    internal const string Size = "size";

    /// <summary>Most in memory first.</summary>
    internal const string Rss = "rss";

    /// <summary>By name, bytewise; those without come first.</summary>
    internal const string Name = "name";

    /// <summary>Orders a list.</summary>
    /// <param name="space">The list.</param>
    /// <param name="files">What the VMAs refer to.</param>
    /// <param name="sort">One of the orders above.</param>
    /// <returns>Indexes into the list.</returns>
    internal static int[] Order(AddressSpace space, IReadOnlyList<MappedFile> files, string sort)
    {
        int[] order = new int[space.Vmas.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Comparison<int>? comparison = sort switch
        {
            Size => (a, b) => SizeOf(space.Vmas[b]).CompareTo(SizeOf(space.Vmas[a])),
            Rss when !space.Stats.IsEmpty => (a, b) => space.Stats[b].Rss.CompareTo(space.Stats[a].Rss),
            Name => (a, b) => VmaText.FileOf(space.Vmas[a], files).Name.CompareTo(VmaText.FileOf(space.Vmas[b], files).Name),
            _ => null,
        };
        if (comparison is not null)
        {
            order.AsSpan().Sort((a, b) => comparison(a, b) is int result and not 0 ? result : a.CompareTo(b));
        }

        return order;
    }

    private static ulong SizeOf(Vma vma) => vma.End - vma.Start;
}
