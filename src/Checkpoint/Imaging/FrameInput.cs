using System;
using System.IO;
using System.Runtime.InteropServices;

namespace Checkpoint.Imaging;

/// <summary>A stream read through a pinned buffer that native code may look into. Knows how far it came.</summary>
/// <param name="stream">A file or pipe.</param>
/// <param name="frame">Takes the bytes of the frame that is read, if that is wanted.</param>
internal sealed class FrameInput(Stream stream, ByteBuffer? frame = null)
{
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(64 << 10, pinned: true);
    private int _start;
    private int _end;

    /// <summary>Bytes consumed since the start of the stream.</summary>
    public long Offset { get; private set; }

    /// <summary>CRC-32C of the bytes consumed since <see cref="BeginFrame"/>.</summary>
    public uint Crc32C { get; private set; }

    /// <summary>What is buffered and not consumed.</summary>
    public ReadOnlySpan<byte> Available => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Address of <see cref="Available"/>; the array is pinned as long as this object lives.</summary>
    public nint Address => Marshal.UnsafeAddrOfPinnedArrayElement(_buffer, _start);

    /// <summary>Begins checksum and copy anew.</summary>
    public void BeginFrame()
    {
        Crc32C = 0;
        frame?.Clear();
    }

    /// <summary>Reads until enough is buffered.</summary>
    /// <param name="count">How much, at most the buffer's 64 KiB.</param>
    /// <returns>False when the stream ended before.</returns>
    public bool Ensure(int count)
    {
        if (count > _buffer.Length - _start)
        {
            Available.CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        while (_end - _start < count)
        {
            int read = stream.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0)
            {
                return false;
            }

            _end += read;
        }

        return true;
    }

    /// <summary>Consumes what was buffered.</summary>
    /// <param name="count">How much, at most the length of <see cref="Available"/>.</param>
    public void Consume(int count)
    {
        Crc32C = Container.Crc32C(Crc32C, Available[..count]);
        frame?.Append(Available[..count]);
        _start += count;
        Offset += count;
        if (_start == _end)
        {
            _start = _end = 0;
        }
    }

    /// <summary>Consumes bytes unseen.</summary>
    /// <param name="count">How many.</param>
    /// <returns>False when the stream ended before.</returns>
    public bool Skip(long count)
    {
        while (count > 0)
        {
            if (!Ensure(1))
            {
                return false;
            }

            int part = (int)Math.Min(count, _end - _start);
            Consume(part);
            count -= part;
        }

        return true;
    }
}
