using System;
using Checkpoint.Model;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Linux.Tests;

public sealed class TaskDraftTests
{
    [Theory]
    [InlineData(TaskDiagAttribute.ExtUmask, 0)]
    [InlineData(TaskDiagAttribute.ExtUmask, 1)]
    [InlineData(TaskDiagAttribute.ExtUmask, 3)]
    [InlineData(TaskDiagAttribute.ExtGroups, 3)]
    [InlineData(TaskDiagAttribute.ExtGroups, 6)]
    [InlineData(TaskDiagAttribute.ExtNsPids, 1)]
    [InlineData(TaskDiagAttribute.ExtNsPids, 11)]
    public void A_payload_that_is_cut_short_is_not_valid(TaskDiagAttribute type, int length)
    {
        TaskDraft draft = new(7, 7);
        Assert.Throws<WireFormatException>(() => draft.Apply(type, new byte[length]));
        Assert.Null(draft.Umask);
        Assert.Null(draft.Groups);
        Assert.Empty(draft.NsPids);
    }

    [Fact]
    public void Numbers_are_little_endian_and_lists_of_groups_add_up()
    {
        TaskDraft draft = new(7, 7);
        draft.Apply(TaskDiagAttribute.ExtUmask, [0x12, 0, 0, 0]);
        draft.Apply(TaskDiagAttribute.ExtGroups, [4, 0, 0, 0, 24, 1, 0, 0]);
        draft.Apply(TaskDiagAttribute.ExtGroups, [0xfe, 0xff, 0xff, 0xff]);
        draft.Apply(TaskDiagAttribute.ExtNsPids, [0x67, 0x12, 0, 0, 1, 0, 0, 0]);
        Assert.Equal(0x12u, draft.Umask);
        Assert.Equal([4u, 280u, 0xffff_fffeu], draft.Groups!);
        Assert.Equal([0x1267, 1], draft.NsPids);
    }

    [Fact]
    public void A_task_without_groups_has_an_empty_list_of_them()
    {
        TaskDraft draft = new(7, 7);
        draft.Apply(TaskDiagAttribute.ExtGroups, []);
        Assert.Equal(Array.Empty<uint>(), draft.Groups);
    }

    /// <summary>What the kernel's own file sends is no shorter for being asked by us.</summary>
    [Fact]
    public void Texts_that_come_in_parts_add_up_to_1_MiB_and_one_gap_stands_for_the_rest()
    {
        TaskDraft draft = new(7, 7);
        byte[] part = new byte[1 << 16];
        for (int i = 1; i <= 20; i++)
        {
            Array.Fill(part, (byte)i);
            draft.Apply(TaskDiagAttribute.Cmdline, part);
            if (i == 16)
            {
                Assert.Empty(draft.Gaps);
            }
        }

        Assert.Equal(CaptureLimits.CommandLineBytes, draft.Cmdline!.Value.Length);
        Assert.Equal((byte)16, draft.Cmdline.Value.Span[^1]);
        Assert.Equal([new TaskDiagExtGap(CapturePart.Cmdline, 7)], draft.Gaps);
        Assert.Null(draft.Environ);
    }
}
