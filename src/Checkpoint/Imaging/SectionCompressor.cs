using System;

namespace Checkpoint.Imaging;

/// <summary>Turns section contents into zstd frames with content size and checksum.</summary>
internal sealed class SectionCompressor : IDisposable
{
    private const int Level = 3;

    private readonly Zstd.Compressor _context = Zstd.CreateCompressor();
    private byte[] _frame = [];

    /// <summary>Prepares the context.</summary>
    /// <exception cref="DllNotFoundException">libzstd is missing.</exception>
    public SectionCompressor()
    {
        if (_context.IsInvalid)
        {
            throw new InsufficientMemoryException("no memory for a zstd context");
        }

        Check(Zstd.SetParameter(_context, Zstd.CompressionParameter.Level, Level));
        Check(Zstd.SetParameter(_context, Zstd.CompressionParameter.ContentSizeFlag, 1));
        Check(Zstd.SetParameter(_context, Zstd.CompressionParameter.ChecksumFlag, 1));
    }

    /// <summary>Compresses a section.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Its content.</param>
    /// <returns>The section.</returns>
    public CompressedSection Compress(string name, ReadOnlySpan<byte> content)
    {
        int bound = checked((int)Zstd.CompressBound((nuint)content.Length));
        if (_frame.Length < bound)
        {
            _frame = new byte[bound];
        }

        nuint length = Zstd.Compress(_context, _frame, (nuint)_frame.Length, content, (nuint)content.Length);
        Check(length);
        return new CompressedSection(name, content.Length, _frame[..(int)length]);
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();

    private static void Check(nuint result)
    {
        if (Zstd.Error(result) is string error)
        {
            throw new InvalidOperationException($"zstd: {error}");
        }
    }
}
