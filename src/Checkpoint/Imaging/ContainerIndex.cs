using System;
using System.Buffers.Binary;
using System.IO;

namespace Checkpoint.Imaging;

/// <summary>The section table of a stream that can be sought in: leads to sections without reading those before them.</summary>
internal sealed class ContainerIndex
{
    private readonly Stream _input;
    private readonly long _start;
    private readonly ContainerTable _table;
    private readonly ImageLimits _limits;

    private ContainerIndex(Stream input, long start, long length, ContainerTable table, ImageLimits limits)
    {
        _input = input;
        _start = start;
        _table = table;
        _limits = limits;
        Scan = new ImageScan { Sections = table.Sections, Length = length };
    }

    /// <summary>What the table says of the file.</summary>
    public ImageScan Scan { get; }

    /// <summary>Reads header and table.</summary>
    /// <param name="input">The image from the current position to the end.</param>
    /// <param name="limits">The caps.</param>
    /// <returns>
    /// The index; null when there is none: the stream cannot be sought in, the file does not end as an image does, or its table has
    /// no digests. Then the image is to be read from front to back. The position is where it was.
    /// </returns>
    /// <exception cref="ImageFormatException">The table is not valid, or this is no image that this program reads.</exception>
    public static ContainerIndex? Open(Stream input, ImageLimits limits)
    {
        if (!input.CanSeek)
        {
            return null;
        }

        long start = input.Position;
        long length = input.Length - start;
        long least = Container.HeaderFrameLength + Container.SkippableHeader + Container.TrailerLength;
        long frame = length < least ? -1 : ContainerTable.FrameLength(At(input, start + length - Container.TrailerLength, Container.TrailerLength));
        if (frame < Container.SkippableHeader + Container.TrailerLength || frame > length - Container.HeaderFrameLength || frame > limits.TableBytes)
        {
            // Whoever reads from the front finds out what is wrong.
            input.Position = start;
            return null;
        }

        Container.CheckHeader(At(input, start, Container.HeaderFrameLength));
        long place = length - frame;
        byte[] bytes = At(input, start + place, (int)frame);
        input.Position = start;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Container.TableMagic
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(sizeof(uint))) != frame - Container.SkippableHeader)
        {
            return null;
        }

        ContainerTable table = ContainerTable.Read(bytes.AsMemory(Container.SkippableHeader), place + Container.SkippableHeader, limits);
        if (!table.IsChecked)
        {
            return null;
        }

        CheckCover(table, place, limits);
        return new ContainerIndex(input, start, length, table, limits);
    }

    /// <summary>Reads sections in the order of the file. Some are decompressed ahead while one is taken.</summary>
    /// <param name="wants">Whether a section is asked for, by name.</param>
    /// <param name="take">Takes the sections that are.</param>
    /// <param name="verify">Whether the other sections and the digests of all are checked too.</param>
    /// <exception cref="ImageFormatException">What was read is not what the table says.</exception>
    public void Read(Func<string, bool> wants, SectionTaker take, bool verify)
    {
        using SectionPrefetch prefetch = new(_limits, verify);
        foreach (ImageSection section in _table.Sections)
        {
            if (!verify && !wants(section.Name))
            {
                continue;
            }

            if (prefetch.IsFull)
            {
                prefetch.Take(take);
            }

            prefetch.Add(section, At(_input, _start + section.Offset, (int)section.CompressedLength));
        }

        while (!prefetch.IsEmpty)
        {
            prefetch.Take(take);
        }

        if (verify)
        {
            CheckSkipped();
        }

        _input.Position = _start + Scan.Length;
    }

    /// <summary>Whether the frames of the table follow each other from the header to the table, with lengths that can be.</summary>
    private static void CheckCover(ContainerTable table, long end, ImageLimits limits)
    {
        long place = Container.HeaderFrameLength;
        int skipped = 0;
        for (int i = 0; i <= table.Sections.Count; i++)
        {
            // Both lists are in the order of the file: what is not a section must be the next of the others.
            for (; skipped < table.Skipped.Count && table.Skipped[skipped].Offset == place; skipped++)
            {
                Pass(table.Skipped[skipped].Offset, table.Skipped[skipped].Length);
            }

            if (i < table.Sections.Count)
            {
                Pass(table.Sections[i].Offset, table.Sections[i].CompressedLength);
            }
        }

        long total = 0;
        foreach (ImageSection section in table.Sections)
        {
            SectionDecompressor.CheckLengths(section.Offset, section.CompressedLength, section.Length, limits.TotalBytes - total, limits);
            total += section.Length;
            SectionDecompressor.CheckTotal(section.Offset, total, section.Offset + section.CompressedLength, limits);
        }

        if (place != end || skipped != table.Skipped.Count)
        {
            throw new ImageFormatException(end, $"the section table says nothing of the bytes from {place} to {end}") { Fault = ImageFault.Table };
        }

        void Pass(long offset, long length)
        {
            if (offset != place || length <= 0 || length > end - place)
            {
                throw new ImageFormatException(end, $"the section table has a frame of {length} bytes at {offset}, where one at {place} should be") { Fault = ImageFault.Table };
            }

            place += length;
        }
    }

    private void CheckSkipped()
    {
        foreach (SkippedFrame skipped in _table.Skipped)
        {
            _input.Position = _start + skipped.Offset;
            FrameInput frame = new(_input);
            if (!frame.Skip(skipped.Length) || frame.Crc32C != skipped.Crc32C)
            {
                throw new ImageFormatException(skipped.Offset, "the section table does not say of the skippable frame what the file holds") { Fault = ImageFault.Table };
            }
        }
    }

    private static byte[] At(Stream input, long position, int length)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(length);
        input.Position = position;
        input.ReadExactly(bytes);
        return bytes;
    }
}
