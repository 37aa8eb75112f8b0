using System;
using System.Buffers;

namespace Checkpoint.Imaging;

/// <summary>
/// A growing array of bytes that is filled, read and used again, so that a whole image costs one array, not one a
/// section. Grows by doubling, never beyond its cap.
/// </summary>
/// <param name="cap">Most bytes it may hold.</param>
/// <param name="what">What it holds, for the message when the cap is met.</param>
internal sealed class ByteBuffer(int cap, string what) : IBufferWriter<byte>
{
    private byte[] _bytes = [];

    /// <summary>Bytes in it.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes, until the next change.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>The bytes, until the next change.</summary>
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    /// <summary>Empties it, keeping its array.</summary>
    public void Clear() => Length = 0;

    /// <summary>Makes it as long as something that is to be put there as a whole.</summary>
    /// <param name="length">The length.</param>
    /// <returns>Room for it; what was there is gone.</returns>
    /// <exception cref="ImageTooLargeException">The cap is met.</exception>
    public Span<byte> Reset(int length)
    {
        if (length > cap)
        {
            throw new ImageTooLargeException($"{what} would be larger than {cap} bytes");
        }

        if (_bytes.Length < length)
        {
            _bytes = GC.AllocateUninitializedArray<byte>(length);
        }

        Length = length;
        return _bytes.AsSpan(0, length);
    }

    /// <summary>Makes room for something of which the length is known and part is there, in few steps.</summary>
    /// <param name="count">Bytes that come now.</param>
    /// <param name="whole">Length of the whole.</param>
    public void Expect(int count, int whole)
    {
        const int Step = 64;
        if (count > _bytes.Length - Length)
        {
            Array.Resize(ref _bytes, (int)Math.Max(Length + (Length / 4) + count, Math.Min(whole, (long)Step * (Length + count))));
        }
    }

    /// <summary>Drops bytes from the end.</summary>
    /// <param name="length">How many stay.</param>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length, nameof(length));
        Length = length;
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_bytes.Length - Length), nameof(count));
        Length += count;
    }

    /// <inheritdoc/>
    /// <exception cref="ImageTooLargeException">The cap is met.</exception>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(Length);
    }

    /// <inheritdoc/>
    /// <exception cref="ImageTooLargeException">The cap is met.</exception>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Appends bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="ImageTooLargeException">The cap is met.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    private void Reserve(int count)
    {
        if (count <= _bytes.Length - Length)
        {
            return;
        }

        long needed = (long)Length + count;
        if (needed > cap)
        {
            throw new ImageTooLargeException($"{what} would be larger than {cap} bytes");
        }

        long grown = Math.Min(cap, Math.Max(4096, Math.Max(needed, _bytes.Length * 2L)));
        Array.Resize(ref _bytes, (int)grown);
    }
}
