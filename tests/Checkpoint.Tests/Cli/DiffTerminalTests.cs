using System;
using System.IO;
using System.Linq;
using Checkpoint.Cli;
using Checkpoint.Linux;
using Checkpoint.Linux.Interop;
using Checkpoint.Model;
using Checkpoint.Tests.Diffing;
using Xunit;

namespace Checkpoint.Tests.Cli;

public class DiffTerminalTests
{
    private static readonly ProcessTree Old = DiffTrees.Service();

    [Theory]
    [InlineData(100)]
    [InlineData(80)]
    [InlineData(40)]
    public void On_a_narrow_terminal_changes_go_on_below_and_no_word_of_them_is_lost(int width)
    {
        using TempFolder folder = new();
        string[] args = ["diff", DiffCli.Write(folder, "a.ckpt", Old), DiffCli.Write(folder, "b.ckpt", Later()), "--only", "vma,counters,creds", "--color", "never"];
        string wide = DiffCli.Text(CliRun.On(new CliWorld { TerminalWidth = 1000 }, args));
        string narrow = DiffCli.Text(CliRun.On(new CliWorld { TerminalWidth = width }, args));
        Assert.Contains(wide.Split('\n'), line => line.Length > width);
        Assert.All(narrow.Split('\n'), line => Assert.True(line.Length <= width, line));
        Assert.Equal(Words(wide), Words(narrow));
    }

    [Fact]
    public void The_mark_comes_before_what_may_be_too_long_for_the_line()
    {
        using TempFolder folder = new();
        CliRun run = CliRun.On(
            new CliWorld { TerminalWidth = 60 },
            "diff", DiffCli.Write(folder, "a.ckpt", Old), DiffCli.Write(folder, "b.ckpt", Later()), "--color", "never");
        string[] lines = DiffCli.Text(run).Split('\n');
        Assert.Equal(("security", "! 101 app: WRITABLE EXECUTABLE: vma  protection"), (lines[0], lines[1]));
        Assert.Equal("      550000000000-550000004000 r-xp -> rwxp 16.0 KiB", lines[2]);
    }

    [Fact]
    public void Changes_deep_in_a_tree_and_words_longer_than_a_line_are_shown_too()
    {
        using TempFolder folder = new();
        ProcessEntry[] chain = [.. Enumerable.Range(0, 60).Select(i => DiffTrees.Process(100 + i, i == 0 ? 1 : 99 + i, 1000 + (ulong)i))];
        ProcessTree old = DiffTrees.Tree(chain);
        ProcessTree later = old.With(chain[^1] with { Cwd = SampleTrees.Bytes("/" + new string('x', 70) + "END") });
        string text = DiffCli.Text(CliRun.On(
            new CliWorld { TerminalWidth = 40 }, "diff", DiffCli.Write(folder, "a.ckpt", old), DiffCli.Write(folder, "b.ckpt", later), "--color", "never"));
        Assert.Contains("~cwd/root->/" + new string('x', 70) + "END", Words(text), StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 40, line));
    }

    [Fact]
    public void A_reader_that_has_enough_does_not_make_it_say_that_nothing_differs()
    {
        using TempFolder folder = new();
        using BrokenPipe pipe = new();
        CliRun run = CliRun.On(new CliWorld { Output = pipe }, "diff", DiffCli.Write(folder, "a.ckpt", Old), DiffCli.Write(folder, "b.ckpt", Later()));
        Assert.Equal((ExitCode.Negative, ""), (run.ExitCode, run.Error));
    }

    private static ProcessTree Later()
    {
        Vma[] vmas = DiffTrees.Vmas();
        vmas[0] = vmas[0] with { Flags = vmas[0].Flags | VmaFlags.Write };
        ProcessEntry worker = Old.Processes[1].With(vmas);
        return Old.With(worker with { Memory = SampleTrees.Memory(77_000_000), Counters = default });
    }

    private static string Words(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    private sealed class BrokenPipe : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new OutputException("write", "standard output", Errno.EPIPE);

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    }
}
