using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;

namespace Checkpoint.Imaging;

/// <summary>Reads the frames of an image one after the other, from a file or a pipe, and checks the table at the end against them.</summary>
internal sealed class ContainerReader : IDisposable
{
    private readonly FrameInput _input;
    private readonly ImageLimits _limits;
    private readonly SectionDecompressor _decompressor;
    private readonly ByteBuffer _body;
    private readonly List<ImageSection> _sections = [];
    private long _total;
    private int _frames;

    /// <summary>Reads nothing yet.</summary>
    /// <param name="stream">The image; not closed.</param>
    /// <param name="limits">The caps.</param>
    public ContainerReader(Stream stream, ImageLimits limits)
    {
        _input = new FrameInput(stream);
        _limits = limits;
        _decompressor = new SectionDecompressor(limits);
        _body = new ByteBuffer(limits.SectionBytes, "a section");
    }

    /// <summary>The whole sections read so far.</summary>
    public IReadOnlyList<ImageSection> Sections => _sections;

    /// <summary>Content of the section read last, until the next read.</summary>
    public ReadOnlyMemory<byte> Body => _body.Memory;

    /// <summary>Whether reading failed because the file ends too early.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Reads up to the end of the next section, or of the file.</summary>
    /// <returns>The section; null after the section table.</returns>
    /// <exception cref="ImageFormatException">The bytes are not a valid image.</exception>
    public ImageSection? ReadSection()
    {
        if (_frames == 0)
        {
            ReadHeader();
        }

        while (true)
        {
            long start = _input.Offset;
            if (!_input.Ensure(sizeof(uint)))
            {
                throw Truncated();
            }

            if (++_frames > _limits.Frames)
            {
                throw new ImageFormatException(start, $"there are more than {_limits.Frames} frames");
            }

            uint magic = BinaryPrimitives.ReadUInt32LittleEndian(_input.Available);
            if (magic == Zstd.FrameMagic)
            {
                return ReadFrame(start);
            }

            if ((magic & ~0xfu) != Zstd.SkippableMagic)
            {
                throw new ImageFormatException(start, $"0x{magic:x8} does not begin a frame");
            }

            if (!_input.Ensure(Container.SkippableHeader))
            {
                throw Truncated();
            }

            uint length = BinaryPrimitives.ReadUInt32LittleEndian(_input.Available[sizeof(uint)..]);
            _input.Consume(Container.SkippableHeader);
            if (magic == Container.TableMagic)
            {
                ReadTable(length);
                return null;
            }

            // What a later version may put between the sections.
            if (!_input.Skip(length))
            {
                throw Truncated();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _decompressor.Dispose();

    private void ReadHeader()
    {
        const int Length = Container.SkippableHeader + Container.HeaderLength;
        bool isWhole = _input.Ensure(Length);
        Span<byte> expected = stackalloc byte[12];
        BinaryPrimitives.WriteUInt32LittleEndian(expected, Container.HeaderMagic);
        BinaryPrimitives.WriteUInt32LittleEndian(expected[4..], Container.HeaderLength);
        Container.StartMark.CopyTo(expected[8..]);
        int compared = Math.Min(expected.Length, _input.Available.Length);
        if (compared == 0 || !_input.Available[..compared].SequenceEqual(expected[..compared]))
        {
            throw new ImageFormatException(0, compared == 0 ? "this is not an image: it is empty" : "this is not an image: the mark CKPT is missing");
        }

        if (!isWhole)
        {
            throw Truncated();
        }

        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(_input.Available[12..]);
        ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(_input.Available[14..]);
        if (version != Container.Version || flags != 0)
        {
            throw new ImageFormatException(
                12, $"the image has format version {version} and flags 0x{flags:x}; this program reads version {Container.Version} without flags");
        }

        _input.Consume(Length);
        _frames++;
    }

    private ImageSection ReadFrame(long start)
    {
        if (!_decompressor.Decompress(_input, _body, _limits.TotalBytes - _total))
        {
            throw Truncated();
        }

        _total += _body.Length;
        (string name, uint version) = SectionMap.ReadName(_body.Span, start, _limits);
        ImageSection section = new(name, version, start, _input.Offset - start, _body.Length, _input.Crc32C);
        _sections.Add(section);
        return section;
    }

    private void ReadTable(uint length)
    {
        long start = _input.Offset;
        if (length < Container.TrailerLength || length > _limits.TableBytes)
        {
            throw new ImageFormatException(start, $"a section table of {length} bytes is not possible, {_limits.TableBytes} are allowed");
        }

        if (!_input.Ensure((int)length))
        {
            throw Truncated();
        }

        ReadOnlySpan<byte> content = _input.Available[..(int)length];
        ReadOnlySpan<byte> trailer = content[^Container.TrailerLength..];
        if (BinaryPrimitives.ReadUInt32LittleEndian(trailer) != length + Container.SkippableHeader || !trailer[sizeof(uint)..].SequenceEqual(Container.EndMark))
        {
            throw new ImageFormatException(start + length - Container.TrailerLength, "the section table does not end with its length and the mark CKPE");
        }

        SectionMap table = new(content[..^Container.TrailerLength].ToArray(), "section table", _limits);
        MessagePackReader reader = table.Find("sections");
        int count = reader.ReadArrayHeader();
        if (count != _sections.Count)
        {
            throw reader.Error($"the table has {count} sections, the file {_sections.Count}");
        }

        foreach (ImageSection section in _sections)
        {
            CheckRow(ref reader, section);
        }

        _input.Consume((int)length);
        if (_input.Ensure(1))
        {
            throw new ImageFormatException(_input.Offset, "something follows the section table");
        }
    }

    /// <summary>Compares a row of the table with the section that was found; a later version may append to the row.</summary>
    private void CheckRow(ref MessagePackReader reader, ImageSection section)
    {
        const int Columns = 5;
        int columns = reader.ReadArrayHeader();
        if (columns < Columns)
        {
            throw reader.Error($"a row of the section table has {columns} values, {Columns} are needed");
        }

        bool isSame = reader.ReadString() == section.Name;
        isSame &= reader.ReadInt64() == section.Offset;
        isSame &= reader.ReadInt64() == section.CompressedLength;
        isSame &= reader.ReadInt64() == section.Length;
        isSame &= reader.ReadUInt32() == section.Crc32C;
        if (!isSame)
        {
            throw reader.Error($"the section table does not say of section '{section.Name}' what the file holds");
        }

        for (int i = Columns; i < columns; i++)
        {
            reader.Skip(_limits.Nesting);
        }
    }

    private ImageFormatException Truncated()
    {
        IsTruncated = true;
        return new ImageFormatException(
            _input.Offset + _input.Available.Length,
            $"the image is truncated: it ends without a section table after {_sections.Count} whole sections");
    }
}
