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
    public void Any_VMA_stat_survives() =>
        Survive(TaskDiagVmaStat.ExtendedSize, WireSamples.VmaStat, (v, d) => v.Write(d), TaskDiagVmaStat.Read, TaskDiagVmaStat.Size);

    [Fact]
    public void Any_sched_survives() => Survive(
        TaskDiagExtSched.SizeWithExecId, random => WireSamples.Sched(random) with { ExecId = (uint)random.Next() }, (v, d) => v.Write(d), TaskDiagExtSched.Read,
        TaskDiagExtSched.Size);

    [Fact]
    public void A_sched_of_fewer_bytes_tells_no_exec_id()
    {
        TaskDiagExtSched sched = WireSamples.Sched(new Random(7));
        byte[] bytes = new byte[TaskDiagExtSched.SizeWithExecId];
        bytes.AsSpan().Fill(0xa5);
        sched.Write(bytes);
        Assert.Equal(sched, TaskDiagExtSched.Read(bytes.AsSpan(0, TaskDiagExtSched.SizeWithExecId - 1)));
        Assert.False(bytes.AsSpan(TaskDiagExtSched.Size).ContainsAnyExcept((byte)0xa5));
    }

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
    public void Any_page_size_survives() =>
        Survive(TaskDiagExtPageSize.Size, WireSamples.PageSize, (v, d) => v.Write(d), TaskDiagExtPageSize.Read);

    [Fact]
    public void Any_total_vm_survives() =>
        Survive(TaskDiagExtTotalVm.Size, WireSamples.TotalVm, (v, d) => v.Write(d), TaskDiagExtTotalVm.Read);

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
    public void A_VMA_stat_has_its_extension_behind_the_fields_of_task_diag()
    {
        TaskDiagVmaStat stat = new(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
        byte[] bytes = new byte[TaskDiagVmaStat.ExtendedSize];
        for (int i = 0; i < 16; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8 * i), (ulong)i + 1);
        }

        Assert.Equal(stat, TaskDiagVmaStat.Read(bytes));
        byte[] written = new byte[TaskDiagVmaStat.ExtendedSize];
        stat.Write(written);
        Assert.Equal(bytes, written);
    }

    [Theory]
    [InlineData(TaskDiagVmaStat.Size)]
    [InlineData(TaskDiagVmaStat.Size + 8)]
    [InlineData(TaskDiagVmaStat.ExtendedSize - 1)]
    public void A_VMA_stat_is_whole_in_either_size_and_never_in_between(int length)
    {
        TaskDiagVmaStat stat = new(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
        byte[] bytes = new byte[length];
        bytes.AsSpan().Fill(0xa5);
        stat.Write(bytes);
        Assert.False(bytes.AsSpan(TaskDiagVmaStat.Size).ContainsAnyExcept((byte)0xa5));
        Assert.Equal(new TaskDiagVmaStat(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), TaskDiagVmaStat.Read(bytes));
    }

    [Fact]
    public void A_build_id_made_by_hand_is_read_up_to_its_length_and_written_with_zeroes_behind()
    {
        byte[] bytes = Hex.Bytes(
            "00 10 40 00 00 7F 00 00  63 00 00 80  3D 00  01 00  08 00 00 00  DE AD BE EF 01 02 03 04  A5 A5 A5 A5 A5 A5 A5 A5 A5 A5 A5 A5");
        TaskDiagExtBuildId file = TaskDiagExtBuildId.Read(bytes);
        Assert.Equal((0x7f00_0040_1000ul, 0x8000_0063u, 61, true), (file.Start, file.File, file.Errno, file.IsCalledDeleted));
        Assert.Equal(Hex.Bytes("DE AD BE EF 01 02 03 04"), file.Id);
        byte[] written = new byte[TaskDiagExtBuildId.Size + 1];
        written.AsSpan().Fill(0xa5);
        file.Write(written);
        bytes.AsSpan(28).Clear();
        Assert.Equal([.. bytes, 0xa5], written);
    }

    [Fact]
    public void Any_file_survives_and_records_whose_lengths_do_not_fit_are_refused()
    {
        Random random = new(41);
        byte[] bytes = new byte[TaskDiagExtFile.HeadSize + 40];
        for (int length = 0; length <= 36; length++)
        {
            byte[] name = WireSamples.Bytes(random, length);
            random.NextBytes(bytes);
            TaskDiagExtFile file = new(WireSamples.U32(random), WireSamples.U32(random), WireSamples.U32(random), WireSamples.U64(random), name);
            file.Write(bytes);
            TaskDiagExtFile read = TaskDiagExtFile.Read(bytes, out int size);
            Assert.Equal(((length + 3) & ~3) + 24, size);
            Assert.Equal((file.Number, file.Major, file.Minor, file.Inode), (read.Number, read.Major, read.Minor, read.Inode));
            Assert.Equal(name, read.Name);
            Assert.Throws<WireFormatException>(() => TaskDiagExtFile.Read(bytes.AsSpan(0, size - 1), out _));
        }

        foreach ((byte record, byte name) in (ReadOnlySpan<(byte, byte)>)[(0, 0), (20, 0), (26, 0), (28, 5), (24, 1), (68, 0)])
        {
            (bytes[12], bytes[13], bytes[14], bytes[15]) = (record, 0, name, 0);
            Assert.Throws<WireFormatException>(() => TaskDiagExtFile.Read(bytes, out _));
        }

        Assert.Throws<InvalidOperationException>(() => new TaskDiagExtFile(1, 0, 0, 1, new byte[70_000]).Write(new byte[80_000]));
    }

    [Fact]
    public void Any_build_id_of_up_to_20_bytes_survives_and_shorter_records_are_refused()
    {
        Random random = new(40);
        byte[] bytes = new byte[TaskDiagExtBuildId.Size + 9];
        for (int length = 0; length <= TaskDiagExtBuildId.MaxIdLength; length++)
        {
            byte[] id = WireSamples.Bytes(random, length);
            (ulong start, uint number, ushort errno) = (WireSamples.U64(random), WireSamples.U32(random), (ushort)WireSamples.U32(random));
            random.NextBytes(bytes);
            new TaskDiagExtBuildId(start, number, errno, length % 2 == 0, id).Write(bytes);
            TaskDiagExtBuildId file = TaskDiagExtBuildId.Read(bytes);
            Assert.Equal((start, number, errno, length % 2 == 0), (file.Start, file.File, file.Errno, file.IsCalledDeleted));
            Assert.Equal(id, file.Id);
        }

        for (int length = 0; length < TaskDiagExtBuildId.Size; length++)
        {
            Assert.Throws<WireFormatException>(() => TaskDiagExtBuildId.Read(bytes.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData(21u)]
    [InlineData(0x8000_0001u)]
    [InlineData(uint.MaxValue)]
    public void A_longer_build_id_is_refused(uint length)
    {
        byte[] bytes = new byte[TaskDiagExtBuildId.Size];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), length);
        Assert.Equal(16, Assert.Throws<WireFormatException>(() => TaskDiagExtBuildId.Read(bytes)).Offset);
    }

    [Fact]
    public void A_longer_build_id_is_a_misuse_to_write() =>
        Assert.Throws<InvalidOperationException>(() => new TaskDiagExtBuildId(8, 1, 0, false, new byte[21]).Write(new byte[100]));

    [Fact]
    public void Page_sizes_and_total_vm_are_written_as_the_header_says()
    {
        byte[] bytes = new byte[TaskDiagExtPageSize.Size];
        new TaskDiagExtPageSize(0x7f00_0020_0000, 2 << 20).Write(bytes);
        Assert.Equal(Hex.Bytes("00 00 20 00 00 7F 00 00  00 00 20 00 00 00 00 00"), bytes);
        new TaskDiagExtTotalVm(0x1234).Write(bytes);
        Assert.Equal(Hex.Bytes("34 12 00 00 00 00 00 00"), bytes[..TaskDiagExtTotalVm.Size]);
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
