using System;
using System.Buffers.Binary;
using System.Numerics;

namespace Checkpoint.Imaging;

/// <summary>
/// SHA-256 (FIPS 180-4). The runtime's own is libssl's: loading that takes as long as all of a small capture does, and where it
/// is not installed the process is aborted. Some 250 MB/s, which two threads share.
/// </summary>
internal sealed class Sha256
{
    /// <summary>Bytes of a digest.</summary>
    public const int Length = 32;

    private const int BlockLength = 64;

    private readonly uint[] _state = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
    private readonly byte[] _block = new byte[BlockLength];
    private int _pending;
    private ulong _total;

    private static ReadOnlySpan<uint> RoundConstants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>The digest of bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>32 bytes.</returns>
    public static byte[] Of(ReadOnlySpan<byte> bytes)
    {
        Sha256 hash = new();
        hash.Append(bytes);
        return hash.Finish();
    }

    /// <summary>Carries on over more bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _total += (ulong)bytes.Length;
        if (_pending > 0)
        {
            int taken = Math.Min(BlockLength - _pending, bytes.Length);
            bytes[..taken].CopyTo(_block.AsSpan(_pending));
            _pending += taken;
            bytes = bytes[taken..];
            if (_pending < BlockLength)
            {
                return;
            }

            Mix(_block);
            _pending = 0;
        }

        int whole = bytes.Length - (bytes.Length % BlockLength);
        Mix(bytes[..whole]);
        bytes[whole..].CopyTo(_block);
        _pending = bytes.Length - whole;
    }

    /// <summary>Ends the input; nothing can be appended after it.</summary>
    /// <returns>32 bytes.</returns>
    public byte[] Finish()
    {
        ulong bits = _total * 8;
        Span<byte> padding = stackalloc byte[2 * BlockLength];
        padding.Clear();
        padding[0] = 0x80;
        int length = (_pending < BlockLength - 8 ? BlockLength : 2 * BlockLength) - _pending;
        BinaryPrimitives.WriteUInt64BigEndian(padding[(length - 8)..], bits);
        Append(padding[..length]);
        byte[] digest = new byte[Length];
        for (int i = 0; i < _state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(digest.AsSpan(4 * i), _state[i]);
        }

        return digest;
    }

    private void Mix(ReadOnlySpan<byte> blocks)
    {
        Span<uint> w = stackalloc uint[64];
        ReadOnlySpan<uint> k = RoundConstants;
        for (; blocks.Length >= BlockLength; blocks = blocks[BlockLength..])
        {
            for (int i = 0; i < 16; i++)
            {
                w[i] = BinaryPrimitives.ReadUInt32BigEndian(blocks[(4 * i)..]);
            }

            for (int i = 16; i < 64; i++)
            {
                uint early = w[i - 15];
                uint late = w[i - 2];
                w[i] = w[i - 16] + w[i - 7]
                    + (BitOperations.RotateRight(early, 7) ^ BitOperations.RotateRight(early, 18) ^ (early >> 3))
                    + (BitOperations.RotateRight(late, 17) ^ BitOperations.RotateRight(late, 19) ^ (late >> 10));
            }

            (uint a, uint b, uint c, uint d) = (_state[0], _state[1], _state[2], _state[3]);
            (uint e, uint f, uint g, uint h) = (_state[4], _state[5], _state[6], _state[7]);
            for (int i = 0; i < w.Length; i++)
            {
                uint first = h + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25))
                    + (g ^ (e & (f ^ g))) + k[i] + w[i];
                uint second = (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22))
                    + ((a & b) | (c & (a | b)));
                (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
            }

            _state[0] += a;
            _state[1] += b;
            _state[2] += c;
            _state[3] += d;
            _state[4] += e;
            _state[5] += f;
            _state[6] += g;
            _state[7] += h;
        }
    }
}
