using System;
using Checkpoint.Cli;
using Xunit;

namespace Checkpoint.Tests.Cli;

public class UsageTests
{
    public static TheoryData<string, string> BadLines => new()
    {
        { "", "ckpt: a command is missing" },
        { "dmup", "ckpt: no command 'dmup'" },
        { "dump -p 7 --transport x", "--transport must be auto, task-diag, bpf or procfs, not 'x'" },
        { "dump -p 7 --transport task-diag --text-maps", "--text-maps and --transport task-diag exclude each other" },
        { "tasks all --transport x", "--transport must be auto, task-diag, bpf or procfs, not 'x'" },
        { "dump", "--pid" },
        { "dump -p", "-p" },
        { "dump -p 1 -o", "-o" },
        { "dump --pid= -o x", "option '--pid' has no value" },
        { "dump -p= x", "option '-p' has no value" },
        { "dump -p 1 -o= --json", "option '-o' has no value" },
        { "dump -p 1 --force=", "option '--force' has no value" },
        { "tasks all --raw= --json", "option '--raw' has no value" },
        { "--pid= dump", "option '--pid' has no value" },
        { "inspect a --vmas --where=addr=", "not 'addr='" },
        { "dump -p abc", "not 'abc'" },
        { "dump -p 0", "not '0'" },
        { "dump -p -5", "not '-5'" },
        { "dump -p 1.5", "not '1.5'" },
        { "dump -p 99999999999", "not '99999999999'" },
        { "dump -p 1 -p 2", "-p" },
        { "dump -p 1 extra", "unexpected argument 'extra'" },
        { "dump -p 1 --frce", "unknown option '--frce'" },
        { "dump -p 1 --json -o -", "--json" },
        { "dump -p 1 -qv", "exclude each other" },
        { "inspect", "inspect" },
        { "inspect a b", "unexpected argument 'b'" },
        { "inspect a --ps --vmas", "only one of" },
        { "inspect a --threads --creds", "only one of" },
        { "inspect a --files --ps", "only one of" },
        { "inspect a --where deleted", "go with --vmas" },
        { "inspect a --files --sort size", "go with --vmas" },
        { "inspect a --vmas --sort pss", "not 'pss'" },
        { "inspect a --vmas --where", "--where" },
        { "inspect a --vmas --where kind=Heap", "kinds are anon, guard, heap" },
        { "inspect a --vmas --where kind", "not 'kind'" },
        { "inspect a --vmas --where perms=rwx", "not 'perms=rwx'" },
        { "inspect a --vmas --where perms=xwrp", "not 'perms=xwrp'" },
        { "inspect a --vmas --where path=", "not 'path='" },
        { "inspect a --vmas --where addr=0x", "not 'addr=0x'" },
        { "inspect a --vmas --where addr=-1", "not 'addr=-1'" },
        { "inspect a --vmas --where addr=10000000000000000", "not 'addr=1" },
        { "inspect a --vmas --where deleted=yes", "not 'deleted=yes'" },
        { "inspect a --vmas --where deleted --where size=5", "not 'size=5'" },
        { "inspect a --vmas --where deleted kind=heap", "unexpected argument 'kind=heap'" },
        { "inspect a --color red", "not 'red'" },
        { "inspect a --pid x", "not 'x'" },
        { "diff", "two images are compared" },
        { "diff a", "two images are compared" },
        { "diff a b c", "three with --retained" },
        { "diff a b c d", "unexpected argument 'd'" },
        { "diff a b --live", "one and --live" },
        { "diff a b --retained", "--retained takes three images" },
        { "diff - -", "only one image" },
        { "diff a b -p 1", "--pid goes with --live" },
        { "diff a b --match name", "not 'name'" },
        { "diff a b --only nothing", "knows no 'nothing'" },
        { "diff a b --ignore vma.lost", "knows no 'vma.lost'" },
        { "diff a b --tolerance rss", "not 'rss'" },
        { "diff a b --tolerance cwd=5%", "not 'cwd=5%'" },
        { "diff a b --tolerance rss=-5%", "'-5%'" },
        { "diff a b --tolerance rss=5%%", "'5%%'" },
        { "diff a b --stat --check", "exclude each other" },
        { "diff a b --json --show-unchanged", "exclude each other" },
        { "check bpff", "no feature 'bpff'" },
        { "check bpf Procfs", "no feature 'Procfs'" },
        { "check --json -q", "exclude each other" },
        { "check --pid 1", "unknown option '--pid'" },
        { "version now", "unexpected argument 'now'" },
    };

    [Theory]
    [MemberData(nameof(BadLines))]
    public void A_bad_line_exits_with_2_and_says_why_and_where_help_is(string line, string expected)
    {
        CliRun run = CliRun.Of(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Empty(run.OutBytes);
        string[] lines = run.Error.Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("ckpt: ", lines[0], StringComparison.Ordinal);
        Assert.Contains(expected, lines[0], StringComparison.Ordinal);
        Assert.StartsWith("try 'ckpt", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("--help'", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void An_argument_in_a_message_cannot_disturb_the_terminal()
    {
        CliRun run = CliRun.Of("dump", "-p", "\u001b[31m\n\u202e");
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.DoesNotContain('\u001b', run.Error);
        Assert.DoesNotContain('\u202e', run.Error);
        Assert.Equal(2, run.Error.Split('\n').Length - 1);
    }

    [Fact]
    public void Help_lists_commands_examples_and_every_exit_code()
    {
        CliRun run = CliRun.Of("--help");
        Assert.Equal(ExitCode.Success, run.ExitCode);
        Assert.Empty(run.Error);
        foreach (string word in (string[])["dump", "inspect", "diff", "check", "version", "Examples:", "Exit codes:", " 7 ", " 130 "])
        {
            Assert.Contains(word, run.Out, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("dump")]
    [InlineData("inspect")]
    [InlineData("diff")]
    [InlineData("check")]
    [InlineData("bpf")]
    [InlineData("tasks")]
    [InlineData("validate")]
    [InlineData("version")]
    public void Each_command_explains_itself_by_example(string command)
    {
        CliRun run = CliRun.Of(command, "-h");
        Assert.Equal(ExitCode.Success, run.ExitCode);
        Assert.Contains("  ckpt " + command, run.Out[run.Out.IndexOf("Example", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("--version")]
    [InlineData("-V")]
    public void The_version_is_one_line_with_runtime_and_system(string how)
    {
        CliRun run = CliRun.Of(how);
        Assert.Equal(ExitCode.Success, run.ExitCode);
        Assert.Matches(@"^ckpt \d+\.\d+\.\d+\S* \(\.NET \d+[^\n]*\)\n$", run.Out);
    }
}
