using System;
using System.Linq;
using Checkpoint.Cli;
using Checkpoint.Diffing;
using Checkpoint.Model;
using Checkpoint.Tests.Cli;
using Xunit;

namespace Checkpoint.Tests.Diffing;

/// <summary>What differs without anything having happened that a reader must know of.</summary>
public class FalseAlarmTests
{
    [Theory]
    [InlineData("[uprobes]")]
    [InlineData("[sigpage]")]
    [InlineData("[vectors]")]
    public void Code_that_the_kernel_itself_maps_is_no_executable_anonymous_memory(string name)
    {
        ProcessTree old = DiffTrees.Service();
        ProcessTree traced = old.With(old.Processes[1].With([.. DiffTrees.Vmas(), new Vma(0x7fff_ffff_e000, 0x7fff_ffff_f000, VmaFlags.Exec, 0, DiffTrees.Files.Length)])) with
        {
            Files = [.. DiffTrees.Files, new MappedFile(0, 0, 0, SampleTrees.Bytes(name))],
        };
        VmaChange change = TreeDiff.Of(old, traced).Processes.SelectMany(process => process.Vmas).Single();
        Assert.Equal(SecurityConcerns.None, change.Concerns);
        Assert.Contains(name, DiffCli.Of(old, traced).Out, StringComparison.Ordinal);
        Assert.DoesNotContain("EXECUTABLE", DiffCli.Of(old, traced).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_a_process_named_itself_is_anonymous_still()
    {
        ProcessTree old = DiffTrees.Service();
        ProcessTree later = old.With(old.Processes[1].With([.. DiffTrees.Vmas(), new Vma(0x7fff_ffff_e000, 0x7fff_ffff_f000, DiffTrees.X, 0, DiffTrees.Files.Length)])) with
        {
            Files = [.. DiffTrees.Files, new MappedFile(0, 0, 0, SampleTrees.Bytes("[anon:[uprobes]]"))],
        };
        Assert.Contains("EXECUTABLE ANONYMOUS", DiffCli.Of(old, later).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_layout_that_one_side_was_not_allowed_to_read_is_not_compared()
    {
        ProcessTree old = DiffTrees.Service();
        ProcessTree refused = old.With(old.Processes[1] with { Layout = null });
        Assert.Equal(0, DiffCli.Of(old, refused).ExitCode);
        Assert.Equal(0, DiffCli.Of(refused, old).ExitCode);
        ProcessTree moved = old.With(old.Processes[1] with { Layout = old.Processes[1].Layout!.Value with { StartBrk = 0x1000 } });
        Assert.Equal(1, DiffCli.Of(old, moved).ExitCode);
    }

    [Fact]
    public void An_exit_code_that_the_kernel_shows_to_root_alone_is_not_compared_with_its_absence()
    {
        ProcessTree root = DiffTrees.Service();
        root = root.With(root.Processes[1] with { ExitCode = 19 });
        ProcessTree user = DiffTrees.Service() with { Capture = root.Capture with { Uid = 1000 } };
        Assert.Equal(0, DiffCli.Of(root, user).ExitCode);
        Assert.Equal(1, DiffCli.Of(root, DiffTrees.Service() with { Capture = root.Capture with { Uid = 0 } }).ExitCode);
    }

    [Theory]
    [InlineData(15, "exited: SIGTERM, not reaped")]
    [InlineData(0x8b, "exited: SIGSEGV (core dumped), not reaped")]
    [InlineData(3 << 8, "exited: 3, not reaped")]
    [InlineData(0, "exited, not reaped")]
    public void A_process_that_exited_is_one_line(int code, string says)
    {
        ProcessTree old = DiffTrees.Service();
        ProcessTree later = old.With(Exited(old.Processes[1], code));
        string text = DiffCli.Text(DiffCli.Of(old, later));
        string[] lines = text.Split('\n');
        int at = Array.FindIndex(lines, line => line.Contains("101  ", StringComparison.Ordinal));
        Assert.True(lines[at + 1].EndsWith("~ state  " + says, StringComparison.Ordinal), text);
        Assert.True(lines[at + 2].Length == 0 || !lines[at + 2].TrimStart().StartsWith('~'), text);
        Assert.DoesNotContain("-> none", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Roots_that_are_of_different_programs_are_paired_by_role_with_a_warning()
    {
        ProcessTree old = DiffTrees.Service();
        ProcessEntry other = DiffTrees.Process(700, 1, 9000, "sleep\09\0", "/usr/bin/sleep") with { Threads = [DiffTrees.Thread(700, 9000, "sleep")] };
        CliRun run = DiffCli.Of(old, DiffTrees.Tree(other), "--match", "role");
        Assert.Equal(ExitCode.Negative, run.ExitCode);
        Assert.StartsWith("ckpt: warning: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("app (100)", run.Error, StringComparison.Ordinal);
        Assert.Contains("sleep (700)", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.Contains("\"roots_unlike\": true", DiffCli.Of(old, DiffTrees.Tree(other), "--match", "role", "--json").Out, StringComparison.Ordinal);

        Assert.Equal("", DiffCli.Of(old, DiffTrees.Restarted(), "--match", "role").Error);
    }

    private static ProcessEntry Exited(ProcessEntry process, int code) => process with
    {
        ExitCode = code,
        Cmdline = default(ByteString),
        Environ = null,
        Exe = null,
        Cwd = null,
        Root = null,
        Umask = null,
        Memory = null,
        Layout = null,
        Space = null,
        Namespaces = null,
        Threads = [process.Leader with { State = TaskState.Zombie, Flags = process.Leader.Flags | 4 }],
    };
}
