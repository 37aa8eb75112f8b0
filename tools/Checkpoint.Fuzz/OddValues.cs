using System;
using System.Collections.Generic;
using System.Text;
using Checkpoint.Imaging;

namespace Checkpoint.Fuzz;

/// <summary>Values at which decoders break: edges of numbers, wrong types, NaN, strings of critical lengths, claims that nothing keeps.</summary>
internal static class OddValues
{
    private static readonly byte[][] Leaves = Make();

    /// <summary>One of them.</summary>
    internal static byte[] Next(Random random) => random.Next(4) switch
    {
        0 => Number((ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64)),
        1 => Number((ulong)random.Next(12)),
        _ => Leaves[random.Next(Leaves.Length)],
    };

    /// <summary>A number in the longest form.</summary>
    internal static byte[] Number(ulong value)
    {
        byte[] bytes = new byte[9];
        bytes[0] = MessagePackCode.UInt64;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(1), value);
        return bytes;
    }

    private static byte[][] Make()
    {
        List<byte[]> leaves = [];
        ByteBuffer buffer = new(1 << 20, "a value");
        MessagePackWriter writer = new(buffer);
        foreach (ulong edge in (ulong[])[0, 1, 2, 31, 32, 127, 128, 255, 256, 4095, 4096, 32767, 32768, 65535, 65536, 1 << 20, 1 << 22, 1 << 23, int.MaxValue, 1ul << 31, uint.MaxValue, 1ul << 32, 1ul << 52, 1ul << 53, 1ul << 54, long.MaxValue, 1ul << 63, ulong.MaxValue - 1, ulong.MaxValue])
        {
            writer.Write(edge);
            Take(ref writer, buffer, leaves);
        }

        foreach (long edge in (long[])[-1, -2, -32, -33, sbyte.MinValue, short.MinValue, int.MinValue, int.MinValue - 1L, long.MinValue])
        {
            writer.Write(edge);
            Take(ref writer, buffer, leaves);
        }

        foreach (double number in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, 1, 1e300, double.Epsilon])
        {
            writer.Write(number);
            Take(ref writer, buffer, leaves);
            writer.Write((float)number);
            Take(ref writer, buffer, leaves);
        }

        foreach (int length in (int[])[0, 1, 19, 20, 21, 31, 32, 63, 64, 65, 255, 256, 4096])
        {
            writer.WriteString(new byte[length]);
            Take(ref writer, buffer, leaves);
            writer.WriteBin(new byte[length]);
            Take(ref writer, buffer, leaves);
            writer.WriteExtension(-1, new byte[length]);
            Take(ref writer, buffer, leaves);
        }

        foreach (string word in (string[])["section", "version", "count", "columns", "values", "lengths", "capture", "strings", "processes", "threads", "exec", "task", "children", "lost", "\e[31m\n\u202e"])
        {
            writer.WriteString(Encoding.UTF8.GetBytes(word));
            Take(ref writer, buffer, leaves);
        }

        writer.WriteTimestamp(-1, 999_999_999);
        Take(ref writer, buffer, leaves);
        leaves.AddRange(
        [
            [MessagePackCode.Nil], [MessagePackCode.True], [MessagePackCode.False], [MessagePackCode.NeverUsed], [], [0xa2, 0xff, 0xfe],
            [MessagePackCode.Str32, 0xff, 0xff, 0xff, 0xff], [MessagePackCode.Bin32, 0x7f, 0xff, 0xff, 0xff], [MessagePackCode.Ext32, 0x80, 0, 0, 0, 1],
            [MessagePackCode.Array32, 0xff, 0xff, 0xff, 0xff], [MessagePackCode.Map32, 0x7f, 0xff, 0xff, 0xff], [MessagePackCode.Array16, 0, 1], [0x90], [0x80], [0xdf],
        ]);
        return [.. leaves];
    }

    private static void Take(ref MessagePackWriter writer, ByteBuffer buffer, List<byte[]> leaves)
    {
        writer.Flush();
        leaves.Add(buffer.Span.ToArray());
        buffer.Clear();
        writer = new MessagePackWriter(buffer);
    }
}
