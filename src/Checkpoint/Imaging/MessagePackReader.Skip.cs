using System;

namespace Checkpoint.Imaging;

/// <content>Passing over values that nobody asked for.</content>
internal ref partial struct MessagePackReader
{
    /// <summary>Length of a value by its first byte: fixint, fixstr, nil, bool, float and integers; 0 for all else.</summary>
    private static ReadOnlySpan<byte> ScalarLengths =>
    [
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32,
        1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 5, 9, 2, 3, 5, 9, 2, 3, 5, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    ];

    /// <summary>Passes over one value with all that is in it. Not recursive.</summary>
    /// <param name="nesting">How many containers may be inside each other.</param>
    /// <exception cref="ImageFormatException">It is cut off, not MessagePack, or nested too deep.</exception>
    public void Skip(int nesting)
    {
        int before = _position;
        Span<long> pending = stackalloc long[64];
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(nesting, pending.Length);
        int depth = 0;
        pending[0] = 1;
        while (true)
        {
            while (pending[depth] == 0)
            {
                if (depth-- == 0)
                {
                    return;
                }
            }

            pending[depth] -= SkipScalars(pending[depth]);
            if (pending[depth] == 0)
            {
                continue;
            }

            pending[depth]--;
            long inside = SkipOne(before);
            if (inside >= 0)
            {
                if (depth == nesting)
                {
                    throw Fail(before, $"containers are nested deeper than {nesting}");
                }

                pending[++depth] = inside;
            }
        }
    }

    /// <summary>Passes over scalars whose length their first byte tells, which is nearly all there is in a column.</summary>
    /// <returns>How many there were.</returns>
    private long SkipScalars(long most)
    {
        ReadOnlySpan<byte> bytes = _bytes;
        ReadOnlySpan<byte> lengths = ScalarLengths;
        int at = _position;
        long left = most;
        while (left > 0 && (uint)at < (uint)bytes.Length)
        {
            int length = lengths[bytes[at]];
            if (length == 0 || length > bytes.Length - at)
            {
                break;
            }

            at += length;
            left--;
        }

        _position = at;
        return most - left;
    }

    /// <summary>Passes over a scalar, or the header of a container.</summary>
    /// <returns>Number of values in the container, -1 for a scalar.</returns>
    private long SkipOne(int before)
    {
        if (_position == _bytes.Length)
        {
            throw Fail(before, "the data ends where a value should begin");
        }

        byte code = _bytes[_position];
        if (code is <= MessagePackCode.MaxFixInt or >= MessagePackCode.MinNegativeFixInt)
        {
            _position++;
            return -1;
        }

        try
        {
            switch (code)
            {
                case < MessagePackCode.MinFixArray or MessagePackCode.Map16 or MessagePackCode.Map32:
                    return 2L * ReadMapHeader();
                case < MessagePackCode.MinFixStr or MessagePackCode.Array16 or MessagePackCode.Array32:
                    return ReadArrayHeader();
                case MessagePackCode.Nil or MessagePackCode.False or MessagePackCode.True:
                    _position++;
                    return -1;
                case MessagePackCode.Float32 or MessagePackCode.Float64:
                    ReadDouble();
                    return -1;
                case >= MessagePackCode.UInt8 and <= MessagePackCode.Int64:
                    _position += Integer(out _, out _);
                    return -1;
                case (>= MessagePackCode.FixExt1 and <= MessagePackCode.FixExt16) or (>= MessagePackCode.Ext8 and <= MessagePackCode.Ext32):
                    ReadExtension(out _);
                    return -1;
                default:
                    ReadBytes();
                    return -1;
            }
        }
        catch (ImageFormatException)
        {
            _position = before;
            throw;
        }
    }
}
