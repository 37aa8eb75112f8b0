using System;
using System.Globalization;
using System.Linq;
using Checkpoint.Imaging;
using Xunit;

namespace Checkpoint.Tests.Imaging;

/// <summary>The formats table of the MessagePack specification, value by value.</summary>
public class MessagePackVectorTests
{
    [Theory]
    [InlineData("0", "00")]
    [InlineData("127", "7f")]
    [InlineData("128", "cc 80")]
    [InlineData("255", "cc ff")]
    [InlineData("256", "cd 01 00")]
    [InlineData("65535", "cd ff ff")]
    [InlineData("65536", "ce 00 01 00 00")]
    [InlineData("4294967295", "ce ff ff ff ff")]
    [InlineData("4294967296", "cf 00 00 00 01 00 00 00 00")]
    [InlineData("18446744073709551615", "cf ff ff ff ff ff ff ff ff")]
    [InlineData("-1", "ff")]
    [InlineData("-32", "e0")]
    [InlineData("-33", "d0 df")]
    [InlineData("-128", "d0 80")]
    [InlineData("-129", "d1 ff 7f")]
    [InlineData("-32768", "d1 80 00")]
    [InlineData("-32769", "d2 ff ff 7f ff")]
    [InlineData("-2147483648", "d2 80 00 00 00")]
    [InlineData("-2147483649", "d3 ff ff ff ff 7f ff ff ff")]
    [InlineData("-9223372036854775808", "d3 80 00 00 00 00 00 00 00")]
    public void An_integer_takes_its_shortest_form(string number, string hex)
    {
        bool isUnsigned = ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out ulong unsigned);
        long signed = isUnsigned ? (long)unsigned : long.Parse(number, CultureInfo.InvariantCulture);
        byte[] bytes = Written((ref writer) => WriteInteger(ref writer, isUnsigned, unsigned, signed));
        Assert.Equal(Bytes(hex), bytes);

        MessagePackReader reader = new(bytes);
        Assert.Equal(signed, isUnsigned ? (long)reader.ReadUInt64() : reader.ReadInt64());
        Assert.True(reader.End);
    }

    [Theory]
    [InlineData(5, "05", "cc 05", "cd 00 05", "ce 00 00 00 05", "cf 00 00 00 00 00 00 00 05", "d0 05", "d1 00 05", "d2 00 00 00 05", "d3 00 00 00 00 00 00 00 05")]
    [InlineData(-5, "fb", "d0 fb", "d1 ff fb", "d2 ff ff ff fb", "d3 ff ff ff ff ff ff ff fb")]
    public void An_integer_is_read_in_every_form(int number, params string[] forms)
    {
        foreach (string form in forms)
        {
            MessagePackReader reader = new(Bytes(form));
            Assert.Equal(number, reader.ReadInt32());
            Assert.True(reader.End);
        }
    }

    [Theory]
    [InlineData(0, "a0")]
    [InlineData(31, "bf")]
    [InlineData(32, "d9 20")]
    [InlineData(255, "d9 ff")]
    [InlineData(256, "da 01 00")]
    [InlineData(65535, "da ff ff")]
    [InlineData(65536, "db 00 01 00 00")]
    public void A_str_takes_its_shortest_header(int length, string header)
    {
        byte[] text = [.. Enumerable.Repeat((byte)'x', length)];
        byte[] bytes = Written((ref writer) => writer.WriteString(text));
        Assert.Equal([.. Bytes(header), .. text], bytes);
        Assert.Equal(bytes, Written((ref writer) => writer.Write(new string('x', length))));
        Assert.Equal(new string('x', length), new MessagePackReader(bytes).ReadString());
    }

    [Theory]
    [InlineData(0, "c4 00")]
    [InlineData(255, "c4 ff")]
    [InlineData(256, "c5 01 00")]
    [InlineData(65536, "c6 00 01 00 00")]
    public void A_bin_takes_its_shortest_header(int length, string header)
    {
        byte[] data = [.. Enumerable.Repeat((byte)0xff, length)];
        byte[] bytes = Written((ref writer) => writer.WriteBin(data));
        Assert.Equal([.. Bytes(header), .. data], bytes);
        Assert.Equal(data, new MessagePackReader(bytes).ReadBytes().ToArray());
        Assert.False(new MessagePackReader(bytes).IsNextString());
    }

    [Theory]
    [InlineData(0, "90", "80")]
    [InlineData(15, "9f", "8f")]
    [InlineData(16, "dc 00 10", "de 00 10")]
    [InlineData(65535, "dc ff ff", "de ff ff")]
    [InlineData(65536, "dd 00 01 00 00", "df 00 01 00 00")]
    public void Containers_take_their_shortest_header(int count, string array, string map)
    {
        Assert.Equal(Bytes(array), Written((ref writer) => writer.WriteArrayHeader(count)));
        Assert.Equal(Bytes(map), Written((ref writer) => writer.WriteMapHeader(count)));
        Assert.Equal(count, new MessagePackReader([.. Bytes(array), .. new byte[count]]).ReadArrayHeader());
        Assert.Equal(count, new MessagePackReader([.. Bytes(map), .. new byte[2 * count]]).ReadMapHeader());
    }

    [Theory]
    [InlineData(1, "d4 2a")]
    [InlineData(2, "d5 2a")]
    [InlineData(4, "d6 2a")]
    [InlineData(8, "d7 2a")]
    [InlineData(16, "d8 2a")]
    [InlineData(0, "c7 00 2a")]
    [InlineData(3, "c7 03 2a")]
    [InlineData(256, "c8 01 00 2a")]
    [InlineData(65536, "c9 00 01 00 00 2a")]
    public void An_extension_takes_its_shortest_header(int length, string header)
    {
        byte[] data = [.. Enumerable.Repeat((byte)0x77, length)];
        byte[] bytes = Written((ref writer) => writer.WriteExtension(42, data));
        Assert.Equal([.. Bytes(header), .. data], bytes);
        Assert.Equal(data, new MessagePackReader(bytes).ReadExtension(out sbyte type).ToArray());
        Assert.Equal(42, type);
    }

    [Theory]
    [InlineData(0, 0, "d6 ff 00 00 00 00")]
    [InlineData(4294967295, 0, "d6 ff ff ff ff ff")]
    [InlineData(1, 1, "d7 ff 00 00 00 04 00 00 00 01")]
    [InlineData(17179869183, 999999999, "d7 ff ee 6b 27 ff ff ff ff ff")]
    [InlineData(17179869184, 0, "c7 0c ff 00 00 00 00 00 00 00 04 00 00 00 00")]
    [InlineData(-1, 999999999, "c7 0c ff 3b 9a c9 ff ff ff ff ff ff ff ff ff")]
    public void A_timestamp_takes_its_shortest_form(long seconds, uint nanoseconds, string hex)
    {
        byte[] bytes = Written((ref writer) => writer.WriteTimestamp(seconds, nanoseconds));
        Assert.Equal(Bytes(hex), bytes);
        Assert.Equal((seconds, nanoseconds), new MessagePackReader(bytes).ReadTimestamp());
    }

    [Fact]
    public void Scalars_are_as_specified()
    {
        Assert.Equal(Bytes("c0"), Written((ref writer) => writer.WriteNil()));
        Assert.Equal(Bytes("c2"), Written((ref writer) => writer.Write(false)));
        Assert.Equal(Bytes("c3"), Written((ref writer) => writer.Write(true)));
        Assert.Equal(Bytes("ca 3f c0 00 00"), Written((ref writer) => writer.Write(1.5f)));
        Assert.Equal(Bytes("cb 3f f8 00 00 00 00 00 00"), Written((ref writer) => writer.Write(1.5)));
        Assert.Equal(1.5, new MessagePackReader(Bytes("ca 3f c0 00 00")).ReadDouble());
        Assert.Equal(1.5, new MessagePackReader(Bytes("cb 3f f8 00 00 00 00 00 00")).ReadDouble());
    }

    [Fact]
    public void Bytes_are_str_when_they_are_UTF8_and_bin_when_not()
    {
        Assert.Equal(Bytes("a2 c3 a9"), Written((ref writer) => writer.WriteText([0xc3, 0xa9])));
        Assert.Equal(Bytes("c4 01 e9"), Written((ref writer) => writer.WriteText([0xe9])));

        // A surrogate is not UTF-8, though some call it so.
        Assert.Equal(Bytes("c4 03 ed a0 80"), Written((ref writer) => writer.WriteText([0xed, 0xa0, 0x80])));
    }

    [Theory]
    [InlineData("cc")]
    [InlineData("cd 01")]
    [InlineData("cf 00 00 00 00")]
    [InlineData("a5 61")]
    [InlineData("db ff ff ff ff 61")]
    [InlineData("c6 7f ff ff ff")]
    [InlineData("dd ff ff ff ff")]
    [InlineData("df 80 00 00 00")]
    [InlineData("93 01 02")]
    [InlineData("81 01")]
    [InlineData("c9 ff ff ff ff 00")]
    [InlineData("d8 01")]
    [InlineData("ca 00")]
    [InlineData("c1")]
    [InlineData("")]
    public void What_is_cut_off_or_no_MessagePack_is_refused_and_the_position_kept(string hex)
    {
        byte[] bytes = Bytes("00 " + hex);
        MessagePackReader reader = new(bytes, null, 1);
        ImageFormatException? exception = null;
        try
        {
            reader.Skip(8);
        }
        catch (ImageFormatException e)
        {
            exception = e;
        }

        Assert.NotNull(exception);
        Assert.Equal(1, reader.Position);
    }

    [Theory]
    [InlineData("cf 80 00 00 00 00 00 00 00")]
    [InlineData("ce 80 00 00 00")]
    [InlineData("d3 ff ff ff ff 7f ff ff ff")]
    [InlineData("a1 61")]
    [InlineData("c0")]
    [InlineData("ca 00 00 00 00")]
    public void What_is_no_32_bit_integer_is_refused_and_the_position_kept(string hex)
    {
        MessagePackReader reader = new(Bytes(hex));
        bool isRefused = false;
        try
        {
            reader.ReadInt32();
        }
        catch (ImageFormatException)
        {
            isRefused = true;
        }

        Assert.True(isRefused);
        Assert.Equal(0, reader.Position);
    }

    [Fact]
    public void Containers_are_passed_over_to_the_depth_that_is_allowed()
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)0x91, 16), 0x00];
        MessagePackReader reader = new(bytes);
        reader.Skip(16);
        Assert.True(reader.End);
        Assert.Throws<ImageFormatException>(() => new MessagePackReader(bytes).Skip(15));
    }

    [Fact]
    public void A_million_open_containers_do_not_overflow_the_stack()
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)0x91, 1_000_000)];
        Assert.Throws<ImageFormatException>(() => new MessagePackReader(bytes).Skip(16));
    }

    private static void WriteInteger(ref MessagePackWriter writer, bool isUnsigned, ulong unsigned, long signed)
    {
        if (isUnsigned)
        {
            writer.Write(unsigned);
        }
        else
        {
            writer.Write(signed);
        }
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal));

    private static byte[] Written(Images.WriteAction write) => Images.Encode(write);
}
