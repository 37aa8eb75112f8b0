using System;
using System.Numerics;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>
/// Section <c>spaces</c>: all VMA lists one after the other, in columns, addresses as distances in pages. Nothing is
/// allocated per VMA in either direction: this is where the bulk of an image is.
/// </summary>
internal static class SpacesSection
{
    /// <summary>The section's name.</summary>
    public const string Name = "spaces";

    /// <summary>Writes the section.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="spaces">The lists.</param>
    /// <param name="pageSize">Page size in bytes.</param>
    public static void Write(ByteBuffer output, SpaceTable spaces, uint pageSize)
    {
        int shift = BitOperations.Log2(pageSize);
        MessagePackWriter writer = new(output);
        writer.WriteMapHeader(5);
        writer.WriteSectionName(Name);
        writer.WriteString("count"u8);
        writer.Write(spaces.Lists.Length);
        writer.WriteString("lengths"u8);
        writer.WriteArrayHeader(spaces.Lists.Length);
        foreach (AddressSpace space in spaces.Lists)
        {
            writer.Write(space.Vmas.Length);
        }

        writer.WriteString("columns"u8);
        writer.WriteMapHeader(5 + (spaces.HasPageSizes ? 1 : 0) + (spaces.StatsCount > 0 ? VmaStatColumns.Count : 0));
        BeginColumn(ref writer, "gap"u8, spaces);
        foreach (AddressSpace space in spaces.Lists)
        {
            ulong end = 0;
            foreach (ref readonly Vma vma in space.Vmas)
            {
                writer.Write((vma.Start - end) >> shift);
                end = vma.End;
            }
        }

        BeginColumn(ref writer, "pages"u8, spaces);
        foreach (AddressSpace space in spaces.Lists)
        {
            foreach (ref readonly Vma vma in space.Vmas)
            {
                writer.Write((vma.End - vma.Start) >> shift);
            }
        }

        BeginColumn(ref writer, "flags"u8, spaces);
        foreach (AddressSpace space in spaces.Lists)
        {
            foreach (ref readonly Vma vma in space.Vmas)
            {
                writer.Write((ulong)vma.Flags);
            }
        }

        BeginColumn(ref writer, "offset"u8, spaces);
        foreach (AddressSpace space in spaces.Lists)
        {
            foreach (ref readonly Vma vma in space.Vmas)
            {
                writer.Write(vma.Offset >> shift);
            }
        }

        BeginColumn(ref writer, "file"u8, spaces);
        foreach (AddressSpace space in spaces.Lists)
        {
            foreach (ref readonly Vma vma in space.Vmas)
            {
                if (vma.File < 0)
                {
                    writer.WriteNil();
                }
                else
                {
                    writer.Write((ulong)spaces.FileNumber(vma.File));
                }
            }
        }

        if (spaces.HasPageSizes)
        {
            WritePageSizes(ref writer, spaces);
        }

        if (spaces.StatsCount > 0)
        {
            VmaStatColumns.Write(ref writer, spaces);
        }

        writer.Flush();
    }

    /// <summary>Reads the section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="pageSize">Page size in bytes.</param>
    /// <param name="files">The files; null when they are lost, and a VMA may refer to any.</param>
    /// <returns>The lists.</returns>
    /// <exception cref="ImageFormatException">It is not valid.</exception>
    public static AddressSpace[] Read(SectionMap section, uint pageSize, MappedFile[]? files)
    {
        ImageLimits limits = section.Limits;
        int count = TableReader.ReadCount(section, limits.Processes);
        MessagePackReader lengths = section.Find("lengths");
        int lists = lengths.ReadArrayHeader();
        if (lists != count)
        {
            throw lengths.Error($"there are {lists} lengths, and {count} lists");
        }

        int left = TotalLength(lengths, lists, limits);
        SectionMap columns = section.FindMap("columns");
        VmaColumns vmas = new(columns, left, BitOperations.Log2(pageSize), files, limits);
        AddressSpace[] spaces = new AddressSpace[lists];
        for (int i = 0; i < lists; i++)
        {
            spaces[i] = vmas.Read((int)lengths.ReadUInt64());
        }

        return spaces;
    }

    private static void BeginColumn(ref MessagePackWriter writer, scoped ReadOnlySpan<byte> name, SpaceTable spaces)
    {
        writer.WriteString(name);
        writer.WriteArrayHeader(spaces.VmaCount);
    }

    private static void WritePageSizes(ref MessagePackWriter writer, SpaceTable spaces)
    {
        BeginColumn(ref writer, "page_size"u8, spaces);
        foreach (AddressSpace space in spaces.Lists)
        {
            foreach (ref readonly Vma vma in space.Vmas)
            {
                if (vma.PageSize == 0)
                {
                    writer.WriteNil();
                }
                else
                {
                    writer.Write((ulong)vma.PageSize);
                }
            }
        }
    }

    private static int TotalLength(MessagePackReader lengths, int lists, ImageLimits limits)
    {
        ulong total = 0;
        for (int i = 0; i < lists; i++)
        {
            ulong length = lengths.ReadUInt64();
            if (length > (ulong)limits.Vmas - total)
            {
                throw lengths.Error($"the lists hold more than the {limits.Vmas} VMAs that are allowed");
            }

            total += length;
        }

        return (int)total;
    }
}
