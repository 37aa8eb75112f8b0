using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Writes the frames of an image: header, compressed sections, section table. Never seeks.</summary>
/// <param name="output">Where to.</param>
internal sealed class ContainerWriter(Stream output)
{
    private readonly List<ImageSection> _sections = [];
    private readonly List<SkippedFrame> _skipped = [];
    private long _offset;

    /// <summary>Writes the frame that makes the file recognisable.</summary>
    public void WriteHeader()
    {
        Span<byte> frame = stackalloc byte[Container.HeaderFrameLength];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Container.HeaderMagic);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Container.HeaderLength);
        Container.StartMark.CopyTo(frame[8..]);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[12..], Container.Version);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[14..], 0);
        Write(frame);
    }

    /// <summary>The digest of the image so far.</summary>
    public ByteString Digest => Container.Digest(_sections);

    /// <summary>Writes one section.</summary>
    /// <param name="section">The section.</param>
    public void WriteSection(CompressedSection section)
    {
        ReadOnlySpan<byte> frame = section.Frame.Span;
        _sections.Add(new ImageSection(
            section.Name, section.Version, _offset, frame.Length, section.Length, Container.Crc32C(0, frame), section.Digest));
        Write(frame);
    }

    /// <summary>Writes a skippable frame of another image.</summary>
    /// <param name="frame">The frame with its header.</param>
    public void WriteSkippable(ReadOnlySpan<byte> frame)
    {
        _skipped.Add(new SkippedFrame(_offset, frame.Length, Container.Crc32C(0, frame)));
        Write(frame);
    }

    /// <summary>Writes the table of what was written before, which ends the file.</summary>
    public void WriteTable()
    {
        ByteBuffer table = new(int.MaxValue, "the section table");
        ContainerTable.Write(table, _sections, _skipped);
        Write(table.Span);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        _offset += bytes.Length;
    }
}
