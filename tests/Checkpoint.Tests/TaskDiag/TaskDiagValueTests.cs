using System;
using System.Buffers.Binary;
using Checkpoint.Model;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Tests.TaskDiag;

/// <summary>The value structs of the attributes: any value survives, shorter payloads are refused, longer ones accepted.</summary>
public sealed class TaskDiagValueTests
{
    private const int Rounds = 200;

    [Fact]
    public void Any_base_survives() => Survive(TaskDiagBase.Size, WireSamples.Base, (v, d) => v.Write(d), TaskDiagBase.Read);

    [Fact]
    public void Any_cred_survives() => Survive(TaskDiagCred.Size, WireSamples.Cred, (v, d) => v.Write(d), TaskDiagCred.Read);

    [Fact]
    public void Any_stat_survives() => Survive(TaskDiagStat.Size, WireSamples.Stat, (v, d) => v.Write(d), TaskDiagStat.Read);

    [Fact]
    public void Any_VMA_head_survives() => Survive(TaskDiagVma.Size, WireSamples.Vma, (v, d) => v.Write(d), TaskDiagVma.Read);

    [Fact]
    public void Any_VMA_stat_survives() => Survive(TaskDiagVmaStat.Size, WireSamples.VmaStat, (v, d) => v.Write(d), TaskDiagVmaStat.Read);

    [Fact]
    public void Any_sched_survives() => Survive(TaskDiagExtSched.Size, WireSamples.Sched, (v, d) => v.Write(d), TaskDiagExtSched.Read);

    [Fact]
    public void Any_mm_survives() => Survive(TaskDiagExtMm.Size, WireSamples.Mm, (v, d) => v.Write(d), TaskDiagExtMm.Read);

    [Fact]
    public void Any_security_survives() => Survive(TaskDiagExtSecurity.Size, WireSamples.Security, (v, d) => v.Write(d), TaskDiagExtSecurity.Read);

    [Fact]
    public void Any_signals_survive() => Survive(TaskDiagExtSignals.Size, WireSamples.Signals, (v, d) => v.Write(d), TaskDiagExtSignals.Read);

    [Fact]
    public void Any_namespaces_survive() =>
        Survive(TaskDiagExtNamespaces.Size, WireSamples.Namespaces, (v, d) => v.Write(d), TaskDiagExtNamespaces.Read);

    [Fact]
    public void Any_gap_survives() => Survive(TaskDiagExtGap.Size, WireSamples.Gap, (v, d) => v.Write(d), TaskDiagExtGap.Read);

    [Fact]
    public void Any_statm_survives() =>
        Survive(TaskDiagStatm.Size, WireSamples.Statm, (v, d) => v.Write(d), TaskDiagStatm.Read, TaskDiagStatm.SizeWithoutPmds);

    [Fact]
    public void A_statm_without_pmds_has_its_later_fields_eight_bytes_lower()
    {
        byte[] bytes = new byte[TaskDiagStatm.SizeWithoutPmds];
        for (int i = 0; i < 15; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8 * i), (ulong)i + 1);
        }

        Assert.Equal(new TaskDiagStatm(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 12, 13, 14, 15), TaskDiagStatm.Read(bytes));
    }

    [Fact]
    public void A_base_made_by_hand_is_read_whatever_its_padding()
    {
        byte[] bytes = Hex.Bytes(
            "0A 00 00 00  0C 00 00 00  01 00 00 00  02 00 00 00  03 00 00 00  04 00 00 00  06  6C 73 00 00 00 00 00 00 00 00 00 00 00 00 00 00  A5 A5 A5");
        Assert.Equal(new TaskDiagBase(10, 12, 1, 2, 3, 4, TaskState.Zombie, new TaskComm("ls"u8)), TaskDiagBase.Read(bytes));
    }

    [Fact]
    public void An_unknown_state_is_refused()
    {
        byte[] bytes = new byte[TaskDiagBase.Size];
        bytes[24] = 8;
        Assert.Equal(TaskState.Idle, TaskDiagBase.Read(bytes).State);
        bytes[24] = 9;
        Assert.Equal(24, Assert.Throws<WireFormatException>(() => TaskDiagBase.Read(bytes)).Offset);
    }

    [Theory]
    [InlineData(13u)]
    [InlineData(uint.MaxValue)]
    public void An_unknown_part_of_a_gap_is_refused(uint part)
    {
        byte[] bytes = new byte[TaskDiagExtGap.Size];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, part);
        Assert.Throws<WireFormatException>(() => TaskDiagExtGap.Read(bytes));
    }

    [Fact]
    public void Every_state_and_part_of_the_model_can_travel()
    {
        byte[] bytes = new byte[TaskDiagBase.Size];
        foreach (TaskState state in Enum.GetValues<TaskState>())
        {
            (default(TaskDiagBase) with { State = state }).Write(bytes);
            Assert.Equal(state, TaskDiagBase.Read(bytes).State);
        }

        foreach (CapturePart part in Enum.GetValues<CapturePart>())
        {
            new TaskDiagExtGap(part, 13).Write(bytes);
            Assert.Equal(new TaskDiagExtGap(part, 13), TaskDiagExtGap.Read(bytes));
        }
    }

    [Fact]
    public void An_executable_has_its_mark_apart_from_its_path()
    {
        byte[] bytes = new byte[4 + 7];
        new TaskDiagExtExe("/bin/ls"u8, deleted: true).Write(bytes);
        Assert.Equal(Hex.Bytes("01 00 00 00  2F 62 69 6E 2F 6C 73"), bytes);
        bytes[0] = 0xfe;
        TaskDiagExtExe exe = TaskDiagExtExe.Read(bytes);
        Assert.False(exe.Deleted);
        Assert.Equal("/bin/ls"u8, exe.Path);
        Assert.Throws<WireFormatException>(() => TaskDiagExtExe.Read(bytes.AsSpan(0, 3)));
    }

    [Fact]
    public void A_list_of_numbers_must_be_whole()
    {
        byte[] bytes = new byte[8];
        TaskDiagUInt32List.Write([1, uint.MaxValue], bytes);
        Assert.Equal(Hex.Bytes("01 00 00 00  FF FF FF FF"), bytes);
        TaskDiagUInt32List list = new(bytes);
        Assert.Equal(2, list.Count);
        Assert.Equal(uint.MaxValue, list[1]);
        Assert.Equal(0, new TaskDiagUInt32List([]).Count);
        Assert.Throws<WireFormatException>(() => new TaskDiagUInt32List(bytes.AsSpan(0, 7)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TaskDiagUInt32List(bytes)[2]);
    }

    private static void Survive<T>(
        int size, Func<Random, T> any, HeaderFields.Write<T> write, HeaderFields.Read<T> read, int? least = null)
    {
        Random random = new(size);
        byte[] bytes = new byte[size + 9];
        for (int i = 0; i < Rounds; i++)
        {
            T value = any(random);
            random.NextBytes(bytes);
            write(value, bytes);
            Assert.Equal(value, read(bytes.AsSpan(0, size)));
            Assert.Equal(value, read(bytes));
        }

        for (int length = 0; length < (least ?? size); length++)
        {
            Assert.Throws<WireFormatException>(() => read(bytes.AsSpan(0, length)));
        }
    }
}
