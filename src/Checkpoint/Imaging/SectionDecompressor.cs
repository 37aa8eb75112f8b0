using System;
using System.Runtime.InteropServices;

namespace Checkpoint.Imaging;

/// <summary>Turns zstd frames into section contents, in pieces, so that memory follows what is really there.</summary>
internal sealed class SectionDecompressor : IDisposable
{
    private readonly Zstd.Decompressor _context = Zstd.CreateDecompressor();
    private readonly byte[] _piece = GC.AllocateUninitializedArray<byte>(128 << 10, pinned: true);
    private readonly ImageLimits _limits;

    /// <summary>Prepares the context.</summary>
    /// <param name="limits">The caps.</param>
    /// <exception cref="DllNotFoundException">libzstd is missing.</exception>
    public SectionDecompressor(ImageLimits limits)
    {
        _limits = limits;
        nuint result = _context.IsInvalid
            ? throw new InsufficientMemoryException("no memory for a zstd context")
            : Zstd.SetParameter(_context, Zstd.DecompressionParameter.WindowLogMax, limits.WindowLog);
        if (Zstd.Error(result) is string error)
        {
            throw new InvalidOperationException($"zstd: {error}");
        }
    }

    /// <summary>Decompresses the frame ahead.</summary>
    /// <param name="input">Positioned at the frame.</param>
    /// <param name="body">Takes the content; emptied first.</param>
    /// <param name="already">Bytes that the sections before it came to.</param>
    /// <returns>False when the input ends inside the frame.</returns>
    /// <exception cref="ImageFormatException">The frame is damaged, too large, or of a kind that images do not use.</exception>
    public bool Decompress(FrameInput input, ByteBuffer body, long already)
    {
        body.Clear();
        long start = input.Offset;
        bool isWhole = input.Ensure(Zstd.LongestFrameHeader);
        ulong length = ContentLength(input.Available, start, isWhole);
        if (length == Zstd.ContentSizeError)
        {
            return false;
        }

        CheckLength(start, length, _limits.TotalBytes - already, _limits);
        bool isFull = false;
        while (true)
        {
            // With a full piece there may be more to come without further input.
            if (!isFull && !input.Ensure(1))
            {
                return false;
            }

            Zstd.Buffer source = new() { Address = input.Address, Length = (nuint)input.Available.Length };
            Zstd.Buffer target = new() { Address = Marshal.UnsafeAddrOfPinnedArrayElement(_piece, 0), Length = (nuint)_piece.Length };
            nuint result = Zstd.Decompress(_context, ref target, ref source);
            if (Zstd.Error(result) is string error)
            {
                throw new ImageFormatException(start, $"the zstd frame is damaged: {error}") { Fault = ImageFault.Frame };
            }

            input.Consume((int)source.Position);
            int produced = (int)target.Position;
            if ((ulong)body.Length + (ulong)produced > length)
            {
                throw new ImageFormatException(start, $"the zstd frame holds more than the {length} bytes it promises") { Fault = ImageFault.Frame };
            }

            CheckTotal(start, already + body.Length + produced, input.Offset, _limits);

            body.Expect(produced, (int)Math.Min((long)length, _limits.MemoryFor(input.Offset) - already));
            body.Append(_piece.AsSpan(0, produced));
            isFull = produced == _piece.Length;
            if (result == 0)
            {
                return true;
            }
        }
    }

    /// <summary>Decompresses a frame that is in memory, at once.</summary>
    /// <param name="frame">The frame; its checksum was right.</param>
    /// <param name="section">What the table says of it; <see cref="CheckLengths"/> accepted it.</param>
    /// <param name="body">Takes the content.</param>
    /// <exception cref="ImageFormatException">The frame is damaged, has another length, or is of a kind that images do not use.</exception>
    public static void DecompressWhole(ReadOnlySpan<byte> frame, ImageSection section, ByteBuffer body)
    {
        ulong length = ContentLength(frame, section.Offset, isWhole: true);
        if (length != (ulong)section.Length || Zstd.FindFrameLength(frame, (nuint)frame.Length) != (nuint)frame.Length)
        {
            throw new ImageFormatException(section.Offset, $"section '{section.Name}' has not the lengths that the section table says") { Fault = ImageFault.Table };
        }

        using Zstd.Decompressor context = Zstd.CreateDecompressor();
        if (context.IsInvalid)
        {
            throw new InsufficientMemoryException("no memory for a zstd context");
        }

        Span<byte> target = body.Reset((int)section.Length);
        nuint result = Zstd.DecompressWhole(context, target, (nuint)target.Length, frame, (nuint)frame.Length);
        if (Zstd.Error(result) is string error || result != (nuint)target.Length)
        {
            throw new ImageFormatException(section.Offset, $"the zstd frame is damaged: {Zstd.Error(result) ?? "it is too short"}") { Fault = ImageFault.Frame };
        }
    }

    /// <summary>Checks, before memory is taken, whether a frame of such a length can have such a content.</summary>
    /// <param name="offset">Where the frame is in the file.</param>
    /// <param name="compressed">Length of the frame.</param>
    /// <param name="length">Length of its content.</param>
    /// <param name="allowed">Most bytes that the content may have, beside the cap of one section.</param>
    /// <param name="limits">The caps.</param>
    /// <exception cref="ImageFormatException">It cannot, or is too large.</exception>
    public static void CheckLengths(long offset, long compressed, long length, long allowed, ImageLimits limits)
    {
        const int LongestBlock = 128 << 10;
        const int ShortestBlock = 4;
        CheckLength(offset, (ulong)length, allowed, limits);
        if (length > ((compressed / ShortestBlock) + 1) * LongestBlock || compressed > limits.SectionBytes + (64L << 10))
        {
            throw new ImageFormatException(offset, $"a section of {length} bytes cannot be a frame of {compressed}") { Fault = ImageFault.Limit };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();

    /// <summary>Checks what the sections come to against what was read of the file.</summary>
    /// <param name="offset">Where the last frame begins.</param>
    /// <param name="total">Bytes of content so far.</param>
    /// <param name="read">Bytes of the file so far.</param>
    /// <param name="limits">The caps.</param>
    /// <exception cref="ImageFormatException">It is too much.</exception>
    public static void CheckTotal(long offset, long total, long read, ImageLimits limits)
    {
        if (total > limits.MemoryFor(read))
        {
            throw new ImageFormatException(
                offset, $"the sections so far hold more than {limits.MemoryFor(read) >> 20} MiB, which a file of this size may not")
            {
                Fault = ImageFault.Limit,
            };
        }
    }

    private static void CheckLength(long offset, ulong length, long allowed, ImageLimits limits)
    {
        if (length > (ulong)limits.SectionBytes || length > (ulong)Math.Max(0, allowed))
        {
            throw new ImageFormatException(
                offset, $"a section of {length} bytes is too large, {limits.SectionBytes} are allowed, and {limits.TotalBytes} in all")
            {
                Fault = ImageFault.Limit,
            };
        }
    }

    /// <summary>The content's length in a frame's header; <see cref="Zstd.ContentSizeError"/> when the header is cut off.</summary>
    private static ulong ContentLength(ReadOnlySpan<byte> frame, long offset, bool isWhole)
    {
        const int DescriptorOffset = 4;
        const int ChecksumBit = 4;
        ulong length = Zstd.GetFrameContentSize(frame, (nuint)frame.Length);
        if (length == Zstd.ContentSizeError && !isWhole)
        {
            return length;
        }

        return length < Zstd.ContentSizeError && (frame[DescriptorOffset] & ChecksumBit) != 0
            ? length
            : throw new ImageFormatException(offset, "the zstd frame has no content size or no checksum") { Fault = ImageFault.Frame };
    }
}
