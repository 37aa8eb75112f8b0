using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Checkpoint.Imaging;
using Xunit;

namespace Checkpoint.Tests.Imaging;

/// <summary>The codec against python3-msgpack, which others wrote: random values in both directions, described in the same words.</summary>
public class MessagePackPythonTests
{
    private const int Values = 3000;

    /// <summary>Describes the values on standard input and writes as many of its own, packed, with their descriptions.</summary>
    internal const string Script = """
        import msgpack, random, struct, sys
        def describe(v):
            if v is None: return 'nil'
            if isinstance(v, bool): return 'true' if v else 'false'
            if isinstance(v, int): return 'i%d' % v
            if isinstance(v, float): return 'f' + struct.pack('>d', v).hex()
            if isinstance(v, str): return 's' + v.encode().hex()
            if isinstance(v, bytes): return 'b' + v.hex()
            if isinstance(v, msgpack.Timestamp): return 't%d.%d' % (v.seconds, v.nanoseconds)
            if isinstance(v, msgpack.ExtType): return 'x%d:%s' % (v.code, v.data.hex())
            if isinstance(v, list): return '[' + ','.join(map(describe, v)) + ']'
            return '{' + ','.join(describe(k) + '=' + describe(x) for k, x in v.items()) + '}'
        r = random.Random(20)
        def size(): return r.choice([0, 1, 2, 4, 8, 15, 16, 17, 31, 32, 255, 256, 300]) if r.random() < .999 else 70000
        def make(depth):
            kind = r.randrange(9 if depth < 4 else 7)
            if kind == 0: return r.choice([None, True, False])
            if kind in (1, 2): return r.choice([1, -1]) * (r.getrandbits(63) >> r.randrange(64)) if r.random() < .9 else r.getrandbits(64)
            if kind == 3: return struct.unpack('>d', struct.pack('>Q', r.getrandbits(62)))[0]
            if kind == 4: return ''.join(r.choice('aZ \u00e9\u20ac\U0001f600\n') for _ in range(size()))
            if kind == 5: return r.randbytes(size())
            if kind == 6:
                if r.random() < .5: return msgpack.Timestamp(r.randrange(-2**63, 2**63) >> r.randrange(64), r.choice([0, r.randrange(10**9)]))
                return msgpack.ExtType(r.randrange(128), r.randbytes(size()))
            if kind == 7: return [make(depth + 1) for _ in range(size() % 20)]
            return {str(i): make(depth + 1) for i in range(size() % 20)}
        unpacker = msgpack.Unpacker(sys.stdin.buffer, raw=False, timestamp=0, strict_map_key=False)
        theirs = [v for v in unpacker]
        print('\n'.join(describe(v) for v in theirs))
        for _ in range(int(sys.argv[1])):
            v = make(0)
            print(msgpack.packb(v, use_bin_type=True, use_single_float=False).hex())
            print(describe(v))
        """;

    [RequiresFact("python3-msgpack")]
    public void Both_read_what_the_other_wrote_and_write_the_same_bytes()
    {
        Random random = new(10);
        List<string> described = [];
        byte[] packed = Images.Encode((ref writer) =>
        {
            for (int i = 0; i < Values; i++)
            {
                described.Add(WriteRandom(ref writer, random, 0));
            }
        });

        string output = Encoding.ASCII.GetString(Tool.Run(packed, RequiresFactAttribute.Python, "-c", Script, Values.ToString()));
        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal(Values * 3, lines.Length);
        Assert.Equal(described, lines[..Values]);
        for (int i = Values; i < lines.Length; i += 2)
        {
            byte[] theirs = Convert.FromHexString(lines[i]);
            MessagePackReader reader = new(theirs);
            byte[] again = Images.Encode((ref writer) =>
            {
                MessagePackReader source = new(theirs);
                Copy(ref source, ref writer);
            });
            Assert.Equal(lines[i + 1], Describe(ref reader));
            Assert.True(reader.End);
            Assert.Equal(lines[i], Convert.ToHexStringLower(again));

            MessagePackReader skipper = new(theirs);
            skipper.Skip(16);
            Assert.True(skipper.End);
        }
    }

    private static string WriteRandom(ref MessagePackWriter writer, Random random, int depth)
    {
        int[] sizes = [0, 1, 2, 4, 8, 15, 16, 17, 31, 32, 255, 256, 300];
        int size = random.Next(1000) == 0 ? 70000 : sizes[random.Next(sizes.Length)];
        switch (random.Next(depth < 4 ? 10 : 8))
        {
            case 0:
                writer.WriteNil();
                return "nil";
            case 1:
                bool flag = random.Next(2) == 0;
                writer.Write(flag);
                return flag ? "true" : "false";
            case 2:
                ulong unsigned = (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
                writer.Write(unsigned);
                return $"i{unsigned}";
            case 3:
                long signed = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
                writer.Write(signed);
                return $"i{signed}";
            case 4:
                float single = (float)random.NextDouble() * 1e9f;
                double both = random.Next(2) == 0 ? single : random.NextDouble();
                if (both == single)
                {
                    writer.Write(single);
                }
                else
                {
                    writer.Write(both);
                }

                return $"f{BitConverter.DoubleToInt64Bits(both):x16}";
            case 5:
                string text = string.Concat(Enumerable.Range(0, size).Select(_ => new[] { "a", "é", "€", "😀", "\n" }[random.Next(5)]));
                writer.Write(text);
                return "s" + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));
            case 6:
                byte[] bytes = new byte[size];
                random.NextBytes(bytes);
                writer.WriteBin(bytes);
                return "b" + Convert.ToHexStringLower(bytes);
            case 7:
                return WriteExtension(ref writer, random, size);
            case 8:
                writer.WriteArrayHeader(size % 20);
                List<string> elements = [];
                for (int i = 0; i < size % 20; i++)
                {
                    elements.Add(WriteRandom(ref writer, random, depth + 1));
                }

                return $"[{string.Join(',', elements)}]";
            default:
                writer.WriteMapHeader(size % 20);
                List<string> pairs = [];
                for (int i = 0; i < size % 20; i++)
                {
                    writer.Write(i);
                    pairs.Add($"i{i}={WriteRandom(ref writer, random, depth + 1)}");
                }

                return $"{{{string.Join(',', pairs)}}}";
        }
    }

    private static string WriteExtension(ref MessagePackWriter writer, Random random, int size)
    {
        if (random.Next(2) == 0)
        {
            long seconds = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            uint nanoseconds = random.Next(2) == 0 ? 0 : (uint)random.Next(1_000_000_000);
            writer.WriteTimestamp(seconds, nanoseconds);
            return $"t{seconds}.{nanoseconds}";
        }

        byte[] data = new byte[size];
        random.NextBytes(data);
        sbyte type = (sbyte)random.Next(128);
        writer.WriteExtension(type, data);
        return $"x{type}:{Convert.ToHexStringLower(data)}";
    }

    /// <summary>The next value in the words of the script.</summary>
    internal static string Describe(ref MessagePackReader reader)
    {
        List<string> parts = [];
        switch (Family(reader.NextCode))
        {
            case 'n':
                reader.TryReadNil();
                return "nil";
            case 'b':
                return reader.ReadBoolean() ? "true" : "false";
            case 'i':
                return reader.NextCode is MessagePackCode.UInt64 ? $"i{reader.ReadUInt64()}" : $"i{reader.ReadInt64()}";
            case 'f':
                return $"f{BitConverter.DoubleToInt64Bits(reader.ReadDouble()):x16}";
            case 's':
                return (reader.IsNextString() ? "s" : "b") + Convert.ToHexStringLower(reader.ReadBytes());
            case 'x':
                MessagePackReader ahead = reader;
                ReadOnlySpan<byte> data = reader.ReadExtension(out sbyte type);
                if (type != MessagePackWriter.TimestampType)
                {
                    return $"x{type}:{Convert.ToHexStringLower(data)}";
                }

                (long seconds, uint nanoseconds) = ahead.ReadTimestamp();
                return $"t{seconds}.{nanoseconds}";
            case 'a':
                for (int left = reader.ReadArrayHeader(); left > 0; left--)
                {
                    parts.Add(Describe(ref reader));
                }

                return $"[{string.Join(',', parts)}]";
            default:
                for (int left = reader.ReadMapHeader(); left > 0; left--)
                {
                    string key = Describe(ref reader);
                    parts.Add($"{key}={Describe(ref reader)}");
                }

                return $"{{{string.Join(',', parts)}}}";
        }
    }

    /// <summary>Writes the next value again.</summary>
    internal static void Copy(ref MessagePackReader reader, ref MessagePackWriter writer)
    {
        int left;
        switch (Family(reader.NextCode))
        {
            case 'n':
                reader.TryReadNil();
                writer.WriteNil();
                return;
            case 'b':
                writer.Write(reader.ReadBoolean());
                return;
            case 'i' when reader.NextCode is MessagePackCode.UInt64:
                writer.Write(reader.ReadUInt64());
                return;
            case 'i':
                writer.Write(reader.ReadInt64());
                return;
            case 'f':
                writer.Write(reader.ReadDouble());
                return;
            case 's' when reader.IsNextString():
                writer.Write(reader.ReadString());
                return;
            case 's':
                writer.WriteBin(reader.ReadBytes());
                return;
            case 'x':
                ReadOnlySpan<byte> data = reader.ReadExtension(out sbyte type);
                writer.WriteExtension(type, data);
                return;
            case 'a':
                left = reader.ReadArrayHeader();
                writer.WriteArrayHeader(left);
                break;
            default:
                left = reader.ReadMapHeader();
                writer.WriteMapHeader(left);
                left *= 2;
                break;
        }

        for (; left > 0; left--)
        {
            Copy(ref reader, ref writer);
        }
    }

    private static char Family(byte code) => code switch
    {
        MessagePackCode.Nil => 'n',
        MessagePackCode.False or MessagePackCode.True => 'b',
        <= MessagePackCode.MaxFixInt or >= MessagePackCode.MinNegativeFixInt or (>= MessagePackCode.UInt8 and <= MessagePackCode.Int64) => 'i',
        MessagePackCode.Float32 or MessagePackCode.Float64 => 'f',
        (>= MessagePackCode.MinFixStr and < MessagePackCode.Nil) or (>= MessagePackCode.Str8 and <= MessagePackCode.Str32)
            or (>= MessagePackCode.Bin8 and <= MessagePackCode.Bin32) => 's',
        < MessagePackCode.MinFixArray or MessagePackCode.Map16 or MessagePackCode.Map32 => 'm',
        < MessagePackCode.MinFixStr or MessagePackCode.Array16 or MessagePackCode.Array32 => 'a',
        _ => 'x',
    };
}
