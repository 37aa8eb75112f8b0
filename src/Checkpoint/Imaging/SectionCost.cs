using System;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>
/// What a section takes once it is read, told from its counts before anything is made of them. Equal rows compress to almost
/// nothing, so a few KiB could otherwise ask for gigabytes, and for minutes: a row counts what it takes in memory, or more
/// where it costs a view or a comparison more than a VMA of the same size does.
/// </summary>
internal static class SectionCost
{
    /// <summary>Bytes of the content beside which the rows of a section come to.</summary>
    /// <param name="section">The section.</param>
    /// <returns>Bytes, about. Counts that are not there or impossible cost nothing: reading them will say so.</returns>
    public static long Of(SectionMap section)
    {
        int row = RowBytes(section.Section);
        long cost = row * Number(section, section.Section == StringTable.Name ? "values" : "count");
        if (section.Section == SpacesSection.Name && section.Position("columns") >= 0)
        {
            SectionMap columns = section.FindMap("columns");
            cost += OfVmas(Number(columns, "pages"), Number(columns, "rss"));
        }

        return cost;
    }

    /// <summary>What VMAs take.</summary>
    /// <param name="vmas">How many.</param>
    /// <param name="stats">How many have statistics.</param>
    /// <returns>Bytes.</returns>
    public static long OfVmas(long vmas, long stats)
    {
        const int VmaBytes = 40;
        const int StatsBytes = 128;
        return (VmaBytes * vmas) + (StatsBytes * stats);
    }

    /// <summary>What a supplementary group takes, in its set and for each thread that has it.</summary>
    public const int GroupBytes = 8;

    /// <summary>What an id in a pid namespace takes.</summary>
    public const int NsPidBytes = 8;

    /// <summary>What a mapped file's name counts for each VMA beside <see cref="OfVmas"/>: those of libraries nothing, those that fill lines more.</summary>
    /// <param name="file">The file.</param>
    /// <returns>Bytes.</returns>
    public static int OfName(MappedFile file)
    {
        const int Short = 64;
        return Math.Max(0, file.Name.Length - Short);
    }

    /// <summary>What showing a VMA costs beside <see cref="OfVmas"/>: its file's name, and the names of flags.</summary>
    /// <param name="vma">The VMA.</param>
    /// <param name="names">What the name of each file counts; null when there are none.</param>
    /// <returns>Bytes.</returns>
    public static int OfView(in Vma vma, int[]? names)
    {
        const int FlagNames = 40;
        return (names is not null && (uint)vma.File < (uint)names.Length ? names[vma.File] : 0) + ((vma.Flags & VmaFlags.AllKnown) != 0 ? FlagNames : 0);
    }

    /// <summary>What showing a list of VMAs costs.</summary>
    /// <param name="space">The list.</param>
    /// <param name="names">What the name of each file counts.</param>
    /// <returns>Bytes.</returns>
    public static long OfView(AddressSpace space, int[] names)
    {
        long cost = OfVmas(space.Vmas.Length, space.Stats.Length);
        foreach (ref readonly Vma vma in space.Vmas)
        {
            cost += OfView(vma, names);
        }

        return cost;
    }

    /// <summary>What an entry takes with what it refers to, texts apart; measured on x86_64.</summary>
    /// <param name="section">Name of its section.</param>
    /// <returns>Bytes.</returns>
    public static int RowBytes(string section) => section switch
    {
        StringTable.Name => 48,
        FilesSection.Name => 160,
        SpacesSection.Name => 96,
        CredentialsSection.Name => 600,
        ProcessesSection.Name => 1000,
        ThreadsSection.Name => 480,
        NoteSections.Users => 128,
        NoteSections.Gaps or NoteSections.Events => 64,
        _ => 0,
    };

    /// <summary>A number, or the length of an array.</summary>
    private static long Number(SectionMap map, string key)
    {
        int position = map.Position(key);
        if (position < 0)
        {
            return 0;
        }

        MessagePackReader reader = map.At(position);
        try
        {
            return reader.NextCode is MessagePackCode.Array16 or MessagePackCode.Array32 or (>= MessagePackCode.MinFixArray and < MessagePackCode.MinFixStr)
                ? reader.ReadArrayHeader()
                : (long)Math.Min(reader.ReadUInt64(), (ulong)map.Length);
        }
        catch (ImageFormatException)
        {
            return 0;
        }
    }
}
