using System;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Checkpoint.Imaging;

/// <summary>
/// Reads MessagePack from memory, any legal form of a value. Names and behaviour follow MessagePack-CSharp's reader.
/// A read that fails throws <see cref="ImageFormatException"/> and leaves the position as it was.
/// </summary>
/// <param name="bytes">What to read.</param>
/// <param name="section">Section named in exceptions, if any.</param>
/// <param name="start">Where in <paramref name="bytes"/> to begin.</param>
internal ref partial struct MessagePackReader(ReadOnlySpan<byte> bytes, string? section = null, int start = 0)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position = start;

    /// <summary>Bytes from the start.</summary>
    public readonly int Position => _position;

    /// <summary>Whether everything was read.</summary>
    public readonly bool End => _position == _bytes.Length;

    /// <summary>First byte of the next value.</summary>
    /// <exception cref="ImageFormatException">Nothing is left.</exception>
    public readonly byte NextCode => _position < _bytes.Length ? _bytes[_position] : throw Error("the data ends where a value should begin");

    /// <summary>Reads a nil if there is one.</summary>
    /// <returns>Whether there was.</returns>
    /// <exception cref="ImageFormatException">Nothing is left.</exception>
    public bool TryReadNil()
    {
        bool isNil = NextCode == MessagePackCode.Nil;
        _position += isNil ? 1 : 0;
        return isNil;
    }

    /// <summary>Reads a bool.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="ImageFormatException">Something else is there.</exception>
    public bool ReadBoolean()
    {
        byte code = NextCode;
        if (code is not (MessagePackCode.True or MessagePackCode.False))
        {
            throw Unexpected(code, "a bool");
        }

        _position++;
        return code == MessagePackCode.True;
    }

    /// <summary>Reads an integer of 0 to 2^64-1.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="ImageFormatException">Something else is there, or it is negative.</exception>
    public ulong ReadUInt64()
    {
        if (_position < _bytes.Length && _bytes[_position] <= MessagePackCode.MaxFixInt)
        {
            return _bytes[_position++];
        }

        int length = Integer(out ulong value, out bool isNegative);
        if (isNegative)
        {
            throw Error($"{(long)value} is negative, where 0 to 2^64-1 is allowed");
        }

        _position += length;
        return value;
    }

    /// <summary>Reads an integer of -2^63 to 2^63-1.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="ImageFormatException">Something else is there, or it does not fit.</exception>
    public long ReadInt64()
    {
        int length = Integer(out ulong value, out bool isNegative);
        if (!isNegative && value > long.MaxValue)
        {
            throw Error($"{value} is too large, at most 2^63-1 is allowed");
        }

        _position += length;
        return (long)value;
    }

    /// <summary>Reads an integer of 0 to 2^32-1.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="ImageFormatException">Something else is there, or it does not fit.</exception>
    public uint ReadUInt32()
    {
        int before = _position;
        ulong value = ReadUInt64();
        return value <= uint.MaxValue ? (uint)value : throw Range(before, value, "0 to 2^32-1");
    }

    /// <summary>Reads an integer of -2^31 to 2^31-1.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="ImageFormatException">Something else is there, or it does not fit.</exception>
    public int ReadInt32()
    {
        int before = _position;
        long value = ReadInt64();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Range(before, value, "-2^31 to 2^31-1");
    }

    /// <summary>Reads a float32 or float64.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="ImageFormatException">Something else is there.</exception>
    public double ReadDouble()
    {
        byte code = NextCode;
        double value = code switch
        {
            MessagePackCode.Float32 => BitConverter.UInt32BitsToSingle((uint)BigEndian(1, 4)),
            MessagePackCode.Float64 => BitConverter.UInt64BitsToDouble(BigEndian(1, 8)),
            _ => throw Unexpected(code, "a float"),
        };
        _position += code == MessagePackCode.Float32 ? 5 : 9;
        return value;
    }

    /// <summary>Reads a str or bin.</summary>
    /// <returns>Its bytes, in place; those of a str were not checked to be UTF-8.</returns>
    /// <exception cref="ImageFormatException">Something else is there, or it is cut off.</exception>
    public ReadOnlySpan<byte> ReadBytes()
    {
        byte code = NextCode;
        (int header, uint length) = code switch
        {
            >= MessagePackCode.MinFixStr and < MessagePackCode.Nil => (1, (uint)code & 0x1f),
            MessagePackCode.Str8 or MessagePackCode.Bin8 => (2, (uint)BigEndian(1, 1)),
            MessagePackCode.Str16 or MessagePackCode.Bin16 => (3, (uint)BigEndian(1, 2)),
            MessagePackCode.Str32 or MessagePackCode.Bin32 => (5, (uint)BigEndian(1, 4)),
            _ => throw Unexpected(code, "a string"),
        };
        return Take(header, length);
    }

    /// <summary>Reads a str as text.</summary>
    /// <returns>The text.</returns>
    /// <exception cref="ImageFormatException">Something else is there, or it is not valid UTF-8.</exception>
    public string ReadString()
    {
        int before = _position;
        if (!IsNextString())
        {
            throw Unexpected(NextCode, "a str");
        }

        ReadOnlySpan<byte> utf8 = ReadBytes();
        return Utf8.IsValid(utf8) ? Encoding.UTF8.GetString(utf8) : throw Fail(before, "a str is not valid UTF-8");
    }

    /// <summary>Whether the next value is a str, valid UTF-8 or not.</summary>
    /// <returns>Whether it is.</returns>
    /// <exception cref="ImageFormatException">Nothing is left.</exception>
    public readonly bool IsNextString() =>
        NextCode is (>= MessagePackCode.MinFixStr and < MessagePackCode.Nil) or MessagePackCode.Str8 or MessagePackCode.Str16 or MessagePackCode.Str32;

    /// <summary>Begins an array.</summary>
    /// <returns>How many elements follow, never more than there are bytes left.</returns>
    /// <exception cref="ImageFormatException">Something else is there, or so many elements cannot follow.</exception>
    public int ReadArrayHeader()
    {
        byte code = NextCode;
        (int header, uint count) = code switch
        {
            >= MessagePackCode.MinFixArray and < MessagePackCode.MinFixStr => (1, (uint)code & 0xf),
            MessagePackCode.Array16 => (3, (uint)BigEndian(1, 2)),
            MessagePackCode.Array32 => (5, (uint)BigEndian(1, 4)),
            _ => throw Unexpected(code, "an array"),
        };
        return Count(header, count, 1, "elements");
    }

    /// <summary>Begins a map.</summary>
    /// <returns>How many pairs follow, never more than half of the bytes left.</returns>
    /// <exception cref="ImageFormatException">Something else is there, or so many pairs cannot follow.</exception>
    public int ReadMapHeader()
    {
        byte code = NextCode;
        (int header, uint count) = code switch
        {
            >= MessagePackCode.MinFixMap and < MessagePackCode.MinFixArray => (1, (uint)code & 0xf),
            MessagePackCode.Map16 => (3, (uint)BigEndian(1, 2)),
            MessagePackCode.Map32 => (5, (uint)BigEndian(1, 4)),
            _ => throw Unexpected(code, "a map"),
        };
        return Count(header, count, 2, "pairs");
    }

    /// <summary>An exception at the current position.</summary>
    /// <param name="what">What is wrong.</param>
    /// <returns>The exception.</returns>
    public readonly ImageFormatException Error(string what) => new(_position, what, section);

    /// <summary>Looks at the integer ahead.</summary>
    /// <returns>Its length in bytes.</returns>
    private readonly int Integer(out ulong value, out bool isNegative)
    {
        byte code = NextCode;
        int width;
        switch (code)
        {
            case <= MessagePackCode.MaxFixInt:
                value = code;
                isNegative = false;
                return 1;
            case >= MessagePackCode.MinNegativeFixInt:
                value = (ulong)(sbyte)code;
                isNegative = true;
                return 1;
            case >= MessagePackCode.UInt8 and <= MessagePackCode.UInt64:
                width = 1 << (code - MessagePackCode.UInt8);
                value = BigEndian(1, width);
                isNegative = false;
                return 1 + width;
            case >= MessagePackCode.Int8 and <= MessagePackCode.Int64:
                width = 1 << (code - MessagePackCode.Int8);
                int unused = 64 - (8 * width);
                value = (ulong)((long)(BigEndian(1, width) << unused) >> unused);
                isNegative = (long)value < 0;
                return 1 + width;
            default:
                throw Unexpected(code, "an integer");
        }
    }

    private readonly ulong BigEndian(int offset, int width)
    {
        if (_bytes.Length - _position < offset + width)
        {
            throw Error("the data ends inside a value");
        }

        ReadOnlySpan<byte> field = _bytes.Slice(_position + offset, width);
        return width switch
        {
            1 => field[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(field),
            4 => BinaryPrimitives.ReadUInt32BigEndian(field),
            _ => BinaryPrimitives.ReadUInt64BigEndian(field),
        };
    }

    private ReadOnlySpan<byte> Take(int header, uint length)
    {
        long left = (long)_bytes.Length - _position - header;
        if (length > left)
        {
            throw Error($"a value of {length} bytes is cut off, {Math.Max(left, 0)} are left");
        }

        ReadOnlySpan<byte> taken = _bytes.Slice(_position + header, (int)length);
        _position += header + (int)length;
        return taken;
    }

    private int Count(int header, uint count, int each, string what)
    {
        long left = (long)_bytes.Length - _position - header;
        if ((long)count * each > left)
        {
            throw Error($"{count} {what} cannot be in the {left} bytes that are left");
        }

        _position += header;
        return (int)count;
    }

    private ImageFormatException Range(int before, object value, string allowed)
    {
        _position = before;
        return Error($"{value} is out of range, {allowed} is allowed");
    }

    private ImageFormatException Fail(int before, string what)
    {
        ImageFormatException exception = Error(what);
        _position = before;
        return exception;
    }

    private readonly ImageFormatException Unexpected(byte code, string wanted) =>
        Error(code == MessagePackCode.NeverUsed ? "byte 0xc1 is not MessagePack" : $"{wanted} should be here, not a value that begins with 0x{code:x2}");
}
