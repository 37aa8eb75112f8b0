using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;

namespace Checkpoint.Imaging;

/// <summary>Writes the frames of an image: header, compressed sections, section table. Never seeks.</summary>
/// <param name="output">Where to.</param>
internal sealed class ContainerWriter(Stream output)
{
    private readonly List<ImageSection> _sections = [];
    private long _offset;

    /// <summary>Writes the frame that makes the file recognisable.</summary>
    public void WriteHeader()
    {
        Span<byte> frame = stackalloc byte[Container.SkippableHeader + Container.HeaderLength];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Container.HeaderMagic);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Container.HeaderLength);
        Container.StartMark.CopyTo(frame[8..]);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[12..], Container.Version);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[14..], 0);
        Write(frame);
    }

    /// <summary>Writes one section.</summary>
    /// <param name="section">The section.</param>
    public void WriteSection(CompressedSection section)
    {
        _sections.Add(new ImageSection(
            section.Name, Container.SectionVersion, _offset, section.Frame.Length, section.Length, Container.Crc32C(0, section.Frame)));
        Write(section.Frame);
    }

    /// <summary>Writes the table of the sections written before, which ends the file.</summary>
    public void WriteTable()
    {
        ByteBuffer content = new(int.MaxValue, "the section table");
        MessagePackWriter writer = new(content);
        writer.WriteMapHeader(1);
        writer.WriteString("sections"u8);
        writer.WriteArrayHeader(_sections.Count);
        foreach (ImageSection section in _sections)
        {
            writer.WriteArrayHeader(5);
            writer.Write(section.Name);
            writer.Write(section.Offset);
            writer.Write(section.CompressedLength);
            writer.Write(section.Length);
            writer.Write((ulong)section.Crc32C);
        }

        writer.Flush();
        int length = content.Length + Container.TrailerLength;
        Span<byte> header = stackalloc byte[Container.SkippableHeader];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Container.TableMagic);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)length);
        Write(header);
        Write(content.Span);
        Span<byte> trailer = stackalloc byte[Container.TrailerLength];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, (uint)(length + Container.SkippableHeader));
        Container.EndMark.CopyTo(trailer[4..]);
        Write(trailer);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        _offset += bytes.Length;
    }
}
