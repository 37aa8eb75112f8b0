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
    /// <param name="allowed">Most bytes that the content may have, beside the cap of one section.</param>
    /// <returns>False when the input ends inside the frame.</returns>
    /// <exception cref="ImageFormatException">The frame is damaged, too large, or of a kind that images do not use.</exception>
    public bool Decompress(FrameInput input, ByteBuffer body, long allowed)
    {
        long start = input.Offset;
        bool isWhole = input.Ensure(Zstd.LongestFrameHeader);
        ulong length = Zstd.GetFrameContentSize(input.Available, (nuint)input.Available.Length);
        if (length == Zstd.ContentSizeError && !isWhole)
        {
            return false;
        }

        const int DescriptorOffset = 4;
        const int ChecksumBit = 4;
        if (length >= Zstd.ContentSizeError || (input.Available[DescriptorOffset] & ChecksumBit) == 0)
        {
            throw new ImageFormatException(start, "the zstd frame has no content size or no checksum");
        }

        if (length > (ulong)_limits.SectionBytes || length > (ulong)allowed)
        {
            throw new ImageFormatException(
                start, $"a section of {length} bytes is too large, {_limits.SectionBytes} are allowed, and {_limits.TotalBytes} in all");
        }

        body.Clear();
        input.Crc32C = 0;
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
                throw new ImageFormatException(start, $"the zstd frame is damaged: {error}");
            }

            input.Consume((int)source.Position);
            int produced = (int)target.Position;
            if ((ulong)body.Length + (ulong)produced > length)
            {
                throw new ImageFormatException(start, $"the zstd frame holds more than the {length} bytes it promises");
            }

            body.Append(_piece.AsSpan(0, produced));
            isFull = produced == _piece.Length;
            if (result == 0)
            {
                return true;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();
}
