using System;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Turns section contents into zstd frames with content size and checksum.</summary>
internal sealed class SectionCompressor : IDisposable
{
    private readonly Zstd.Compressor _context = Zstd.CreateCompressor();
    private byte[] _frame = [];

    /// <summary>Prepares the context.</summary>
    /// <param name="level">zstd level.</param>
    /// <exception cref="DllNotFoundException">libzstd is missing.</exception>
    public SectionCompressor(int level = ImageWriter.DefaultLevel)
    {
        if (_context.IsInvalid)
        {
            throw new InsufficientMemoryException("no memory for a zstd context");
        }

        Check(Zstd.SetParameter(_context, Zstd.CompressionParameter.Level, level));
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
        return new CompressedSection(
            name, Container.SectionVersion, content.Length, new ByteString(Sha256.Of(content)), _frame.AsSpan(0, (int)length).ToArray());
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
