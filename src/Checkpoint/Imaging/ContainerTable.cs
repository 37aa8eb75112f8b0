using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>The section table, which the file ends with. With the header before them, its rows cover the whole file.</summary>
internal sealed class ContainerTable
{
    private const string Section = "section table";
    private const int OldColumns = 5;
    private const int Columns = 7;

    private ContainerTable(List<ImageSection> sections, List<SkippedFrame> skipped, bool isChecked)
    {
        Sections = sections;
        Skipped = skipped;
        IsChecked = isChecked;
    }

    /// <summary>The sections in the order of the file; without versions and digests unless <see cref="IsChecked"/>.</summary>
    public List<ImageSection> Sections { get; }

    /// <summary>The skippable frames between them.</summary>
    public List<SkippedFrame> Skipped { get; }

    /// <summary>Whether it has a checksum of itself and digests. Images of before have neither, and skippable frames that it does not list.</summary>
    public bool IsChecked { get; }

    /// <summary>Reads the length of the table's frame from what the file ends with.</summary>
    /// <param name="trailer">The last <see cref="Container.TrailerLength"/> bytes.</param>
    /// <returns>The length with the frame's header; -1 when the file does not end so.</returns>
    public static long FrameLength(ReadOnlySpan<byte> trailer) =>
        trailer[sizeof(uint)..].SequenceEqual(Container.EndMark) ? BinaryPrimitives.ReadUInt32LittleEndian(trailer) : -1;

    /// <summary>Writes the table's frame.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="sections">The sections in the order of the file.</param>
    /// <param name="skipped">The skippable frames between them.</param>
    public static void Write(ByteBuffer output, IReadOnlyList<ImageSection> sections, IReadOnlyList<SkippedFrame> skipped)
    {
        ByteBuffer content = new(int.MaxValue, "the section table");
        MessagePackWriter writer = new(content);
        writer.WriteMapHeader(skipped.Count > 0 ? 3 : 2);
        writer.WriteString("sections"u8);
        writer.WriteArrayHeader(sections.Count);
        foreach (ImageSection section in sections)
        {
            writer.WriteArrayHeader(Columns);
            writer.Write(section.Name);
            writer.Write(section.Offset);
            writer.Write(section.CompressedLength);
            writer.Write(section.Length);
            writer.Write((ulong)section.Crc32C);
            writer.WriteBin(section.Digest.Span);
            writer.Write((ulong)section.Version);
        }

        if (skipped.Count > 0)
        {
            writer.WriteString("skippable"u8);
            writer.WriteArrayHeader(skipped.Count);
            foreach (SkippedFrame frame in skipped)
            {
                writer.WriteArrayHeader(3);
                writer.Write(frame.Offset);
                writer.Write(frame.Length);
                writer.Write((ulong)frame.Crc32C);
            }
        }

        writer.WriteString("crc"u8);
        writer.Flush();
        writer.Write((ulong)Container.Crc32C(0, content.Span));
        writer.Flush();

        int length = content.Length + Container.TrailerLength;
        Span<byte> ends = stackalloc byte[Container.SkippableHeader];
        BinaryPrimitives.WriteUInt32LittleEndian(ends, Container.TableMagic);
        BinaryPrimitives.WriteUInt32LittleEndian(ends[4..], (uint)length);
        output.Append(ends);
        output.Append(content.Span);
        BinaryPrimitives.WriteUInt32LittleEndian(ends, (uint)(length + Container.SkippableHeader));
        Container.EndMark.CopyTo(ends[4..]);
        output.Append(ends);
    }

    /// <summary>Reads the table.</summary>
    /// <param name="content">Content of its frame.</param>
    /// <param name="start">Where it begins in the file, for exceptions.</param>
    /// <param name="limits">The caps.</param>
    /// <returns>The table.</returns>
    /// <exception cref="ImageFormatException">It is not valid.</exception>
    public static ContainerTable Read(ReadOnlyMemory<byte> content, long start, ImageLimits limits)
    {
        ReadOnlyMemory<byte> body = content[..^Container.TrailerLength];
        if (FrameLength(content.Span[^Container.TrailerLength..]) != content.Length + Container.SkippableHeader)
        {
            throw new ImageFormatException(start + body.Length, "the section table does not end with its length and the mark CKPE") { Fault = ImageFault.Table };
        }

        SectionMap map = new(body, Section, limits);
        bool isChecked = map.Count > 1;
        if (isChecked)
        {
            Check(map, body.Span);
        }

        MessagePackReader reader = map.Find("sections");
        List<ImageSection> sections = [];
        for (int left = Count(ref reader, limits); left > 0; left--)
        {
            sections.Add(ReadRow(ref reader, isChecked, limits));
        }

        List<SkippedFrame> skipped = [];
        if (map.Position("skippable") >= 0)
        {
            reader = map.Find("skippable");
            for (int left = Count(ref reader, limits); left > 0; left--)
            {
                int extra = Elements(ref reader, 3);
                skipped.Add(new SkippedFrame(reader.ReadInt64(), reader.ReadInt64(), reader.ReadUInt32()));
                SkipElements(ref reader, extra, limits);
            }
        }

        return new ContainerTable(sections, skipped, isChecked);
    }

    /// <summary>Compares the table with what was found on the way to it.</summary>
    /// <param name="sections">The sections that were found.</param>
    /// <param name="skipped">The skippable frames that were found.</param>
    /// <param name="start">Where the table begins in the file.</param>
    /// <exception cref="ImageFormatException">The table says something else.</exception>
    public void Compare(IReadOnlyList<ImageSection> sections, IReadOnlyList<SkippedFrame> skipped, long start)
    {
        if (Sections.Count != sections.Count)
        {
            throw new ImageFormatException(start, $"the section table has {Sections.Count} sections, the file {sections.Count}") { Fault = ImageFault.Table };
        }

        for (int i = 0; i < sections.Count; i++)
        {
            ImageSection found = IsChecked ? sections[i] : sections[i] with { Version = 0, Digest = default };
            if (Sections[i] != found)
            {
                throw new ImageFormatException(
                    start, $"the section table does not say of section '{found.Name}' what the file holds")
                { Fault = ImageFault.Table };
            }
        }

        if (IsChecked && !Skipped.SequenceEqual(skipped))
        {
            throw new ImageFormatException(start, "the section table does not say of the skippable frames what the file holds") { Fault = ImageFault.Table };
        }
    }

    /// <summary>The checksum stands last, so it covers all that is before it.</summary>
    private static void Check(SectionMap map, ReadOnlySpan<byte> body)
    {
        MessagePackReader reader = map.Find("crc");
        int end = reader.Position;
        uint crc = reader.ReadUInt32();
        if (!reader.End || crc != Container.Crc32C(0, body[..end]))
        {
            throw new ImageFormatException(end, "the section table is damaged: its checksum is another, or not the last of it", Section) { Fault = ImageFault.Table };
        }
    }

    private static ImageSection ReadRow(ref MessagePackReader reader, bool isChecked, ImageLimits limits)
    {
        int extra = Elements(ref reader, isChecked ? Columns : OldColumns);
        ImageSection row = new(
            SectionMap.ReadShortString(ref reader, limits), 0, reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadUInt32(), default);
        if (isChecked)
        {
            row = row with { Digest = ReadDigest(ref reader), Version = reader.ReadUInt32() };
        }

        SkipElements(ref reader, extra, limits);
        return row;
    }

    private static ByteString ReadDigest(ref MessagePackReader reader)
    {
        ReadOnlySpan<byte> bytes = reader.ReadBytes();
        return bytes.Length == Sha256.Length ? new ByteString(bytes) : throw reader.Error($"a digest has {bytes.Length} bytes, not {Sha256.Length}");
    }

    private static int Count(ref MessagePackReader reader, ImageLimits limits)
    {
        int count = reader.ReadArrayHeader();
        return count <= limits.Frames ? count : throw reader.Error($"{count} frames are too many, {limits.Frames} are allowed");
    }

    /// <summary>Begins a row; a later version may append to it.</summary>
    private static int Elements(ref MessagePackReader reader, int needed)
    {
        int count = reader.ReadArrayHeader();
        return count >= needed ? count - needed : throw reader.Error($"a row of the section table has {count} values, {needed} are needed");
    }

    private static void SkipElements(ref MessagePackReader reader, int count, ImageLimits limits)
    {
        for (; count > 0; count--)
        {
            reader.Skip(limits.Nesting);
        }
    }
}
