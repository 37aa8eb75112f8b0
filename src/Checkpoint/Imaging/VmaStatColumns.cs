using System;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>
/// The columns of <see cref="VmaStats"/> in section <c>spaces</c>, in KiB. All of a list's VMAs have values, or all have
/// nil because the list was captured without.
/// </summary>
internal static class VmaStatColumns
{
    private const int ShiftToKib = 10;

    public static readonly string[] Names =
    [
        "rss", "pss", "shared_clean", "shared_dirty", "private_clean", "private_dirty", "referenced", "anonymous",
        "anon_huge_pages", "shmem_pmd_mapped", "file_pmd_mapped", "shared_hugetlb", "private_hugetlb", "swap", "swap_pss", "locked",
    ];

    /// <summary>Reads one value; in the order of <see cref="Names"/>.</summary>
    private static readonly ValueOf[] Values =
    [
        (in s) => s.Rss, (in s) => s.Pss, (in s) => s.SharedClean, (in s) => s.SharedDirty, (in s) => s.PrivateClean,
        (in s) => s.PrivateDirty, (in s) => s.Referenced, (in s) => s.Anonymous, (in s) => s.AnonHugePages,
        (in s) => s.ShmemPmdMapped, (in s) => s.FilePmdMapped, (in s) => s.SharedHugetlb, (in s) => s.PrivateHugetlb,
        (in s) => s.Swap, (in s) => s.SwapPss, (in s) => s.Locked,
    ];

    private delegate ulong ValueOf(in VmaStats stats);

    /// <summary>How many columns there are.</summary>
    public static int Count => Names.Length;

    /// <summary>Whether all values are whole KiB, as smaps counts.</summary>
    /// <param name="stats">The values.</param>
    /// <returns>Whether they are.</returns>
    public static bool AreWholeKib(in VmaStats stats)
    {
        ulong bits = 0;
        foreach (ValueOf value in Values)
        {
            bits |= value(stats);
        }

        return (bits & ((1 << ShiftToKib) - 1)) == 0;
    }

    /// <summary>Writes the columns.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="spaces">The lists.</param>
    public static void Write(ref MessagePackWriter writer, SpaceTable spaces)
    {
        for (int column = 0; column < Names.Length; column++)
        {
            writer.Write(Names[column]);
            writer.WriteArrayHeader(spaces.VmaCount);
            foreach (AddressSpace space in spaces.Lists)
            {
                Write(ref writer, space, Values[column]);
            }
        }
    }

    /// <summary>Finds the columns.</summary>
    /// <param name="columns">The columns of the section.</param>
    /// <param name="count">VMAs in all lists.</param>
    /// <returns>Their reader; null when there is none.</returns>
    /// <exception cref="ImageFormatException">A column has another length.</exception>
    public static ColumnGroup? Find(SectionMap columns, int count)
    {
        ColumnReader[] readers = new ColumnReader[Names.Length];
        bool isThere = false;
        for (int i = 0; i < readers.Length; i++)
        {
            int position = count > 0 ? columns.Position(Names[i]) : -1;
            isThere |= position >= 0;
            readers[i] = new ColumnReader(columns, Names[i], position < 0 ? -1 : VmaColumns.Begin(columns, Names[i], count).Position);
        }

        return isThere ? new ColumnGroup(readers) : null;
    }

    /// <summary>Reads the values of the next list.</summary>
    /// <param name="columns">What <see cref="Find"/> returned.</param>
    /// <param name="count">VMAs in the list.</param>
    /// <param name="left">How many VMAs may still have values; those of this list are taken off.</param>
    /// <returns>One for each VMA; null when they are nil.</returns>
    /// <exception cref="ImageFormatException">Some are nil and some not, or out of range, or too many.</exception>
    public static VmaStats[]? Read(ColumnGroup columns, int count, ref int left)
    {
        VmaStats[]? stats = null;
        Span<ulong> values = stackalloc ulong[Names.Length];
        for (int i = 0; i < count; i++)
        {
            bool isNil = !columns.TryRead(values);
            if (i == 0 && !isNil)
            {
                left = count <= left ? left - count : throw columns.Error("more VMAs have statistics than are allowed");
                stats = new VmaStats[count];
            }

            if (isNil != stats is null)
            {
                throw columns.Error("some VMAs of a list have statistics and some not");
            }

            if (stats is not null)
            {
                stats[i] = Join(columns, values);
            }
        }

        return stats;
    }

    private static void Write(ref MessagePackWriter writer, AddressSpace space, ValueOf value)
    {
        if (space.Stats.IsEmpty)
        {
            for (int i = 0; i < space.Vmas.Length; i++)
            {
                writer.WriteNil();
            }
        }

        foreach (ref readonly VmaStats stats in space.Stats)
        {
            writer.Write(value(stats) >> ShiftToKib);
        }
    }

    private static VmaStats Join(ColumnGroup columns, Span<ulong> v)
    {
        foreach (ref ulong value in v)
        {
            value = value <= ulong.MaxValue >> ShiftToKib ? value << ShiftToKib : throw columns.Error($"{value} KiB passes 2^64 bytes");
        }

        return new VmaStats
        {
            Rss = v[0],
            Pss = v[1],
            SharedClean = v[2],
            SharedDirty = v[3],
            PrivateClean = v[4],
            PrivateDirty = v[5],
            Referenced = v[6],
            Anonymous = v[7],
            AnonHugePages = v[8],
            ShmemPmdMapped = v[9],
            FilePmdMapped = v[10],
            SharedHugetlb = v[11],
            PrivateHugetlb = v[12],
            Swap = v[13],
            SwapPss = v[14],
            Locked = v[15],
        };
    }
}
