using System;
using System.Buffers.Binary;
using System.IO;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>
/// Finds the whole sections of a file that is damaged anywhere: after bytes that are no frame it looks for the next magic.
/// How often and how much is decompressed is limited over the whole file, since every magic may be a lure.
/// </summary>
/// <param name="stream">The file; can seek.</param>
/// <param name="limits">The caps.</param>
internal sealed class FrameSearch(Stream stream, ImageLimits limits) : IDisposable
{
    private readonly ByteBuffer _body = new(limits.SectionBytes, "a section");
    private readonly long _length = stream.Length;
    private SectionDecompressor _decompressor = new(limits);
    private FrameInput _input = new(stream);
    private long _origin;
    private long _total;
    private long _totalBefore;
    private int _tries;

    /// <summary>Content of the section found last, until the next search.</summary>
    public ReadOnlyMemory<byte> Body => _body.Memory;

    private long Position => _origin + _input.Offset;

    /// <summary>Looks for the next whole section.</summary>
    /// <returns>The section; null when there is none.</returns>
    /// <exception cref="IOException">The input failed.</exception>
    public ImageSection? Next()
    {
        while (_tries++ < limits.Frames && _total <= limits.MemoryFor(_length))
        {
            long start = Position;
            _input.BeginFrame();
            uint magic = _input.Ensure(sizeof(uint)) ? BinaryPrimitives.ReadUInt32LittleEndian(_input.Available) : 0;
            if (magic == Zstd.FrameMagic && TryRead(start) is ImageSection section)
            {
                return section;
            }

            long after = (magic & ~0xfu) == Zstd.SkippableMagic && _input.Ensure(Container.SkippableHeader)
                ? start + Container.SkippableHeader + BinaryPrimitives.ReadUInt32LittleEndian(_input.Available[sizeof(uint)..])
                : -1;
            long next = after >= 0 && after < _length ? after : Search(start + 1);
            if (next < 0)
            {
                return null;
            }

            MoveTo(next);
        }

        return null;
    }

    /// <summary>Reads the frame of the section found last, as it lies in the file.</summary>
    /// <param name="section">The section.</param>
    /// <returns>The section, to be written as it is.</returns>
    public CompressedSection Frame(ImageSection section)
    {
        byte[] frame = new byte[section.CompressedLength];
        stream.Position = section.Offset;
        stream.ReadExactly(frame);
        MoveTo(section.Offset + section.CompressedLength);
        return new CompressedSection(section.Name, section.Version, section.Length, section.Digest, frame);
    }

    /// <inheritdoc/>
    public void Dispose() => _decompressor.Dispose();

    private void MoveTo(long position)
    {
        stream.Position = position;
        _origin = position;
        _totalBefore = _total;
        _input = new FrameInput(stream);
    }

    private ImageSection? TryRead(long start)
    {
        try
        {
            bool isWhole = _decompressor.Decompress(_input, _body, _total - _totalBefore);
            _total += _body.Length;
            if (isWhole)
            {
                (string name, uint version) = SectionMap.ReadName(_body.Span, start, limits);
                return new ImageSection(name, version, start, Position - start, _body.Length, _input.Crc32C, new ByteString(Sha256.Of(_body.Span)));
            }
        }
        catch (ImageFormatException)
        {
            // The next frame may be whole.
            _total += _body.Length;
        }

        // After half a frame a context is of no use.
        _decompressor.Dispose();
        _decompressor = new SectionDecompressor(limits);
        return null;
    }

    /// <summary>Looks for the next magic of a zstd frame; those of skippable frames are too likely to be part of something else.</summary>
    /// <returns>Where it is; -1 when there is none.</returns>
    private long Search(long from)
    {
        const int Piece = 64 << 10;
        Span<byte> magic = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(magic, Zstd.FrameMagic);
        byte[] buffer = new byte[Math.Min(Piece, Math.Max(_length - from, sizeof(uint)))];
        stream.Position = Math.Min(from, _length);
        int kept = 0;
        while (stream.Read(buffer, kept, buffer.Length - kept) is int read and > 0)
        {
            int length = kept + read;
            int found = buffer.AsSpan(0, length).IndexOf(magic);
            if (found >= 0)
            {
                return from + found;
            }

            // The magic may begin in this piece and end in the next.
            kept = Math.Min(length, sizeof(uint) - 1);
            buffer.AsSpan(length - kept, kept).CopyTo(buffer);
            from += length - kept;
        }

        return -1;
    }
}
