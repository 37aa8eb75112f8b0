using System;
using System.Linq;
using Checkpoint.Diffing;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Diffing;

public class RetainedDiffTests
{
    private static readonly ProcessEntry Start = DiffTrees.Process(100, 1, 1000, vmas: [At(0x10, 0x20)]);

    [Fact]
    public void What_came_and_stayed_is_kept_and_what_went_again_is_not()
    {
        ProcessEntry stays = DiffTrees.Process(101, 100, 2000);
        ProcessEntry goes = DiffTrees.Process(102, 100, 2001);
        Assert.Equal([100, 101], Retained([Start], [Start, stays, goes], [Start, stays]).Processes.Select(process => process.Entry.Tgid));
    }

    [Fact]
    public void What_went_before_the_second_moment_did_not_appear()
    {
        ProcessEntry goes = DiffTrees.Process(101, 100, 2000);
        Assert.Equal([100], Retained([Start, goes], [Start], [Start]).Processes.Select(process => process.Entry.Tgid));
    }

    [Fact]
    public void Of_memory_that_grew_and_was_given_back_in_part_the_rest_is_kept()
    {
        Assert.Equal([(0x10UL, 0x60UL)], Ranges([At(0x10, 0x80)], [At(0x10, 0x60)]));
        Assert.Empty(Ranges([At(0x10, 0x80)], [At(0x10, 0x20)]));
        Assert.Equal([(0x10UL, 0x80UL)], Ranges([At(0x10, 0x80)], [At(0x10, 0x90)]));
    }

    [Fact]
    public void Of_new_memory_what_was_cut_out_of_its_middle_is_not_kept()
    {
        Vma old = At(0x10, 0x20);
        Assert.Equal([(0x40UL, 0x50UL), (0x60UL, 0x80UL)], Ranges([old, At(0x40, 0x80)], [old, At(0x40, 0x50), At(0x60, 0x80)]));
        Assert.Empty(Ranges([old, At(0x40, 0x80)], [old]));
    }

    [Fact]
    public void Sizes_are_kept_as_far_as_they_did_not_fall_back_and_what_can_only_grow_not_at_all()
    {
        ProcessEntry With(ulong rss, ulong faults) => Start with { Memory = Start.Memory! with { VmRss = rss }, Counters = Start.Counters with { MinFlt = faults } };
        FieldChange kept = Assert.Single(Retained([With(100, 1)], [With(900, 50)], [With(300, 70)]).Processes[0].Fields);
        Assert.Equal(("rss", 100UL, 300UL), (kept.Field.Name, kept.Old.Number, kept.New.Number));
        Assert.Empty(Retained([With(100, 1)], [With(900, 50)], [With(90, 70)]).Processes[0].Fields);
    }

    [Fact]
    public void A_value_that_changed_back_is_not_kept()
    {
        ProcessEntry moved = Start with { Cwd = SampleTrees.Bytes("/elsewhere") };
        Assert.Equal(["cwd"], Retained([Start], [moved], [moved]).Processes[0].Fields.Select(field => field.Field.Name));
        Assert.Empty(Retained([Start], [moved], [Start]).Processes[0].Fields);
    }

    [Fact]
    public void Threads_that_came_and_stayed_are_kept()
    {
        ProcessEntry With(params int[] tids) => Start with { Threads = [Start.Leader, .. tids.Select(tid => DiffTrees.Thread(tid, 2000))] };
        Assert.Equal([111], Retained([With(110)], [With(110, 111, 112)], [With(111)]).Processes[0].Threads.Select(thread => thread.Entry.Tid));
    }

    [Fact]
    public void When_one_of_the_two_steps_can_only_be_matched_by_role_both_are()
    {
        ProcessTree service = DiffTrees.Service();
        ProcessTree more = DiffTrees.Tree([.. service.Processes, DiffTrees.Process(103, 100, 1003, "new\0")]);
        TreeDiff restarted = RetainedDiff.Of(service, more, DiffTrees.Restarted());
        Assert.Equal(MatchMode.Role, restarted.Match);
        Assert.DoesNotContain(restarted.Processes, process => process.Action != ChangeAction.Unchanged);
        Assert.Equal(MatchMode.Identity, RetainedDiff.Of(service, more, more).Match);
        Assert.Throws<ArgumentException>(() => RetainedDiff.Of(TreeDiff.Of(service, more, MatchMode.Identity), TreeDiff.Of(more, service, MatchMode.Role)));
    }

    [Fact]
    public void Differences_that_do_not_follow_one_another_are_refused()
    {
        ProcessTree tree = DiffTrees.Service();
        Assert.Throws<ArgumentException>(() => RetainedDiff.Of(TreeDiff.Of(tree, DiffTrees.Service()), TreeDiff.Of(tree, tree)));
    }

    private static Vma At(ulong start, ulong end) => new(start << 12, end << 12, DiffTrees.W, 0, -1);

    private static (ulong, ulong)[] Ranges(Vma[] second, Vma[] third) =>
        [.. Retained([Start], [Start.With(second)], [Start.With(third)]).Processes[0].Vmas.Select(vma => (vma.New!.Value.Start >> 12, vma.New!.Value.End >> 12))];

    private static TreeDiff Retained(ProcessEntry[] first, ProcessEntry[] second, ProcessEntry[] third)
    {
        ProcessTree middle = DiffTrees.Tree(second);
        return RetainedDiff.Of(TreeDiff.Of(DiffTrees.Tree(first), middle), TreeDiff.Of(middle, DiffTrees.Tree(third)));
    }
}
