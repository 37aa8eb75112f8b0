using System;
using System.Linq;
using Checkpoint.Cli;
using Checkpoint.Model;
using Checkpoint.Tests.Diffing;
using Xunit;

namespace Checkpoint.Tests.Cli;

public class DiffTextTests
{
    private static readonly ProcessTree Old = DiffTrees.Service();

    private static readonly Credentials Root = Old.Processes[0].Leader.Credentials!;

    [Fact]
    public void Two_images_of_the_same_are_the_same_and_exit_with_0()
    {
        CliRun run = DiffCli.Of(Old, Old);
        Assert.Equal((ExitCode.Success, ""), (run.ExitCode, run.Error));
        Assert.Equal("0 processes added, 0 removed, 0 changed; VMAs +0 -0 ~0; RSS +0 bytes\n", DiffCli.Text(run));
        Assert.Matches("compared +[^ ]*0.ckpt with [^ ]*1.ckpt\n", run.Out);
        Assert.Matches("matched +by identity", run.Out);
    }

    [Fact]
    public void The_tree_shows_who_came_went_and_changed_below_whom_and_nobody_else()
    {
        ProcessEntry busy = Old.Processes[1] with
        {
            Cwd = SampleTrees.Bytes("/var"),
            Memory = Old.Processes[1].Memory! with { VmRss = Old.Processes[1].Memory!.VmRss + (64 << 20) },
        };
        ProcessTree @new = DiffTrees.Tree(Old.Processes[0], busy, DiffTrees.Process(103, 101, 2000, "child\0-x\0"));
        CliRun run = DiffCli.Of(Old, @new);
        Assert.Equal(ExitCode.Negative, run.ExitCode);
        Assert.Equal(
            """
              100  /srv/app
            ~ 101   \_ worker
                        ~ cwd  /root -> /var
                        ~ counters  rss 8.6 MiB -> 72.6 MiB (+64.0 MiB)
            + 103   |   \_ child -x
            - 102   \_ worker

            1 process added, 1 removed, 1 changed; VMAs +7 -7 ~0; RSS +64.0 MiB

            """.ReplaceLineEndings("\n"),
            DiffCli.Text(run));
    }

    [Fact]
    public void Processes_without_a_change_are_shown_on_request()
    {
        string text = DiffCli.Text(DiffCli.Of(Old, Old, "--show-unchanged"));
        Assert.StartsWith("  100  /srv/app\n  101   \\_ worker\n  102   \\_ worker\n\n0 processes", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_matters_to_security_comes_first_and_is_marked_again_in_the_tree()
    {
        Credentials less = Root with { CapEffective = Root.CapEffective & ~(1UL << 21) };
        ProcessTree old = Old.With(Old.Processes[2].With(less));
        Vma[] vmas = DiffTrees.Vmas();
        vmas[3] = vmas[3] with { Flags = vmas[3].Flags | VmaFlags.Exec };
        string text = DiffCli.Text(DiffCli.Of(old, Old.With(Old.Processes[1].With(vmas))));
        Assert.Equal(
            """
            security
            ! 101 app: WRITABLE EXECUTABLE, EXECUTABLE ANONYMOUS: vma  protection  550020000000-550020008000 rw-p -> rwxp 32.0 KiB  anon
            ! 102 app: CAPABILITY GAINED: cap_effective  +sys_admin

              100  /srv/app
            ~ 101   \_ worker
            !           ~ vma  protection  550020000000-550020008000 rw-p -> rwxp 32.0 KiB  anon  WRITABLE EXECUTABLE, EXECUTABLE ANONYMOUS
            ~ 102   \_ worker
            !           ~ cap_effective  +sys_admin  CAPABILITY GAINED

            0 processes added, 0 removed, 2 changed; VMAs +0 -0 ~1; RSS +0 bytes

            """.ReplaceLineEndings("\n"),
            text);
    }

    [Fact]
    public void What_all_threads_did_is_told_once()
    {
        ProcessEntry Threads(Credentials credentials) => Old.Processes[2] with
        {
            Threads = [.. Enumerable.Range(0, 4).Select(i => DiffTrees.Thread(102 + i, 1002, $"t{i}") with { Credentials = credentials })],
        };
        CliRun run = DiffCli.Of(Old.With(Threads(Root)), Old.With(Threads(Root with { Uid = new(33, 33, 33, 33) })));
        Assert.Contains("~ uid_real of all 4 threads  0 -> 33\n", run.Out, StringComparison.Ordinal);
        Assert.Equal(4, run.Out.Split("threads").Length - 1);
    }

    [Fact]
    public void VMAs_of_one_file_that_came_together_are_one_line_and_pieces_of_one_size_too()
    {
        ulong at = 0x7000_0000_0000;
        Vma[] more =
        [
            new(at, at + 0x1000, DiffTrees.R, 0, DiffTrees.Library), new(at + 0x1000, at + 0x3000, DiffTrees.X, 0x1000, DiffTrees.Library),
            new(at + 0x10000, at + 0x18000, DiffTrees.W, 0, -1), new(at + 0x20000, at + 0x28000, DiffTrees.W, 0, -1), new(at + 0x30000, at + 0x31000, DiffTrees.W, 0, -1),
        ];
        string text = DiffCli.Text(DiffCli.Of(Old, Old.With(Old.Processes[0].With([.. DiffTrees.Vmas(), .. more]))));
        Assert.Contains("+ vma  mapped  2 VMAs, 12.0 KiB, r--p r-xp  /lib/libx.so.1\n", text, StringComparison.Ordinal);
        Assert.Contains("+ vma  mapped  2 VMAs, 64.0 KiB, rw-p  anon\n", text, StringComparison.Ordinal);
        Assert.Contains("+ vma  mapped  700000030000-700000031000 rw-p 4.0 KiB  anon\n", text, StringComparison.Ordinal);
        Assert.EndsWith("VMAs +5 -0 ~0; RSS +0 bytes\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_counts_alone_are_a_line_for_each_kind()
    {
        ProcessTree @new = Old.With(Old.Processes[1] with { Cwd = SampleTrees.Bytes("/var"), Threads = [Old.Processes[1].Leader, DiffTrees.Thread(110, 5000)] });
        Assert.Equal(
            """
            process     +0 -0 ~1
            thread      +1 -0
            place       ~1
            vma         +0 -0 ~0
            0 processes added, 0 removed, 1 changed; threads +1 -0; VMAs +0 -0 ~0; RSS +0 bytes

            """.ReplaceLineEndings("\n"),
            DiffCli.Text(DiffCli.Of(Old, @new, "--stat")));
    }

    [Fact]
    public void By_role_both_pids_are_shown_and_counters_are_left_out()
    {
        ProcessTree restarted = DiffTrees.Restarted();
        CliRun same = DiffCli.Of(Old, restarted);
        Assert.Equal(ExitCode.Success, same.ExitCode);
        Assert.Matches("matched +by role", same.Out);
        ProcessEntry worker = restarted.Processes[2] with { Umask = 0 };
        Assert.Contains("~ 102->950   \\_ worker\n", DiffCli.Of(Old, restarted.With(worker)).Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Negative, DiffCli.Of(Old, restarted, "--only", "counters").ExitCode);
    }

    [Fact]
    public void Names_cannot_disturb_the_terminal()
    {
        ProcessEntry odd = SampleTrees.Rich().Processes[1];
        ProcessTree tree = SampleTrees.Rich();
        ProcessTree later = tree with
        {
            Processes = [.. tree.Processes.Select(p => p.Tgid != odd.Tgid ? p : p with
            {
                Cwd = SampleTrees.Raw("/\u001b[2J\n\u202e"),
                Cmdline = SampleTrees.Raw("\u001b]0;x\u0007\0\n\0"),
                Environ = SampleTrees.Raw("\u001bA=1\0"),
                Threads = [.. odd.Threads.Take(2), odd.Threads[2] with { Tid = 416, Comm = SampleTrees.Raw("\u009b\r\n") }],
                Space = new AddressSpace([new(0x1000, 0x2000, VmaFlags.Read, 0, 7)]),
            })],
        };
        CliRun run = DiffCli.Of(tree, later);
        Assert.DoesNotContain(run.Out, c => (char.IsControl(c) && c != '\n') || c == '\u202e');
    }

    [Fact]
    public void Colour_is_for_terminals_and_lines_end_at_their_edge()
    {
        using TempFolder folder = new();
        string[] args = ["diff", DiffCli.Write(folder, "a.ckpt", Old), DiffCli.Write(folder, "b.ckpt", Old.With(Old.Processes[1] with { ExeDeleted = true }))];
        CliRun run = CliRun.On(new CliWorld { TerminalWidth = 60 }, args);
        Assert.Contains("\u001b[31m", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", CliRun.Of(args).Out, StringComparison.Ordinal);
        Assert.All(CliRun.On(new CliWorld { TerminalWidth = 60 }, [.. args, "--color", "never"]).Out.Split('\n'), line => Assert.True(line.Length <= 60));
    }

    [Fact]
    public void Of_an_environment_the_names_that_differ_are_shown_and_no_value()
    {
        ProcessEntry With(string environ) => Old.Processes[0] with { Environ = SampleTrees.Raw(environ) };
        CliRun run = DiffCli.Of(Old.With(With("A=1\0B=2\0C=3\0")), Old.With(With("A=1\0B=secret\0D=4\0")));
        Assert.Contains("~ environ  ~B +D -C\n", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Out, StringComparison.Ordinal);
    }
}
