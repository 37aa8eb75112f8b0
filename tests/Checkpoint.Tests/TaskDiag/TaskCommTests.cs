using System;
using Checkpoint.Model;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Tests.TaskDiag;

public sealed class TaskCommTests
{
    [Fact]
    public void A_long_name_keeps_its_first_15_bytes()
    {
        TaskComm comm = new("kworker/u8:3-events_unbound"u8);
        Assert.Equal("kworker/u8:3-ev"u8, comm.Span);
    }

    [Fact]
    public void A_name_ends_at_its_first_NUL_and_what_follows_makes_no_difference()
    {
        TaskComm comm = new("ls\0garbage"u8);
        Assert.Equal("ls"u8, comm.Span);
        Assert.Equal(new TaskComm("ls"u8), comm);
        Assert.True(comm == new TaskComm("ls"u8));
        Assert.True(comm != default);
        Assert.False(comm.Equals((object)"ls"));
        Assert.Equal(new TaskComm("ls"u8).GetHashCode(), comm.GetHashCode());
        Assert.Equal("ls", comm.ToString());
    }

    [Fact]
    public void A_field_without_NUL_keeps_all_16_bytes_and_garbage_after_a_NUL_is_dropped()
    {
        byte[] bytes = new byte[TaskDiagBase.Size];
        "0123456789abcdef"u8.CopyTo(bytes.AsSpan(25));
        TaskComm comm = TaskDiagBase.Read(bytes).Comm;
        Assert.Equal("0123456789abcdef"u8, comm.Span);
        bytes[27] = 0;
        TaskDiagBase.Read(bytes).Write(bytes);
        Assert.Equal(Hex.Bytes("30 31 00 00 00 00 00 00 00 00 00 00 00 00 00 00"), bytes[25..41]);
    }

    [Fact]
    public void A_name_of_control_bytes_is_escaped_for_people() =>
        Assert.Equal(ByteEscape.Printable("a\n\x1b[31m"u8), new TaskComm("a\n\x1b[31m"u8).ToString());
}
