using System;
using System.Buffers.Binary;

namespace Checkpoint.Imaging;

/// <content>Extension values. Images hold none today; a later column may.</content>
internal ref partial struct MessagePackReader
{
    /// <summary>Reads an extension value.</summary>
    /// <param name="type">Its type number.</param>
    /// <returns>Its content, in place.</returns>
    /// <exception cref="ImageFormatException">Something else is there, or it is cut off.</exception>
    public ReadOnlySpan<byte> ReadExtension(out sbyte type)
    {
        byte code = NextCode;
        (int header, uint length) = code switch
        {
            >= MessagePackCode.FixExt1 and <= MessagePackCode.FixExt16 => (2, 1u << (code - MessagePackCode.FixExt1)),
            MessagePackCode.Ext8 => (3, (uint)BigEndian(1, 1)),
            MessagePackCode.Ext16 => (4, (uint)BigEndian(1, 2)),
            MessagePackCode.Ext32 => (6, (uint)BigEndian(1, 4)),
            _ => throw Unexpected(code, "an extension"),
        };
        ReadOnlySpan<byte> data = Take(header, length);
        type = (sbyte)_bytes[_position - (int)length - 1];
        return data;
    }

    /// <summary>Reads a timestamp extension.</summary>
    /// <returns>Seconds since 1970 UTC and nanoseconds below a second.</returns>
    /// <exception cref="ImageFormatException">Something else is there, or the nanoseconds are too many.</exception>
    public (long Seconds, uint Nanoseconds) ReadTimestamp()
    {
        int before = _position;
        ReadOnlySpan<byte> data = ReadExtension(out sbyte type);
        int after = _position;
        _position = before;
        if (type != MessagePackWriter.TimestampType || data.Length is not (4 or 8 or 12))
        {
            throw Error($"an extension of type {type} and {data.Length} bytes is not a timestamp");
        }

        ulong packed = data.Length == 8 ? BinaryPrimitives.ReadUInt64BigEndian(data) : 0;
        uint first = BinaryPrimitives.ReadUInt32BigEndian(data);
        (long seconds, uint nanoseconds) = data.Length switch
        {
            4 => ((long)first, 0u),
            8 => ((long)(packed & 0x3_ffff_ffff), (uint)(packed >> 34)),
            _ => (BinaryPrimitives.ReadInt64BigEndian(data[4..]), first),
        };
        if (nanoseconds > 999_999_999)
        {
            throw Error($"{nanoseconds} nanoseconds are more than a second");
        }

        _position = after;
        return (seconds, nanoseconds);
    }
}
