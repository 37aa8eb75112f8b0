using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Checkpoint.Imaging;
using Xunit;

namespace Checkpoint.Tests.Imaging;

/// <summary>
/// Each value in every form that the specification allows for it, made from the specification's table of formats: all
/// are read as that value, here and by python3-msgpack, and written again all become the first, which is the shortest.
/// </summary>
public class MessagePackFormTests
{
    private static readonly Int128[] _integers =
    [
        0, 1, 127, 128, 255, 256, 32767, 32768, 65535, 65536, int.MaxValue, 1L + int.MaxValue, uint.MaxValue, 1L + uint.MaxValue,
        long.MaxValue, 1 + (Int128)long.MaxValue, ulong.MaxValue,
        -1, -32, -33, -128, -129, -32768, -32769, int.MinValue, -1L + int.MinValue, long.MinValue,
    ];

    private static readonly int[] _lengths = [0, 1, 2, 3, 4, 8, 15, 16, 17, 31, 32, 255, 256, 65535, 65536];

    private static readonly (long Seconds, uint Nanoseconds)[] _moments =
    [
        (0, 0), (0, 1), (1, 999_999_999), (uint.MaxValue, 0), (1L + uint.MaxValue, 0), ((1L << 34) - 1, 999_999_999), (1L << 34, 0),
        (-1, 0), (-1, 999_999_999), (long.MaxValue, 999_999_999), (long.MinValue, 0),
    ];

    private static readonly double[] _floats = [0, -0.0, 1, -1.5, double.PositiveInfinity, double.NegativeInfinity, double.NaN, float.Epsilon, float.MaxValue];

    private static readonly double[] _doubles = [double.Epsilon, double.MaxValue, 0.1, -Math.PI];

    /// <summary>What values are called (as in <see cref="MessagePackPythonTests"/>), and their forms, shortest first.</summary>
    private static IEnumerable<(string Words, byte[][] Forms)> Values =>
    [
        ("nil", [[0xc0]]), ("false", [[0xc2]]), ("true", [[0xc3]]),
        .. _integers.Select(number => ($"i{number}", Integer(number).ToArray())),
        .. _floats.Select(number => (Words(number), (byte[][])[Coded(0xca, 4, BitConverter.SingleToUInt32Bits((float)number)), Double(number)])),
        .. _doubles.Select(number => (Words(number), (byte[][])[Double(number)])),
        .. _lengths.Select(length => ("s" + Hex(Text(length)), Headed(length, 31, 0xa0, 0xd9, 0xda, 0xdb, Text(length)).ToArray())),
        .. _lengths.Select(length => ("b" + Hex(Data(length)), Headed(length, -1, 0, 0xc4, 0xc5, 0xc6, Data(length)).ToArray())),
        .. _lengths.Select(length => ($"[{string.Join(',', Enumerable.Repeat("nil", length))}]", Headed(length, 15, 0x90, null, 0xdc, 0xdd, Nils(length)).ToArray())),
        .. _lengths.Select(length => ($"{{{string.Join(',', Keys(length).Select(key => $"i{key}=nil"))}}}", Headed(length, 15, 0x80, null, 0xde, 0xdf, Pairs(length)).ToArray())),
        .. _lengths.Select(length => ($"x42:{Hex(Data(length))}", Extension(42, Data(length)).ToArray())),
        .. _moments.Select(moment => ($"t{moment.Seconds}.{moment.Nanoseconds}", Timestamp(moment.Seconds, moment.Nanoseconds).ToArray())),
    ];

    [Fact]
    public void Every_legal_form_is_read_and_the_shortest_is_written()
    {
        foreach ((string words, byte[][] forms) in Values)
        {
            Assert.All(forms.Skip(1), form => Assert.True(form.Length >= forms[0].Length));
            foreach (byte[] form in forms)
            {
                MessagePackReader reader = new(form);
                Assert.Equal(words, MessagePackPythonTests.Describe(ref reader));
                Assert.True(reader.End);
                MessagePackReader skipper = new(form);
                skipper.Skip(2);
                Assert.True(skipper.End);
                if (words[0] != 'f')
                {
                    Assert.Equal(Hex(forms[0]), Hex(Again(form, words[0] == 't' && words != "true")));
                }
            }
        }
    }

    [Fact]
    public void Every_form_that_is_cut_off_is_refused()
    {
        foreach (byte[] form in Values.SelectMany(value => value.Forms).Where(form => form.Length < 1000))
        {
            for (int length = 0; length < form.Length; length++)
            {
                Assert.Throws<ImageFormatException>(() =>
                {
                    MessagePackReader reader = new(form.AsSpan(0, length));
                    MessagePackPythonTests.Describe(ref reader);
                });
                Assert.Throws<ImageFormatException>(() => new MessagePackReader(form.AsSpan(0, length)).Skip(2));
            }
        }
    }

    [RequiresFact("python3-msgpack")]
    public void Python_reads_every_form_as_the_same_value()
    {
        string[] words = [.. Values.SelectMany(value => Enumerable.Repeat(value.Words, value.Forms.Length))];
        byte[] forms = [.. Values.SelectMany(value => value.Forms).SelectMany(form => form)];
        string output = Encoding.ASCII.GetString(Tool.Run(forms, RequiresFactAttribute.Python, "-c", MessagePackPythonTests.Script, "0"));
        Assert.Equal(words, output.TrimEnd('\n').Split('\n'));
    }

    private static byte[] Again(byte[] form, bool isTimestamp) => Images.Encode((ref writer) =>
    {
        MessagePackReader reader = new(form);
        if (isTimestamp)
        {
            (long seconds, uint nanoseconds) = reader.ReadTimestamp();
            writer.WriteTimestamp(seconds, nanoseconds);
        }
        else
        {
            MessagePackPythonTests.Copy(ref reader, ref writer);
        }
    });

    private static IEnumerable<byte[]> Integer(Int128 number)
    {
        if (number >= -32 && number <= 127)
        {
            yield return [(byte)(long)number];
        }

        for (int power = 0; power < 4; power++)
        {
            int width = 1 << power;
            Int128 half = Int128.One << ((8 * width) - 1);
            ulong bits = (ulong)(number & ulong.MaxValue);
            if (number >= 0 && number <= (half * 2) - 1)
            {
                yield return Coded((byte)(0xcc + power), width, bits);
            }

            if (number >= -half && number < half)
            {
                yield return Coded((byte)(0xd0 + power), width, bits);
            }
        }
    }

    private static IEnumerable<byte[]> Extension(byte type, byte[] data)
    {
        if (data.Length is 1 or 2 or 4 or 8 or 16)
        {
            yield return [(byte)(0xd4 + int.Log2(data.Length)), type, .. data];
        }

        foreach (byte[] form in Headed(data.Length, -1, 0, 0xc7, 0xc8, 0xc9, [type, .. data]))
        {
            yield return form;
        }
    }

    private static IEnumerable<byte[]> Timestamp(long seconds, uint nanoseconds)
    {
        byte[] of12 = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(of12, nanoseconds);
        BinaryPrimitives.WriteInt64BigEndian(of12.AsSpan(4), seconds);
        byte[] of8 = Coded(0, 8, ((ulong)nanoseconds << 34) | (ulong)seconds)[1..];
        IEnumerable<byte[]> contents =
        [
            .. seconds is >= 0 and <= uint.MaxValue && nanoseconds == 0 ? (byte[][])[of12[8..]] : [],
            .. seconds is >= 0 and < 1L << 34 ? (byte[][])[of8] : [],
            of12,
        ];
        return contents.SelectMany(content => Extension(0xff, content)).OrderBy(form => form.Length);
    }

    /// <summary>The body behind each header that can tell the length.</summary>
    private static IEnumerable<byte[]> Headed(int length, int mostFixed, byte codeFixed, byte? code8, byte code16, byte code32, byte[] body)
    {
        if (length <= mostFixed)
        {
            yield return [(byte)(codeFixed | length), .. body];
        }

        if (code8 is byte code && length <= 0xff)
        {
            yield return [code, (byte)length, .. body];
        }

        if (length <= 0xffff)
        {
            yield return [.. Coded(code16, 2, (uint)length), .. body];
        }

        yield return [.. Coded(code32, 4, (uint)length), .. body];
    }

    private static byte[] Coded(byte code, int width, ulong bits)
    {
        byte[] of8 = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(of8, bits);
        return [code, .. of8.AsSpan(8 - width)];
    }

    private static byte[] Double(double number) => Coded(0xcb, 8, BitConverter.DoubleToUInt64Bits(number));

    private static string Words(double number) => $"f{BitConverter.DoubleToUInt64Bits(number):x16}";

    private static byte[] Text(int length) => [.. Enumerable.Repeat((byte)'x', length)];

    private static byte[] Data(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];

    private static byte[] Nils(int length) => [.. Enumerable.Repeat((byte)0xc0, length)];

    private static IEnumerable<int> Keys(int length) => Enumerable.Range(0, length);

    private static byte[] Pairs(int length) => [.. Keys(length).SelectMany(key => (byte[])[.. Integer(key).First(), 0xc0])];

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
