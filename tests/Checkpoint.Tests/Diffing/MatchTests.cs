using System.Linq;
using Checkpoint.Diffing;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Diffing;

public class MatchTests
{
    [Fact]
    public void Of_one_boot_with_a_process_in_common_auto_matches_by_identity()
    {
        ProcessTree tree = DiffTrees.Service();
        Assert.Equal(MatchMode.Identity, TreeDiff.Of(tree, tree).Match);
        Assert.Equal(MatchMode.Role, TreeDiff.Of(tree, DiffTrees.Restarted()).Match);
        Assert.Equal(MatchMode.Role, TreeDiff.Of(tree, tree with { Capture = tree.Capture with { BootId = SampleTrees.Bytes("another") } }).Match);
    }

    [Fact]
    public void A_pid_that_was_reused_is_one_process_gone_and_another_come()
    {
        ProcessTree old = DiffTrees.Service();
        TreeDiff diff = TreeDiff.Of(old, old.With(DiffTrees.Process(102, 100, 1003, "worker\0")));
        Assert.Equal([(100, ChangeAction.Unchanged), (101, ChangeAction.Unchanged), (102, ChangeAction.Removed), (102, ChangeAction.Added)], Actions(diff));
    }

    [Fact]
    public void Of_two_boots_no_process_is_the_same_though_pid_and_start_time_are()
    {
        ProcessTree old = DiffTrees.Service();
        ProcessTree other = old with { Capture = old.Capture with { BootId = SampleTrees.Bytes("another") } };
        Assert.Equal(3, TreeDiff.Of(old, other, MatchMode.Identity).Processes.Count(process => process.Action == ChangeAction.Removed));
    }

    [Fact]
    public void A_restarted_service_differs_in_counters_alone()
    {
        TreeDiff diff = TreeDiff.Of(DiffTrees.Service(), DiffTrees.Restarted());
        Assert.Equal([(101, 800), (100, 900), (102, 950)], diff.Processes.Select(process => (process.Old!.Tgid, process.New!.Tgid)));
        foreach (ProcessDiff process in diff.Processes)
        {
            Assert.All(process.Fields.Concat(process.Threads.SelectMany(t => t.Fields)), field => Assert.Equal(ChangeKind.Counter, field.Field.Kind));
            Assert.Empty(process.Vmas);
        }
    }

    [Fact]
    public void By_role_a_process_keeps_its_place_though_its_command_line_changed()
    {
        ProcessTree later = DiffTrees.Restarted();
        ProcessEntry worker = later.Processes.Single(process => process.Tgid == 950);
        TreeDiff diff = TreeDiff.Of(DiffTrees.Service(), later.With(worker with { Cmdline = SampleTrees.Raw("worker\0busy\0") }), MatchMode.Role);
        ProcessDiff changed = diff.Processes.Single(process => process.New!.Tgid == 950);
        Assert.Equal(102, changed.Old!.Tgid);
        Assert.Equal("cmdline", changed.Fields.Single(field => field.Field.Kind != ChangeKind.Counter).Field.Name);
    }

    [Fact]
    public void By_role_another_executable_in_the_same_place_is_another_process()
    {
        ProcessTree old = DiffTrees.Service();
        ProcessEntry other = DiffTrees.Process(103, 100, 1003, "other\0", "/srv/other") with { Threads = [DiffTrees.Thread(103, 1003, "other")] };
        ProcessTree later = old with { Processes = [old.Processes[0], old.Processes[1], other] };
        Assert.Equal(
            [(100, ChangeAction.Unchanged), (101, ChangeAction.Unchanged), (102, ChangeAction.Removed), (103, ChangeAction.Added)],
            Actions(TreeDiff.Of(old, later, MatchMode.Role)));
    }

    [Fact]
    public void By_role_siblings_that_are_alike_are_told_apart_by_what_is_below_them()
    {
        ProcessEntry Child(int tgid, int ppid, ulong started) => DiffTrees.Process(tgid, ppid, started, "child\0", "/bin/child");
        ProcessTree old = DiffTrees.Tree([.. DiffTrees.Service().Processes, Child(103, 101, 1100)]);
        ProcessTree later = DiffTrees.Tree([.. DiffTrees.Service().Processes, Child(103, 102, 1100)]);
        TreeDiff diff = TreeDiff.Of(old, later, MatchMode.Role);
        Assert.Equal([(100, 100), (102, 101), (101, 102), (103, 103)], diff.Processes.Select(process => (process.Old!.Tgid, process.New!.Tgid)));
        Assert.All(diff.Processes, process => Assert.Empty(process.Fields));
    }

    [Fact]
    public void By_role_a_process_that_hangs_elsewhere_is_found_by_executable_and_command_line_and_its_parent_is_a_change()
    {
        ProcessEntry helper = DiffTrees.Process(103, 101, 1100, "helper\0now\0", "/bin/helper");
        ProcessTree old = DiffTrees.Tree([.. DiffTrees.Service().Processes, helper]);
        ProcessTree later = DiffTrees.Tree([.. DiffTrees.Service().Processes, helper with { Tgid = 203, Ppid = 100, Threads = [DiffTrees.Thread(203, 2000)] }]);
        ProcessDiff moved = TreeDiff.Of(old, later, MatchMode.Role).Processes.Single(process => process.Entry.Tgid == 203);
        Assert.Equal(103, moved.Old!.Tgid);
        Assert.Equal(["ppid"], moved.Fields.Select(field => field.Field.Name));
    }

    [Fact]
    public void By_role_namespaces_made_anew_are_the_same_but_one_that_left_for_another_is_not()
    {
        ProcessTree old = DiffTrees.Service();
        Namespaces own = old.Processes[0].Namespaces!.Value;
        ProcessTree contained = old with { Processes = [.. old.Processes.Select(p => p with { Namespaces = own with { Net = 5_000_001 } })] };
        ProcessTree again = old with { Processes = [.. old.Processes.Select(p => p with { Namespaces = own with { Net = 5_000_077 } })] };
        Assert.All(TreeDiff.Of(contained, again, MatchMode.Role).Processes, process => Assert.Equal(ChangeAction.Unchanged, process.Action));

        ProcessTree left = again.With(again.Processes[2] with { Namespaces = own with { Net = 5_000_078 } });
        Assert.Equal(["ns_net"], TreeDiff.Of(contained, left, MatchMode.Role).Processes.SelectMany(process => process.Fields).Select(field => field.Field.Name));

        // The first user namespace has the same number everywhere: to be no longer in it is a difference, whoever else is not.
        ProcessTree unprivileged = old with { Processes = [.. old.Processes.Select(p => p with { Namespaces = own with { User = 4_026_532_999 } })] };
        Assert.Equal(3, TreeDiff.Of(old, unprivileged, MatchMode.Role).Processes.SelectMany(process => process.Fields).Count(field => field.Field.Name == "ns_user"));
    }

    [Fact]
    public void By_role_threads_pair_by_name_and_then_by_position()
    {
        ProcessEntry old = DiffTrees.Process(100, 1, 1000) with { Threads = [DiffTrees.Thread(100, 1000), DiffTrees.Thread(110, 1001, "io"), DiffTrees.Thread(120, 1002, "gc"), DiffTrees.Thread(130, 1003, "old-name")] };
        ProcessEntry @new = DiffTrees.Process(500, 1, 9000) with { Threads = [DiffTrees.Thread(500, 9000), DiffTrees.Thread(510, 9001, "gc"), DiffTrees.Thread(520, 9002, "io"), DiffTrees.Thread(530, 9003, "new-name"), DiffTrees.Thread(540, 9004, "io")] };
        ProcessDiff diff = Assert.Single(TreeDiff.Of(DiffTrees.Tree(old), DiffTrees.Tree(@new), MatchMode.Role).Processes);
        Assert.Equal([(130, 530), (0, 540)], diff.Threads.Select(thread => (thread.Old?.Tid ?? 0, thread.New?.Tid ?? 0)));
        Assert.Equal(["comm"], diff.Threads[0].Fields.Select(field => field.Field.Name));
    }

    [Fact]
    public void A_thread_id_that_was_reused_is_one_thread_gone_and_another_come()
    {
        ProcessEntry old = DiffTrees.Process(100, 1, 1000) with { Threads = [DiffTrees.Thread(100, 1000), DiffTrees.Thread(110, 1001)] };
        ProcessEntry @new = old with { Threads = [DiffTrees.Thread(100, 1000), DiffTrees.Thread(110, 1005)] };
        ProcessDiff diff = Assert.Single(TreeDiff.Of(DiffTrees.Tree(old), DiffTrees.Tree(@new)).Processes);
        Assert.Equal([ChangeAction.Removed, ChangeAction.Added], diff.Threads.Select(thread => thread.Action));
    }

    [Fact]
    public void What_could_not_be_captured_on_one_side_is_told_and_not_compared()
    {
        ProcessTree old = DiffTrees.Service();
        ProcessEntry hidden = old.Processes[2] with { Space = null, Exe = null, Cwd = null };
        ProcessTree @new = old.With(hidden) with { Gaps = [new Gap(102, 102, CapturePart.Maps, 13), new Gap(102, 102, CapturePart.Exe, 13)] };
        ProcessDiff diff = TreeDiff.Of(old, @new).Processes[2];
        Assert.Empty(diff.Vmas);
        Assert.Equal(["cwd", "not_captured"], diff.Fields.Select(field => field.Field.Name));
        Assert.Equal((1UL << 10) | (1UL << 5), diff.Fields[1].New.Number);
    }

    [Fact]
    public void Environments_are_compared_only_if_both_were_captured()
    {
        ProcessTree old = DiffTrees.Service();
        ProcessTree bare = old with { Capture = old.Capture with { WithEnviron = false }, Processes = [.. old.Processes.Select(p => p with { Environ = null })] };
        Assert.All(TreeDiff.Of(old, bare).Processes, process => Assert.Equal(ChangeAction.Unchanged, process.Action));
    }

    [Fact]
    public void Rings_of_parents_and_double_pids_are_paired_like_others()
    {
        ProcessTree tree = DiffTrees.Tree(DiffTrees.Process(10, 20, 1), DiffTrees.Process(20, 10, 2), DiffTrees.Process(30, 30, 3), DiffTrees.Process(30, 10, 4));
        foreach (MatchMode mode in (MatchMode[])[MatchMode.Identity, MatchMode.Role])
        {
            Assert.Equal([ChangeAction.Unchanged, ChangeAction.Unchanged, ChangeAction.Unchanged, ChangeAction.Unchanged], TreeDiff.Of(tree, tree, mode).Processes.Select(process => process.Action));
        }
    }

    private static (int, ChangeAction)[] Actions(TreeDiff diff) => [.. diff.Processes.Select(process => (process.Entry.Tgid, process.Action))];
}
