using System.Collections.Generic;
using System.Linq;
using Checkpoint.Diffing;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Diffing;

public class SecurityTests
{
    private static readonly Credentials Root = SampleTrees.Rich().Processes[0].Leader.Credentials!;

    private static readonly Credentials User = Root with
    {
        Uid = new(1000, 1000, 1000, 1000),
        Gid = new(100, 100, 100, 100),
        Groups = [100, 4],
        CapEffective = 0,
        CapPermitted = 0x400,
        CapAmbient = 0,
        NoNewPrivs = true,
        Seccomp = 2,
        SeccompFilters = 2,
        Label = SampleTrees.Bytes("nginx (enforce)"),
    };

    [Fact]
    public void A_capability_more_in_any_set_is_a_gain_and_one_less_is_not()
    {
        Assert.Equal(["cap_effective CapabilityGained"], Concerns(User, User with { CapEffective = 0x400 }));
        Assert.Equal(["cap_ambient CapabilityGained"], Concerns(User, User with { CapAmbient = 0x400 }));
        Assert.Equal(["cap_permitted CapabilityGained"], Concerns(User, User with { CapPermitted = 0x1 }));
        Assert.Equal(["cap_bounding None"], Concerns(User, User with { CapBounding = 1 }));
    }

    [Fact]
    public void To_become_root_is_a_gain_even_if_the_saved_id_was()
    {
        Credentials saved = User with { Uid = new(1000, 1000, 0, 1000) };
        Assert.Equal(["uid_effective CredentialGained", "uid_fs CredentialGained"], Concerns(saved, saved with { Uid = new(1000, 0, 0, 0) }));
    }

    [Fact]
    public void Root_that_becomes_somebody_gains_nothing_but_somebody_who_becomes_somebody_else_does()
    {
        Assert.All(Concerns(Root, Root with { Uid = User.Uid, Gid = User.Gid, Groups = [100] }), text => Assert.EndsWith(" None", text, System.StringComparison.Ordinal));
        Assert.Contains("uid_real CredentialGained", Concerns(User, User with { Uid = new(1001, 1000, 1000, 1000) }));
        Assert.Equal(["uid_effective None"], Concerns(User with { Uid = new(1000, 1001, 1000, 1000) }, User));
    }

    [Fact]
    public void A_group_more_is_a_gain()
    {
        Assert.Equal(["groups CredentialGained"], Concerns(User, User with { Groups = [100, 4, 27] }));
        Assert.Equal(["groups None"], Concerns(User, User with { Groups = [4] }));
        Assert.Equal(["gid_effective CredentialGained"], Concerns(User, User with { Gid = new(100, 42, 100, 100) }));
        Assert.Equal(["gid_effective None"], Concerns(User, User with { Gid = new(100, 4, 100, 100) }));
    }

    [Fact]
    public void Less_seccomp_NoNewPrivs_and_confinement_are_concerns_and_more_are_none()
    {
        Credentials less = User with { NoNewPrivs = false, Seccomp = 0, SeccompFilters = 0, Label = SampleTrees.Bytes("unconfined") };
        Assert.Equal(["no_new_privs NoNewPrivsDropped", "seccomp SeccompDropped", "seccomp_filters SeccompDropped", "label ConfinementDropped"], Concerns(User, less));
        Assert.Equal(["no_new_privs None", "seccomp None", "seccomp_filters None", "label None"], Concerns(less, User));
    }

    [Fact]
    public void What_was_not_known_before_is_no_gain()
    {
        ProcessEntry old = DiffTrees.Process(100, 1, 1000);
        old = old with { Threads = [old.Leader with { Credentials = null }] };
        Assert.All(Compare(old, DiffTrees.Process(100, 1, 1000)).Threads[0].Fields, field => Assert.Equal(SecurityConcerns.None, field.Concerns));
    }

    [Fact]
    public void An_executable_that_was_deleted_or_replaced_under_its_path_is_a_concern_and_an_exec_is_none()
    {
        ProcessEntry old = DiffTrees.Process(100, 1, 1000);
        Assert.Equal(["exe_deleted ExecutableReplaced"], Texts(Compare(old, old with { ExeDeleted = true }).Fields));
        Assert.Equal(["exe_deleted None"], Texts(Compare(old with { ExeDeleted = true }, old).Fields));

        MappedFile[] files = [.. DiffTrees.Files];
        files[DiffTrees.Exe] = files[DiffTrees.Exe] with { Inode = 11, BuildId = SampleTrees.BuildId(7) };
        ProcessDiff replaced = TreeDiff.Of(DiffTrees.Tree(old), DiffTrees.Tree(old) with { Files = files }, MatchMode.Role).Processes[0];
        Assert.Equal(["exe_build_id ExecutableReplaced", "exe_inode ExecutableReplaced"], Texts(replaced.Fields));

        ProcessEntry other = DiffTrees.Process(100, 1, 1000, "/lib/libx.so.1\0", "/lib/libx.so.1") with { Layout = old.Layout!.Value with { StartStack = 1 } };
        ProcessDiff executed = Compare(old, other);
        Assert.True(executed.Executed);
        Assert.All(executed.Fields, field => Assert.Equal(SecurityConcerns.None, field.Concerns));
    }

    [Fact]
    public void Writable_and_executable_memory_is_a_concern_when_it_comes_in_a_process_or_with_one()
    {
        Vma bad = new(0x7000_0000_0000, 0x7000_0000_1000, VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec, 0, -1);
        const SecurityConcerns Both = SecurityConcerns.WritableExecutable | SecurityConcerns.ExecutableAnonymous;
        ProcessEntry worker = DiffTrees.Process(100, 1, 1000);
        ProcessEntry odd = worker.With([.. DiffTrees.Vmas(), bad]);
        Assert.Equal(Both, Assert.Single(Compare(worker, odd).Vmas).Concerns);
        Assert.Equal(SecurityConcerns.None, Assert.Single(Compare(odd, worker).Vmas).Concerns);

        ProcessTree tree = DiffTrees.Service();
        ProcessEntry came = odd with { Tgid = 103, Ppid = 100, Threads = [DiffTrees.Thread(103, 5000)] };
        Assert.Equal(Both, TreeDiff.Of(tree, tree with { Processes = [.. tree.Processes, came] }).Processes[3].Concerns);
    }

    private static string[] Concerns(Credentials old, Credentials @new)
    {
        ProcessEntry process = DiffTrees.Process(100, 1, 1000);
        return Texts(Assert.Single(Compare(process.With(old), process.With(@new)).Threads).Fields);
    }

    private static string[] Texts(IReadOnlyList<FieldChange> changes) =>
        [.. changes.Where(change => change.Field.Kind is ChangeKind.Credentials or ChangeKind.Executable).Select(change => $"{change.Field.Name} {change.Concerns}")];

    private static ProcessDiff Compare(ProcessEntry old, ProcessEntry @new) => Assert.Single(TreeDiff.Of(DiffTrees.Tree(old), DiffTrees.Tree(@new)).Processes);
}
