using System;
using System.Collections.Generic;
using System.Linq;
using Checkpoint.Cli;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Cli;

public class InspectTextTests
{
    public static TheoryData<string> Tables => ["--ps", "--threads", "--creds", "--vmas", "--files", "--color=never"];

    [Fact]
    public void The_overview_says_what_was_running_when_where_and_how_well()
    {
        string text = Text(SampleTrees.Rich());
        foreach (string part in (string[])
        [
            "root        400 bash\n",
            "host        build-7, Linux 6.12.43+deb13-amd64 x86_64, boot 0f5e8a3c-6f0e-4a52-9a59-0d6a3b6d6a55\n",
            "taken       2025-10-09T08:53:20.123456Z in 12.3 ms\n",
            "by          ckpt 0.1.0 as uid 0, tasks by procfs, VMAs by procmap_query\n",
            "consistency stable after 2 passes, 1 VMA list changed while it was read\n",
            "content     6 processes, 8 threads, 18 VMAs, 1.9 GiB resident, with environments, with all VMA flags, with page statistics\n",
            "gaps        3: 1 task ESRCH, 1 exe EACCES, 1 maps EACCES\n",
            "events      3: 1 appeared, 1 exited, 1 exec\n",
        ])
        {
            Assert.Contains(part, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_overview_draws_the_tree()
    {
        string[] lines = Text(SampleTrees.Rich()).Split('\n');
        string[] tree = lines[(Array.IndexOf(lines, "") + 1)..];
        Assert.Equal(
            [
                "    PID USER S THR  RSS VMAS COMMAND",
                "    400 root S   1 8.6M    8 bash -l",
                @"    410 root R   3 1.9G    5  \_ /srv/server --name \x1b[31mred (deleted)",
                @"    420 root T   1 4.0K    5      \_ child",
                @"    430 root Z   1    -    -      \_ [dead] <defunct>",
                @"    440 od?  I   2    -    -      \_ other",
                "4194304 ?    P   1    -    0 []",
                "",
            ],
            tree);
    }

    [Fact]
    public void The_process_table_has_what_ps_has()
    {
        string[] lines = Text(SampleTrees.Rich(), "--ps").Split('\n');
        Assert.Equal(
            ["PID", "PPID", "PGID", "SID", "TTY", "USER", "S", "START", "ELAPSED", "CPU", "RSS", "VSZ", "THR", "NI", "POLICY", "COMM", "COMMAND"],
            lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(
            ["400", "1", "400", "400", "pts/0", "root", "S", "2025-10-08T08:53:34Z", "23:59:46", "00:00:00.11", "8.6M", "17.2M", "1", "-20", "other", "bash", "bash", "-l"],
            lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(1 + 6 + 1, lines.Length);
    }

    [Fact]
    public void The_thread_table_has_each_thread()
    {
        string[] lines = Text(SampleTrees.Rich(), "--threads", "--pid", "410").Split('\n');
        Assert.Equal(1 + 3 + 1, lines.Length);
        Assert.EndsWith(" server", lines[1], StringComparison.Ordinal);
        Assert.Matches("^410 411 www-data D .* fifo +99 .* wörker-1$", lines[2]);
        Assert.EndsWith(@" x\n\\\u{202e})", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_are_named_and_say_who_has_them()
    {
        string text = Text(SampleTrees.Rich(), "--creds");
        foreach (string part in (string[])
        [
            "set 1 of 3\nuid         0 root\ngid         0\ngroups      none\neffective   full\n",
            "pids        400 420 430\ntids        410 (of 410)\n",
            "set 2 of 3\nuid         real 0 root, effective 33 www-data, saved 0 root, file system 33 www-data\n",
            "groups      4 33 4294967294\neffective   net_bind_service\npermitted   full\n",
            "seccomp     filter, 3 filters\nnonewprivs  yes\nlabel       unconfined\ntids        411 (of 410) 415 (of 410)\n",
            "set 3 of 3\nuid         1000 od?\n",
            "ambient     ?\nseccomp     ?\nnonewprivs  ?\nlabel       none\npids        440\n",
            "not captured\ntids        4194304\n",
        ])
        {
            Assert.Contains(part, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Vmas_read_as_in_maps_with_a_total()
    {
        string text = Text(SampleTrees.Rich(), "--vmas");
        foreach (string part in (string[])
        [
            "400: bash -l\nADDRESS ",
            "55d00002f000-55d00011e000         r-xp 0002f000 fe:01   1310 956K code     /usr/bin/bash\n",
            "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00      0   4K vsyscall [vsyscall]\n",
            "8 VMAs, ",
            @"/memfd:\nodd \xff name (deleted)" + "\n",
            " 40K anon\n", // no trailing space without a name
            "430: [dead] <defunct>\nno address space\n",
            "440: other\nVMAs not captured\n",
        ])
        {
            Assert.Contains(part, text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Nothing_in_an_image_can_disturb_a_terminal(string table)
    {
        List<ProcessTree> trees = [SampleTrees.Rich(), Hostile()];
        for (int seed = 0; seed < 20; seed++)
        {
            trees.Add(SampleTrees.Random(seed));
        }

        foreach (ProcessTree tree in trees)
        {
            AssertHarmless(Text(tree, table));
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void An_image_without_processes_is_no_error(string table) => AssertHarmless(Text(SampleTrees.Empty(), table));

    [Fact]
    public void Deep_trees_are_drawn()
    {
        ProcessTree tree = TreeOrderTests.Tree(1, [.. Enumerable.Range(1, 2_000).Select(i => (i, i - 1))]);
        Assert.Contains("2000 ?    S   1   -    - ", Text(tree), StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminal_cuts_lines_and_a_pipe_does_not()
    {
        byte[] image = CliRun.Image(SampleTrees.Rich());
        CliRun terminal = CliRun.On(new CliWorld { Input = image, TerminalWidth = 30 }, "inspect", "-", "--color", "never");
        Assert.All(terminal.Out.Split('\n'), line => Assert.True(line.Length <= 30));
        CliRun pipe = CliRun.On(new CliWorld { Input = image }, "inspect", "-");
        Assert.Contains(pipe.Out.Split('\n'), line => line.Length > 80);
    }

    [Theory]
    [InlineData("auto", 80, "xterm", null, true)]
    [InlineData("auto", 0, "xterm", null, false)]
    [InlineData("auto", 80, "dumb", null, false)]
    [InlineData("auto", 80, null, null, false)]
    [InlineData("auto", 80, "xterm", "1", false)]
    [InlineData("never", 80, "xterm", null, false)]
    [InlineData("always", 0, "dumb", "1", true)]
    public void Colour_is_for_terminals_that_want_it(string color, int width, string? term, string? noColor, bool expected)
    {
        CliWorld world = new()
        {
            Input = CliRun.Image(SampleTrees.Rich()),
            TerminalWidth = width,
            Variable = name => name switch { "TERM" => term, "NO_COLOR" => noColor, _ => null },
        };
        CliRun run = CliRun.On(world, "inspect", "-", "--color", color);
        Assert.Equal(expected, run.Out.Contains('\u001b', StringComparison.Ordinal));
    }

    [Fact]
    public void Colour_changes_no_word()
    {
        string plain = Text(SampleTrees.Rich());
        string colored = Text(SampleTrees.Rich(), "--color", "always");
        Assert.Equal(plain, colored.Replace("\u001b[1m", "", StringComparison.Ordinal).Replace("\u001b[31m", "", StringComparison.Ordinal).Replace("\u001b[0m", "", StringComparison.Ordinal));
    }

    private static string Text(ProcessTree tree, params string[] args)
    {
        CliRun run = CliRun.Inspect(tree, args);
        Assert.Equal("", run.Error);
        Assert.Equal(ExitCode.Success, run.ExitCode);
        return run.Out;
    }

    private static void AssertHarmless(string text)
    {
        Assert.All(text, c => Assert.True(c == '\n' || c >= ' '));
        Assert.DoesNotContain(text, c => c is (>= '\u007f' and <= '\u009f') or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\u2028' or '\u2029' or '\ufeff');
    }

    /// <summary>Every text of an image is out to get us.</summary>
    private static ProcessTree Hostile()
    {
        ByteString bad = SampleTrees.Raw("\u001b]0;x\u0007\u001b[2J\n\r\t\b\u007f\u009b31m\u00c2\u009b31m\u00e2\u0080\u00ae\u00ff");
        string badText = "\u001b[2J\n\u009b\u202e";
        ProcessTree rich = SampleTrees.Rich();
        return rich with
        {
            Capture = rich.Capture with
            {
                ToolVersion = badText,
                Transport = badText,
                VmaSource = badText,
                Host = bad,
                KernelRelease = bad,
                KernelVersion = bad,
                Machine = bad,
                BootId = bad,
            },
            Processes =
            [
                .. rich.Processes.Select(p => p with
                {
                    Cmdline = p.Tgid == 430 ? default(ByteString) : bad,
                    Exe = bad,
                    Cwd = bad,
                    Threads = [.. p.Threads.Select(t => t with { Comm = bad, Credentials = t.Credentials is { } c ? c with { Label = bad } : null })],
                }),
            ],
            Files = [.. rich.Files.Select(f => f with { Name = bad })],
            Users = [.. rich.Users.Select(u => u with { Name = bad })],
        };
    }
}
