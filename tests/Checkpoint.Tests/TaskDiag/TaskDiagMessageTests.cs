using System;
using System.Linq;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Tests.TaskDiag;

/// <summary>Messages and attributes: <see cref="TaskDiagWriter"/> and <see cref="TaskDiagReader"/> against bytes made by hand.</summary>
public sealed class TaskDiagMessageTests
{
    /// <summary>A continued message of thread 12 of process 10, sequence 7, with CMDLINE "ls\0" padded to 4; then an empty last one.</summary>
    private const string ByHand =
        "24 00 00 00  01 D1  02 00  07 00 00 00  00 00 00 00  0C 00 00 00  0A 00 00 00  01 00 00 00"
        + " 07 00  06 00  6C 73 00  00"
        + " 1C 00 00 00  01 D1  02 00  07 00 00 00  00 00 00 00  0C 00 00 00  0A 00 00 00  00 00 00 00";

    [Fact]
    public void Messages_are_written_as_the_header_says_with_zeroed_padding()
    {
        byte[] buffer = Garbage(100);
        TaskDiagWriter writer = new(buffer);
        Assert.True(writer.TryBeginMessage(12, 10, 7));
        Assert.False(writer.HasAttributes);
        Assert.True(writer.TryAdd(TaskDiagAttribute.Cmdline, "ls\0"u8));
        Assert.True(writer.HasAttributes);
        writer.EndMessage(continued: true);
        Assert.True(writer.TryBeginMessage(12, 10, 7));
        writer.EndMessage(continued: false);
        Assert.Equal(Hex.Bytes(ByHand), buffer[..writer.Length]);
        Assert.Equal(100 - writer.Length, writer.Remaining);
    }

    [Fact]
    public void An_open_ended_attribute_is_the_same_as_a_whole_one_and_can_be_taken_back()
    {
        byte[] buffer = Garbage(100);
        TaskDiagWriter writer = new(buffer);
        Assert.True(writer.TryBeginMessage(12, 10, 7));
        Assert.True(writer.TryBeginAttribute(TaskDiagAttribute.Vma, out Span<byte> room));
        room.Fill(1);
        writer.EndAttribute(0);
        Assert.True(writer.TryBeginAttribute(TaskDiagAttribute.Cmdline, out room));
        Assert.Equal(100 - 28 - 4, room.Length);
        "ls\0"u8.CopyTo(room);
        writer.EndAttribute(3);
        writer.EndMessage(continued: true);
        Assert.Equal(Hex.Bytes(ByHand)[..36], buffer[..writer.Length]);
    }

    [Fact]
    public void What_does_not_fit_is_not_written()
    {
        for (int size = 0; size < 60; size++)
        {
            byte[] buffer = Garbage(size);
            TaskDiagWriter writer = new(buffer);
            bool message = writer.TryBeginMessage(1, 1, 1);
            Assert.Equal(size >= 28, message);
            if (message)
            {
                Assert.Equal(size >= 28 + 4 + 8, writer.TryAdd(TaskDiagAttribute.Cmdline, "seven b"u8));
                int before = writer.Length;
                Assert.Equal(before + 8 <= size, writer.TryBeginAttribute(TaskDiagAttribute.Vma, out Span<byte> room));
                Assert.Equal(before + 8 <= size ? (size & ~3) - before - 4 : 0, room.Length);
                if (!room.IsEmpty)
                {
                    writer.EndAttribute(room.Length);
                }

                writer.EndMessage(continued: false);
                Assert.InRange(writer.Length, 28, size);
            }
            else
            {
                Assert.Equal(Garbage(size), buffer);
            }
        }
    }

    [Fact]
    public void The_longest_attribute_has_65531_bytes_and_a_longer_one_is_a_misuse()
    {
        byte[] buffer = new byte[200_000];
        TaskDiagWriter writer = new(buffer);
        Assert.True(writer.TryBeginMessage(1, 1, 1));
        Assert.True(writer.TryBeginAttribute(TaskDiagAttribute.Cmdline, out Span<byte> room));
        Assert.Equal(65531, room.Length);
        writer.EndAttribute(room.Length);
        Assert.True(writer.TryAdd(TaskDiagAttribute.Cmdline, new byte[65531]));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            TaskDiagWriter other = new(buffer);
            other.TryBeginMessage(1, 1, 1);
            other.TryAdd(TaskDiagAttribute.Cmdline, new byte[65532]);
        });
        writer.EndMessage(continued: false);

        TaskDiagReader reader = new(buffer.AsSpan(0, writer.Length));
        Assert.True(reader.NextMessage());
        Assert.True(reader.NextAttribute());
        Assert.Equal(65531, reader.Payload.Length);
        Assert.True(reader.NextAttribute());
        Assert.Equal(65531, reader.Payload.Length);
        Assert.False(reader.NextAttribute());
        Assert.False(reader.NextMessage());
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 300_000)]
    [InlineData(4, 300_000)]
    [InlineData(8, 4_000)]
    [InlineData(TaskDiagExtPageSize.Size, 4_000)]
    [InlineData(TaskDiagExtBuildId.Size, 4_000)]
    [InlineData(TaskDiagExtBuildId.Size, 300_000)]
    public void A_long_payload_is_added_in_parts_that_join_to_it(int unit, int length)
    {
        byte[] payload = new byte[length];
        new Random(unit).NextBytes(payload);
        byte[] joined = [];
        byte[] buffer = Garbage(length > 100_000 ? 100_002 : 230);
        int rest = 0;
        for (int messages = 0; rest < length; messages++)
        {
            Assert.InRange(messages, 0, 100);
            TaskDiagWriter writer = new(buffer);
            Assert.True(writer.TryBeginMessage(1, 1, 1));
            while (writer.AddPart(TaskDiagAttribute.ExtEnviron, payload.AsSpan(rest), unit) is int taken and > 0)
            {
                Assert.True(taken % unit == 0 || rest + taken == length);
                rest += taken;
            }

            writer.EndMessage(continued: rest < length);
            TaskDiagReader reader = new(buffer.AsSpan(0, writer.Length));
            Assert.True(reader.NextMessage());
            while (reader.NextAttribute())
            {
                joined = [.. joined, .. reader.Payload];
            }
        }

        Assert.True(payload.AsSpan().SequenceEqual(joined));
    }

    [Fact]
    public void A_message_can_be_taken_back_with_an_open_attribute()
    {
        TaskDiagWriter writer = new(new byte[100]);
        Assert.True(writer.TryBeginMessage(1, 1, 1));
        Assert.True(writer.TryAdd(TaskDiagAttribute.Cmdline, "ls"u8));
        Assert.True(writer.TryBeginAttribute(TaskDiagAttribute.Vma, out _));
        writer.CancelMessage();
        Assert.Equal(0, writer.Length);
        Assert.True(writer.TryBeginMessage(2, 2, 2));
    }

    [Fact]
    public void Calls_in_the_wrong_order_are_a_misuse()
    {
        Assert.Throws<InvalidOperationException>(() => new TaskDiagWriter(new byte[100]).TryAdd(TaskDiagAttribute.Base, []));
        Assert.Throws<InvalidOperationException>(() => new TaskDiagWriter(new byte[100]).EndMessage(false));
        Assert.Throws<InvalidOperationException>(() => new TaskDiagWriter(new byte[100]).EndAttribute(0));
        Assert.Throws<InvalidOperationException>(() => new TaskDiagWriter(new byte[100]).CancelMessage());
        Assert.Throws<InvalidOperationException>(() =>
        {
            TaskDiagWriter writer = new(new byte[100]);
            writer.TryBeginMessage(1, 1, 1);
            writer.TryBeginMessage(1, 1, 1);
        });
        Assert.Throws<InvalidOperationException>(() =>
        {
            TaskDiagWriter writer = new(new byte[100]);
            writer.TryBeginMessage(1, 1, 1);
            writer.TryBeginAttribute(TaskDiagAttribute.Vma, out _);
            writer.EndMessage(false);
        });
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            TaskDiagWriter writer = new(new byte[100]);
            writer.TryBeginMessage(1, 1, 1);
            writer.TryBeginAttribute(TaskDiagAttribute.Vma, out Span<byte> room);
            writer.EndAttribute(room.Length + 1);
        });
    }

    [Fact]
    public void Messages_made_by_hand_are_read()
    {
        TaskDiagReader reader = new(Hex.Bytes(ByHand));
        Assert.False(reader.NextAttribute());
        Assert.True(reader.NextMessage());
        Assert.Equal((12u, 10u, 7u, true), (reader.Pid, reader.Tgid, reader.Sequence, reader.Continued));
        Assert.True(reader.Payload.IsEmpty);
        Assert.True(reader.NextAttribute());
        Assert.Equal(TaskDiagAttribute.Cmdline, reader.Type);
        Assert.Equal("ls\0"u8, reader.Payload);
        Assert.False(reader.NextAttribute());
        Assert.True(reader.Payload.IsEmpty);
        Assert.True(reader.NextMessage());
        Assert.False(reader.Continued);
        Assert.False(reader.NextAttribute());
        Assert.False(reader.NextMessage());
        Assert.False(reader.NextAttribute());
        Assert.False(reader.NextMessage());
    }

    [Fact]
    public void Only_bit_0_of_the_flags_means_anything()
    {
        byte[] bytes = Hex.Bytes(ByHand);
        bytes.AsSpan(24, 4).Fill(0xff);
        bytes.AsSpan(36 + 24, 4).Fill(0xfe);
        TaskDiagReader reader = new(bytes);
        Assert.True(reader.NextMessage());
        Assert.True(reader.Continued);
        Assert.True(reader.NextMessage());
        Assert.False(reader.Continued);
    }

    [Fact]
    public void Padding_may_be_garbage_and_after_the_last_attribute_and_message_missing()
    {
        byte[] bytes = Hex.Bytes(ByHand)[..36];
        bytes[35] = 0xa5;
        Assert.Equal("ls\0"u8, OnlyPayload(bytes));
        bytes[0] = 35;
        Assert.Equal("ls\0"u8, OnlyPayload(bytes));
        Assert.Equal("ls\0"u8, OnlyPayload(bytes.AsSpan(0, 35)));
    }

    [Fact]
    public void An_unknown_attribute_is_told_by_its_number()
    {
        byte[] bytes = Hex.Bytes(ByHand);
        bytes[30] = 0x99;
        TaskDiagReader reader = new(bytes);
        Assert.True(reader.NextMessage());
        Assert.True(reader.NextAttribute());
        Assert.Equal((TaskDiagAttribute)0x99, reader.Type);
    }

    [Theory]
    [InlineData(0, 0x1b, 0)] // shorter than its head
    [InlineData(0, 0x65, 0)] // longer than the bytes
    [InlineData(3, 0x80, 0)] // far longer: negative as an int
    [InlineData(4, 0x02, 4)] // NLMSG_ERROR or anything but TASK_DIAG_CMD_GET
    [InlineData(28, 0x03, 28)] // attribute shorter than its head
    [InlineData(28, 0x09, 28)] // attribute longer than the message
    [InlineData(29, 0xff, 28)]
    [InlineData(0, 0x1e, 28)] // two bytes are no attribute
    public void What_is_malformed_is_refused_where_it_is_and_never_met_again(int at, byte value, int offset)
    {
        byte[] bytes = Hex.Bytes(ByHand);
        bytes[at] = value;
        TaskDiagReader reader = new(bytes);
        WireFormatException? thrown = null;
        try
        {
            while (reader.NextMessage())
            {
                while (reader.NextAttribute())
                {
                }
            }
        }
        catch (WireFormatException e)
        {
            thrown = e;
        }

        Assert.Equal(offset, Assert.IsType<WireFormatException>(thrown).Offset);
        Assert.False(reader.NextAttribute());
        Assert.True(offset == 28 || !reader.NextMessage());
    }

    private static ReadOnlySpan<byte> OnlyPayload(ReadOnlySpan<byte> bytes)
    {
        TaskDiagReader reader = new(bytes);
        Assert.True(reader.NextMessage());
        Assert.True(reader.NextAttribute());
        ReadOnlySpan<byte> payload = reader.Payload;
        Assert.False(reader.NextAttribute());
        Assert.False(reader.NextMessage());
        return payload;
    }

    private static byte[] Garbage(int length) => [.. Enumerable.Repeat((byte)0xa5, length)];
}
