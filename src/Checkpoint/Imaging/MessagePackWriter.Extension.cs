using System;
using System.Buffers.Binary;

namespace Checkpoint.Imaging;

/// <content>Extension values. Images hold none today; a later column may.</content>
internal ref partial struct MessagePackWriter
{
    /// <summary>Type number of the timestamp extension.</summary>
    public const sbyte TimestampType = -1;

    /// <summary>Writes an extension value.</summary>
    /// <param name="type">Type number; negative ones are the specification's own.</param>
    /// <param name="data">Content.</param>
    public void WriteExtension(sbyte type, scoped ReadOnlySpan<byte> data)
    {
        if (data.Length is 1 or 2 or 4 or 8 or 16)
        {
            Take(1)[0] = (byte)(MessagePackCode.FixExt1 + int.Log2(data.Length));
        }
        else if (data.Length <= byte.MaxValue)
        {
            Span<byte> span = Take(2);
            span[0] = MessagePackCode.Ext8;
            span[1] = (byte)data.Length;
        }
        else
        {
            Length16Or32(MessagePackCode.Ext16, MessagePackCode.Ext32, (uint)data.Length);
        }

        Take(1)[0] = (byte)type;
        data.CopyTo(Take(data.Length));
    }

    /// <summary>Writes a moment as the timestamp extension, 4, 8 or 12 bytes.</summary>
    /// <param name="seconds">Seconds since 1970 UTC.</param>
    /// <param name="nanoseconds">0 to 999999999.</param>
    public void WriteTimestamp(long seconds, uint nanoseconds)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nanoseconds, 999_999_999u);
        Span<byte> data = stackalloc byte[12];
        if (seconds >> 34 != 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(data, nanoseconds);
            BinaryPrimitives.WriteInt64BigEndian(data[4..], seconds);
            WriteExtension(TimestampType, data);
        }
        else if (nanoseconds == 0 && seconds <= uint.MaxValue)
        {
            BinaryPrimitives.WriteUInt32BigEndian(data, (uint)seconds);
            WriteExtension(TimestampType, data[..4]);
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(data, ((ulong)nanoseconds << 34) | (ulong)seconds);
            WriteExtension(TimestampType, data[..8]);
        }
    }
}
