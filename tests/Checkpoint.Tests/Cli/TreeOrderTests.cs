using System;
using System.Collections.Generic;
using System.Linq;
using Checkpoint.Cli.Rendering;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Cli;

public class TreeOrderTests
{
    [Fact]
    public void A_tree_is_drawn_as_ps_f_draws_it()
    {
        // As printed by `ps fo pid,args` of procps 4 for such a tree of shells.
        string[] expected =
        [
            "10",
            @"11 \_ ",
            @"13 |   \_ ",
            @"15 |   |   \_ ",
            @"14 |   \_ ",
            @"12 \_ ",
            @"16     \_ ",
        ];
        Assert.Equal(expected, Draw(10, (10, 1), (11, 10), (12, 10), (13, 11), (14, 11), (15, 13), (16, 12)));
    }

    [Fact]
    public void The_captured_root_comes_first_and_orphans_are_roots() =>
        Assert.Equal(["50", @"60 \_ ", "20", @"70 \_ ", "30"], Draw(50, (20, 1), (30, 999), (50, 1), (60, 50), (70, 20)));

    [Fact]
    public void A_process_that_is_its_own_parent_is_a_root() =>
        Assert.Equal(["5", @"6 \_ "], Draw(5, (5, 5), (6, 5)));

    [Fact]
    public void A_ring_of_parents_is_drawn_once() =>
        Assert.Equal(["1", "7", @"8 \_ ", @"9     \_ "], Draw(1, (1, 0), (7, 9), (8, 7), (9, 8)));

    [Fact]
    public void A_captured_root_within_a_ring_is_drawn_once() =>
        Assert.Equal(["8", @"9 \_ ", @"7     \_ "], Draw(8, (7, 9), (8, 7), (9, 8)));

    [Fact]
    public void Twice_the_same_pid_is_drawn_twice() =>
        Assert.Equal(["3", @"4 \_ ", "3"], Draw(3, (3, 1), (3, 1), (4, 3)));

    [Fact]
    public void A_hundred_thousand_levels_neither_overflow_the_stack_nor_flood_the_output()
    {
        ProcessTree tree = Tree(1, [.. Enumerable.Range(1, 100_000).Select(i => (i, i - 1))]);
        List<TreeOrder.Line> lines = TreeOrder.Of(tree);
        Assert.Equal(100_000, lines.Count);
        Assert.All(lines, line => Assert.True(line.Branch.Length < 4 * (TreeOrder.MaxDrawnDepth + 10)));
        Assert.EndsWith(@" \_ (depth 99999) ", lines[^1].Branch, StringComparison.Ordinal);
    }

    internal static ProcessTree Tree(int root, params (int Tgid, int Ppid)[] processes) => SampleTrees.Empty() with
    {
        Capture = SampleTrees.Capture(root),
        Processes = [.. processes.Select(p => Process(p.Tgid, p.Ppid))],
    };

    private static ProcessEntry Process(int tgid, int ppid) => new()
    {
        Tgid = tgid,
        Ppid = ppid,
        Pgid = tgid,
        Sid = tgid,
        Threads = [new() { Tid = tgid, Comm = SampleTrees.Bytes("p" + tgid), State = TaskState.Sleeping, StartTimeTicks = 1 }],
    };

    private static string[] Draw(int root, params (int Tgid, int Ppid)[] processes) =>
        [.. TreeOrder.Of(Tree(root, processes)).Select(line => line.Process.Tgid + line.Branch)];
}
