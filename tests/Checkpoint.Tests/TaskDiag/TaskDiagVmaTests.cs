using System;
using System.Collections.Generic;
using Checkpoint.Model;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Tests.TaskDiag;

/// <summary>VMA records: <see cref="TaskDiagVmaWriter"/> and <see cref="TaskDiagVmaReader"/>.</summary>
public sealed class TaskDiagVmaTests
{
    /// <summary>7f00'0000'1000-7f00'0000'3000 r-x of inode 99 on 8:1 at offset 0x2000, generation 5, named "/bin/a".</summary>
    private const string ByHand =
        "00 10 00 00 00 7F 00 00  00 30 00 00 00 7F 00 00  05 00 00 00 00 00 00 00  00 20 00 00 00 00 00 00"
        + " 08 00 00 00  01 00 00 00  63 00 00 00 00 00 00 00  05 00 00 00  48 00  40 00  07 00  00 00  00 00  00 00"
        + " 2F 62 69 6E 2F 61 00  00";

    private static readonly TaskDiagVma Vma = new(
        0x7f00_0000_1000, 0x7f00_0000_3000, VmaFlags.Read | VmaFlags.Exec, 0x2000, 8, 1, 99, 5);

    [Fact]
    public void A_record_is_written_as_the_header_says()
    {
        byte[] room = new byte[200];
        room.AsSpan().Fill(0xa5);
        TaskDiagVmaWriter writer = new(room);
        Assert.True(writer.TryAppend(Vma, "/bin/a"u8));
        Assert.Equal(Hex.Bytes(ByHand), room[..writer.Length]);
    }

    [Fact]
    public void A_record_made_by_hand_is_read()
    {
        TaskDiagVmaReader reader = new(Hex.Bytes(ByHand));
        Assert.True(reader.Next());
        Assert.Equal(Vma, reader.Current);
        Assert.Equal("/bin/a"u8, reader.Name);
        Assert.False(reader.HasStat);
        Assert.False(reader.Next());
        Assert.False(reader.Next());
    }

    [Fact]
    public void Records_survive_with_and_without_name_and_stat_block()
    {
        Random random = new(1);
        List<(TaskDiagVma Vma, byte[] Name, TaskDiagVmaStat? Stat)> expected = [];
        byte[] room = new byte[65531];
        TaskDiagVmaWriter writer = new(room);
        while (true)
        {
            TaskDiagVma vma = WireSamples.Vma(random);
            byte[] name = WireSamples.Bytes(random, random.Next(3) == 0 ? 0 : random.Next(1, 60));
            TaskDiagVmaStat? stat = random.Next(2) == 0 ? WireSamples.VmaStat(random) : null;
            if (!(stat is TaskDiagVmaStat block ? writer.TryAppend(vma, name, block) : writer.TryAppend(vma, name)))
            {
                break;
            }

            Assert.Equal(0, writer.Length % 4);
            expected.Add((vma, name, stat));
        }

        Assert.InRange(expected.Count, 400, 1000);
        TaskDiagVmaReader reader = new(room.AsSpan(0, writer.Length));
        foreach ((TaskDiagVma vma, byte[] name, TaskDiagVmaStat? stat) in expected)
        {
            Assert.True(reader.Next());
            Assert.Equal(vma, reader.Current);
            Assert.Equal(name, reader.Name);
            Assert.Equal(stat, reader.HasStat ? reader.Stat : null);
        }

        Assert.False(reader.Next());
    }

    [Fact]
    public void A_record_that_does_not_fit_is_not_written()
    {
        for (int size = 0; size < 64 + 128 + 8; size++)
        {
            byte[] room = new byte[size];
            TaskDiagVmaWriter writer = new(room);
            Assert.False(writer.TryAppend(Vma, "/bin/a"u8, new TaskDiagVmaStat { Resident = ulong.MaxValue }));
            Assert.Equal(0, writer.Length);
            Assert.Equal(new byte[size], room);
        }
    }

    [Fact]
    public void The_longest_name_fits_the_largest_attribute_and_a_longer_one_is_a_misuse()
    {
        byte[] buffer = new byte[70_000];
        TaskDiagWriter writer = new(buffer);
        writer.TryBeginMessage(1, 1, 1);
        Assert.True(writer.TryBeginAttribute(TaskDiagAttribute.Vma, out Span<byte> room));
        TaskDiagVmaWriter vmas = new(room);
        Assert.True(vmas.TryAppend(Vma, WireSamples.Bytes(new Random(2), TaskDiagVmaWriter.MaxNameLength), default));
        writer.EndAttribute(vmas.Length);
        Assert.Throws<ArgumentException>(() =>
            new TaskDiagVmaWriter(new byte[100_000]).TryAppend(Vma, new byte[TaskDiagVmaWriter.MaxNameLength + 1]));
    }

    [Fact]
    public void A_record_is_written_with_the_extended_stat_block_before_its_name()
    {
        byte[] room = new byte[64 + 128 + 8];
        room.AsSpan().Fill(0xa5);
        TaskDiagVmaWriter writer = new(room);
        Assert.True(writer.TryAppend(Vma, "/bin/a"u8, new TaskDiagVmaStat { Resident = 0x1000, PssShifted = 0x80_0000, SwapPss = 0x2000 }));
        Assert.Equal(room.Length, writer.Length);
        byte[] expected =
        [
            .. Hex.Bytes(ByHand).AsSpan(0, 52), .. Hex.Bytes("C8 00  C0 00  07 00  40 00  80 00  00 00"),
            .. Hex.Bytes("00 10 00 00 00 00 00 00"), .. new byte[64], .. Hex.Bytes("00 00 80 00 00 00 00 00"),
            .. new byte[40], .. Hex.Bytes("00 20 00 00 00 00 00 00"),
            .. Hex.Bytes("2F 62 69 6E 2F 61 00  00"),
        ];
        Assert.Equal(expected, room);
    }

    [Theory]
    [InlineData(80, 0)]
    [InlineData(88, 0)]
    [InlineData(124, 0)]
    [InlineData(128, 16)]
    [InlineData(136, 16)]
    public void A_stat_block_of_an_older_or_later_version_is_read_as_far_as_it_is_known(byte length, ulong swapPss)
    {
        byte[] bytes = new byte[64 + length];
        bytes.AsSpan(64).Fill(0xa5);
        Vma.Write(bytes);
        new TaskDiagVmaStat { Swap = 3, SwapPss = 16 }.Write(bytes.AsSpan(64));
        bytes[52] = (byte)(64 + length);
        bytes[58] = 64;
        bytes[60] = length;
        TaskDiagVmaReader reader = new(bytes);
        Assert.True(reader.Next());
        Assert.Equal(new TaskDiagVmaStat { Swap = 3, SwapPss = swapPss }, reader.Stat);
    }

    [Fact]
    public void Flags_of_the_extension_survive_next_to_those_of_task_diag()
    {
        VmaFlags flags = VmaFlags.Read | VmaFlags.Mergeable | VmaFlags.WipeOnFork
            | VmaFlags.Sync | VmaFlags.AllKnown;
        byte[] room = new byte[64];
        TaskDiagVmaWriter writer = new(room);
        Assert.True(writer.TryAppend(Vma with { Flags = flags }, []));
        Assert.Equal(Hex.Bytes("01 00 00 08 01 02 00 80"), room[16..24]);
        TaskDiagVmaReader reader = new(room);
        Assert.True(reader.Next());
        Assert.Equal(flags, reader.Current.Flags);
    }

    [Theory]
    [InlineData(52, 0x00, 52)] // vma_len 0 would never end
    [InlineData(52, 0x3c, 52)] // shorter than the head
    [InlineData(52, 0x47, 52)] // not a multiple of 4
    [InlineData(52, 0x4c, 52)] // beyond the payload
    [InlineData(53, 0xff, 52)]
    [InlineData(54, 0x3f, 54)] // the name inside the head
    [InlineData(55, 0xff, 54)]
    [InlineData(56, 0x09, 54)] // the name beyond the record
    [InlineData(56, 0x06, 54)] // no NUL
    [InlineData(60, 0x50, 58)] // the stat block inside the head
    [InlineData(60, 0x01, 58)]
    public void What_is_malformed_is_refused_where_it_is_and_never_met_again(int at, byte value, int offset)
    {
        byte[] bytes = Hex.Bytes(ByHand);
        bytes[at] = value;
        TaskDiagVmaReader reader = new(bytes);
        WireFormatException? thrown = null;
        try
        {
            reader.Next();
        }
        catch (WireFormatException e)
        {
            thrown = e;
        }

        Assert.Equal(offset, Assert.IsType<WireFormatException>(thrown).Offset);
        Assert.False(reader.Next());
    }

    [Fact]
    public void A_short_stat_block_is_refused()
    {
        byte[] bytes = Hex.Bytes(ByHand);
        bytes[58] = 64;
        bytes[60] = 8;
        Assert.Throws<WireFormatException>(() => new TaskDiagVmaReader(bytes).Next());
    }

    [Fact]
    public void An_offset_without_a_length_means_nothing()
    {
        byte[] bytes = Hex.Bytes(ByHand);
        bytes.AsSpan(54, 2).Fill(0xff);
        bytes[56] = 0;
        TaskDiagVmaReader reader = new(bytes);
        Assert.True(reader.Next());
        Assert.True(reader.Name.IsEmpty);
    }

    [Fact]
    public void Every_payload_cut_inside_a_record_is_refused()
    {
        byte[] bytes = Hex.Bytes(ByHand);
        for (int length = 1; length < bytes.Length; length++)
        {
            Assert.Throws<WireFormatException>(() => new TaskDiagVmaReader(bytes.AsSpan(0, length)).Next());
        }
    }
}
