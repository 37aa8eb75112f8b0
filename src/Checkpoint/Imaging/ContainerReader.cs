using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Reads the frames of an image one after the other, from a file or a pipe, and checks the table at the end against them.</summary>
internal sealed class ContainerReader : IDisposable
{
    private readonly FrameInput _input;
    private readonly ImageLimits _limits;
    private readonly SectionDecompressor _decompressor;
    private readonly ByteBuffer _body;
    private readonly ByteBuffer? _frame;
    private readonly List<ImageSection> _sections = [];
    private readonly List<SkippedFrame> _skipped = [];
    private long _total;
    private int _frames;

    /// <summary>Reads nothing yet.</summary>
    /// <param name="stream">The image; not closed.</param>
    /// <param name="limits">The caps.</param>
    /// <param name="keepFrames">Whether <see cref="Frame"/> is wanted.</param>
    public ContainerReader(Stream stream, ImageLimits limits, bool keepFrames = false)
    {
        _frame = keepFrames ? new ByteBuffer(int.MaxValue, "a frame") : null;
        _input = new FrameInput(stream, _frame);
        _limits = limits;
        _decompressor = new SectionDecompressor(limits);
        _body = new ByteBuffer(limits.SectionBytes, "a section");
    }

    /// <summary>The whole sections read so far.</summary>
    public IReadOnlyList<ImageSection> Sections => _sections;

    /// <summary>Content of the section read last, until the next read.</summary>
    public ReadOnlyMemory<byte> Body => _body.Memory;

    /// <summary>The section read last as it lies in the file, until the next read, for a copy byte for byte.</summary>
    /// <exception cref="InvalidOperationException">Frames are not kept.</exception>
    public CompressedSection Frame => new(
        _sections[^1].Name, _sections[^1].Version, _sections[^1].Length, _sections[^1].Digest,
        _frame?.Memory ?? throw new InvalidOperationException("frames are not kept"));

    /// <summary>Bytes up to the end of the last whole frame.</summary>
    public long Length { get; private set; }

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
            _input.BeginFrame();
            if (!_input.Ensure(sizeof(uint)))
            {
                throw Truncated();
            }

            if (++_frames > _limits.Frames)
            {
                throw new ImageFormatException(start, $"there are more than {_limits.Frames} frames") { Fault = ImageFault.Limit };
            }

            uint magic = BinaryPrimitives.ReadUInt32LittleEndian(_input.Available);
            if (magic == Zstd.FrameMagic)
            {
                return ReadFrame(start);
            }

            if ((magic & ~0xfu) != Zstd.SkippableMagic)
            {
                throw new ImageFormatException(start, $"0x{magic:x8} does not begin a frame") { Fault = ImageFault.Frame };
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

            _skipped.Add(new SkippedFrame(start, _input.Offset - start, _input.Crc32C));
            Length = _input.Offset;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _decompressor.Dispose();

    private void ReadHeader()
    {
        bool isWhole = _input.Ensure(Container.HeaderFrameLength);
        Container.CheckHeader(_input.Available);
        if (!isWhole)
        {
            throw Truncated();
        }

        _input.Consume(Container.HeaderFrameLength);
        Length = _input.Offset;
        _frames++;
    }

    private ImageSection ReadFrame(long start)
    {
        if (!_decompressor.Decompress(_input, _body, _total))
        {
            throw Truncated();
        }

        _total += _body.Length;
        (string name, uint version) = SectionMap.ReadName(_body.Span, start, _limits);
        ImageSection section = new(name, version, start, _input.Offset - start, _body.Length, _input.Crc32C, new ByteString(Sha256.Of(_body.Span)));
        _sections.Add(section);
        Length = _input.Offset;
        return section;
    }

    private void ReadTable(uint length)
    {
        long start = _input.Offset;
        if (length < Container.TrailerLength || length > _limits.TableBytes)
        {
            throw new ImageFormatException(start, $"a section table of {length} bytes is not possible, {_limits.TableBytes} are allowed")
            {
                Fault = ImageFault.Limit,
            };
        }

        if (!_input.Ensure((int)length))
        {
            throw Truncated();
        }

        ContainerTable.Read(_input.Available[..(int)length].ToArray(), start, _limits).Compare(_sections, _skipped, start);
        _input.Consume((int)length);
        Length = _input.Offset;
        if (_input.Ensure(1))
        {
            throw new ImageFormatException(_input.Offset, "something follows the section table") { Fault = ImageFault.Trailing };
        }
    }

    private ImageFormatException Truncated()
    {
        IsTruncated = true;
        const int NamesAtMost = 12;
        string names = _sections.Count is > 0 and <= NamesAtMost ? $": {string.Join(", ", _sections.ConvertAll(section => section.Name))}" : string.Empty;
        return new ImageFormatException(
            _input.Offset + _input.Available.Length,
            $"the image is truncated: it ends without a section table after {_sections.Count} whole sections{names}")
        {
            IsTruncation = _sections.Count > 0,
            Fault = ImageFault.Truncated,
        };
    }
}
