using System;
using System.Diagnostics;
using System.Linq;
using Checkpoint.Diffing;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Diffing;

/// <summary>Shapes that cost a minute and more where work grows with the square of an image. Each takes a second or two.</summary>
[Collection(AloneCollection.Name)]
public class DiffScaleTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly ProcessEntry Start = DiffTrees.Process(100, 1, 1000, vmas: []);

    [Fact]
    public void Many_threads_that_came_and_then_changed_are_retained()
    {
        const int Count = 100_000;
        ProcessEntry With(int nice) => Start with { Threads = [Start.Leader, .. Enumerable.Range(1000, Count).Select(tid => DiffTrees.Thread(tid, 2000) with { Nice = nice })] };
        TreeDiff kept = InTime(() => RetainedDiff.Of(DiffTrees.Tree(Start), DiffTrees.Tree(With(0)), DiffTrees.Tree(With(1))));
        Assert.Equal(Count, kept.Processes[0].Threads.Count);
    }

    [Fact]
    public void Of_new_memory_full_of_holes_the_rest_is_retained()
    {
        const int Count = 200_000;
        ProcessEntry whole = Start.With(new Vma(0, 2UL * Count << 12, DiffTrees.W, 0, -1));
        ProcessEntry pierced = Start.With([.. Enumerable.Range(0, Count).Select(i => new Vma(2UL * (ulong)i << 12, ((2UL * (ulong)i) + 1) << 12, DiffTrees.W, 0, -1))]);
        TreeDiff kept = InTime(() => RetainedDiff.Of(DiffTrees.Tree(Start), DiffTrees.Tree(whole), DiffTrees.Tree(pierced)));
        Assert.Equal(pierced.Space!.Vmas.ToArray(), kept.Processes[0].Vmas.Select(vma => vma.New!.Value));
    }

    [Fact]
    public void Many_processes_that_share_a_long_list_do_not_each_search_it_for_their_program()
    {
        const int Count = 20_000;
        AddressSpace space = new([.. Enumerable.Range(0, 5 * Count).Select(i => new Vma((ulong)i << 13, ((ulong)i << 13) + 4096, DiffTrees.X, 0, DiffTrees.Library))]);
        ProcessTree tree = DiffTrees.Tree([.. Enumerable.Range(100, Count).Select(tgid => Start with { Tgid = tgid, Space = space, Threads = [Start.Leader] })]);
        TreeDiff diff = InTime(() => TreeDiff.Of(tree, tree));
        Assert.All(diff.Processes, process => Assert.Equal(ChangeAction.Unchanged, process.Action));
    }

    [Fact]
    public void Few_lists_that_are_paired_in_every_way_do_not_fill_the_memory()
    {
        const int Lists = 20;
        AddressSpace[] Spaces(ulong at) => [.. Enumerable.Range(0, Lists).Select(i => new AddressSpace([new Vma(at, at + ((1 + (ulong)i) << 12), DiffTrees.W, 0, -1)]))];
        ProcessTree Tree(Func<int, AddressSpace> space) => DiffTrees.Tree(
            [.. Enumerable.Range(0, Lists * Lists).Select(i => Start with { Tgid = 100 + i, Space = space(i), Threads = [Start.Leader] })]);
        AddressSpace[] before = Spaces(0x10000);
        AddressSpace[] after = Spaces(0x900000);
        ProcessTree old = Tree(i => before[i / Lists]);
        ProcessTree later = Tree(i => after[i % Lists]);
        int changes = TreeDiff.Of(old, later).Processes.Sum(process => process.Vmas.Count);
        Assert.InRange(changes, Lists * Lists, 2 * Lists * Lists);
        long bytes = (changes * (long)DiffBudget.VmaChangeBytes) + (Lists * Lists * (long)DiffBudget.EntryBytes);
        TreeDiff.Of(old, later, MatchMode.Identity, bytes);
        Assert.Throws<DiffTooLargeException>(() => TreeDiff.Of(old, later, MatchMode.Identity, bytes - 1));
    }

    private static TreeDiff InTime(Func<TreeDiff> work)
    {
        Stopwatch clock = Stopwatch.StartNew();
        TreeDiff diff = work();
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Limit);
        return diff;
    }
}
