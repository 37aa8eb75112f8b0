using System;
using System.Collections.Generic;
using System.Linq;
using Checkpoint.Diffing;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Diffing;

/// <summary>The laws, on random trees that changed in every way.</summary>
public class DiffLawTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_tree_does_not_differ_from_itself(int seed)
    {
        foreach ((ProcessTree tree, _) in Trees(seed, 20))
        {
            foreach (MatchMode mode in (MatchMode[])[MatchMode.Auto, MatchMode.Identity, MatchMode.Role])
            {
                AssertEmpty(TreeDiff.Of(tree, tree, mode));
                AssertEmpty(TreeDiff.Of(tree, new TreeMutator(seed).Shuffled(tree), mode));
            }
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void The_differences_applied_to_the_old_tree_give_the_new_one(int seed)
    {
        int changes = 0;
        foreach ((ProcessTree old, ProcessTree @new) in Trees(seed, 25))
        {
            TreeDiff diff = TreeDiff.Of(old, @new, MatchMode.Identity);
            AppliedDiff.AssertGives(diff);
            changes += diff.Processes.Count(process => process.Action == ChangeAction.Changed);
        }

        Assert.True(changes > 100);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public void The_differences_by_role_applied_to_the_old_tree_give_what_a_role_has_of_the_new_one(int seed)
    {
        int changes = 0;
        foreach ((ProcessTree old, ProcessTree @new) in Trees(seed, 25))
        {
            TreeDiff diff = TreeDiff.Of(old, @new, MatchMode.Role);
            AppliedDiff.AssertGivesByRole(diff);
            changes += diff.Processes.Count(process => process.Action == ChangeAction.Changed);
        }

        Assert.True(changes > 100);
    }

    [Theory]
    [InlineData(9, MatchMode.Identity)]
    [InlineData(10, MatchMode.Identity)]
    [InlineData(11, MatchMode.Role)]
    [InlineData(12, MatchMode.Role)]
    public void The_other_way_round_the_signs_turn(int seed, MatchMode mode)
    {
        foreach ((ProcessTree old, ProcessTree @new) in Trees(seed, 25))
        {
            Assert.Equal(DiffText.Turned(TreeDiff.Of(old, @new, mode)), DiffText.Of(TreeDiff.Of(@new, old, mode)));
        }
    }

    [Theory]
    [InlineData(13, MatchMode.Identity)]
    [InlineData(14, MatchMode.Role)]
    public void The_order_of_processes_threads_and_files_does_not_matter(int seed, MatchMode mode)
    {
        foreach ((ProcessTree old, ProcessTree @new) in Trees(seed, 25))
        {
            TreeMutator mutator = new(seed);
            Assert.Equal(DiffText.InOrder(TreeDiff.Of(old, @new, mode)), DiffText.InOrder(TreeDiff.Of(mutator.Shuffled(old), mutator.Shuffled(@new), mode)));
        }
    }

    [Fact]
    public void Every_field_is_of_a_property_of_the_model_or_derived()
    {
        string[] derived = ["exe_build_id", "exe_inode", "not_captured", "thread_not_captured"];
        ProcessEntry process = SampleTrees.Rich().Processes[0];
        Assert.Equal(
            ComparedContent.Of(process).Keys.Concat(derived.Take(3)).Order(StringComparer.Ordinal),
            DiffField.OfProcess.Select(field => field.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            ComparedContent.Of(process.Threads[0]).Keys.Concat(derived.Skip(3)).Order(StringComparer.Ordinal),
            DiffField.OfThread.Select(field => field.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Equal_lists_are_compared_without_allocating_for_each_VMA()
    {
        ProcessTree tree = SampleTrees.Large(50, 2000);
        ProcessTree copy = tree with { Processes = [.. tree.Processes.Select(p => p with { Space = new AddressSpace(p.Space!.Vmas.ToArray()) })] };
        _ = TreeDiff.Of(tree, copy);
        long before = GC.GetAllocatedBytesForCurrentThread();
        TreeDiff diff = TreeDiff.Of(tree, copy);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        AssertEmpty(diff);
        Assert.True(allocated < 200_000, $"{allocated} bytes for {50 * 2000} VMAs");
    }

    private static IEnumerable<(ProcessTree Old, ProcessTree New)> Trees(int seed, int count)
    {
        for (int i = 0; i < count; i++)
        {
            ProcessTree tree = TreeMutator.Known((seed * 1000) + i, 1 + i);
            yield return (tree, new TreeMutator((seed * 1000) + i).Later(tree));
        }
    }

    private static void AssertEmpty(TreeDiff diff) => Assert.All(diff.Processes, process => Assert.Equal(ChangeAction.Unchanged, process.Action));
}
