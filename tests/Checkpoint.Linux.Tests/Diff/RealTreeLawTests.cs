using System.Collections.Generic;
using System.Linq;
using Checkpoint.Diffing;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Model;
using Checkpoint.Tests.Diffing;
using Xunit;

namespace Checkpoint.Linux.Tests.Diff;

/// <summary>The laws of the differences, on trees that change while nobody holds them.</summary>
public sealed class RealTreeLawTests
{
    [LinuxFact("gcc")]
    public void The_laws_hold_for_a_tree_that_forks_executes_and_exits_all_the_time()
    {
        using ChildProcess storm = Workload.Start("storm", "600");
        AssertLaws(storm.Pid, captures: 12);
    }

    [LinuxFact("gcc")]
    public void The_laws_hold_for_threads_that_map_and_unmap_all_the_time()
    {
        using ChildProcess storm = Workload.Start("mapstorm", "4");
        AssertLaws(storm.Pid, captures: 12);
    }

    /// <summary>Without its children, which are what other tests start meanwhile: programs of other files, that a role pairs all the same.</summary>
    [LinuxFact]
    public void The_laws_hold_for_this_very_program() => AssertLaws(System.Environment.ProcessId, captures: 4, withChildren: false);

    private static void AssertLaws(int pid, int captures, bool withChildren = true)
    {
        List<ProcessTree> trees = [];
        for (int i = 0; i < captures; i++)
        {
            trees.Add(Collector.Collect(new CollectOptions { Pid = pid, WithEnviron = true, WithChildren = withChildren }));
        }

        HashSet<(int, ulong)> torn = [.. trees.SelectMany(Torn)];
        trees = trees.ConvertAll(tree => Whole(tree, torn));
        int changed = 0;
        foreach ((ProcessTree old, ProcessTree @new) in trees.Zip(trees.Skip(1)))
        {
            Assert.All(TreeDiff.Of(old, old).Processes, process => Assert.Equal(ChangeAction.Unchanged, process.Action));
            TreeDiff diff = TreeDiff.Of(old, @new, MatchMode.Identity);
            AppliedDiff.AssertGives(diff);
            Assert.Equal(DiffText.Turned(diff), DiffText.Of(TreeDiff.Of(@new, old, MatchMode.Identity)));
            TreeDiff byRole = TreeDiff.Of(old, @new, MatchMode.Role);
            AppliedDiff.AssertGivesByRole(byRole);
            Assert.Equal(DiffText.Turned(byRole), DiffText.Of(TreeDiff.Of(@new, old, MatchMode.Role)));
            changed += diff.Processes.Count(process => process.Action != ChangeAction.Unchanged);
        }

        Assert.True(changed > 0, "nothing changed");
    }

    /// <summary>Processes of which a part could not be read before it was gone: that part is not compared.</summary>
    private static IEnumerable<(int, ulong)> Torn(ProcessTree tree) =>
        tree.Processes.Where(process => tree.Gaps.Any(gap => gap.Tgid == process.Tgid)).Select(process => (process.Tgid, process.Leader.StartTimeTicks));

    private static ProcessTree Whole(ProcessTree tree, HashSet<(int, ulong)> torn) => tree with
    {
        Processes = [.. tree.Processes.Where(process => !torn.Contains((process.Tgid, process.Leader.StartTimeTicks)))],
        Gaps = [],
    };
}
