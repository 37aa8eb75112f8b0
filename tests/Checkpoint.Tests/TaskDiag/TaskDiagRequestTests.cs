using System;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Tests.TaskDiag;

public sealed class TaskDiagRequestTests
{
    /// <summary>By hand from the header: BASE and CRED of the children of 1234, sequence 7.</summary>
    private const string ByHand =
        "28 00 00 00  01 D1  01 00  07 00 00 00  00 00 00 00"
        + " 03 00 00 00 00 00 00 00  03 00 00 00 00 00 00 00  D2 04 00 00  00 00 00 00";

    private static readonly TaskDiagRequest Request = new(TaskDiagShow.Base | TaskDiagShow.Cred, TaskDiagStrategy.Children, 1234, 7);

    [Fact]
    public void A_request_is_written_as_the_header_says()
    {
        byte[] bytes = new byte[TaskDiagRequest.Size];
        bytes.AsSpan().Fill(0xa5);
        Request.Write(bytes);
        Assert.Equal(Hex.Bytes(ByHand), bytes);
    }

    [Fact]
    public void A_request_is_read_whatever_its_type_flags_pid_and_padding_are_and_surplus_is_ignored()
    {
        byte[] bytes = [.. Hex.Bytes(ByHand), 1, 2, 3, 4];
        bytes[0] = 44;
        bytes.AsSpan(4, 4).Fill(0xa5);
        bytes.AsSpan(12, 4).Fill(0xa5);
        bytes.AsSpan(36).Fill(0xa5);
        Assert.Equal(Request, TaskDiagRequest.Read(bytes));
    }

    [Fact]
    public void A_request_that_is_or_states_to_be_too_short_is_refused()
    {
        byte[] bytes = Hex.Bytes(ByHand);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<WireFormatException>(() => TaskDiagRequest.Read(bytes.AsSpan(0, length)));
        }

        bytes[0] = 39;
        Assert.Throws<WireFormatException>(() => TaskDiagRequest.Read(bytes));
    }

    [Fact]
    public void An_unknown_strategy_is_kept_for_the_transport_to_refuse()
    {
        byte[] bytes = Hex.Bytes(ByHand);
        bytes[31] = 0x80;
        Assert.Equal((TaskDiagStrategy)0x8000_0000_0000_0003, TaskDiagRequest.Read(bytes).Strategy);
    }
}
