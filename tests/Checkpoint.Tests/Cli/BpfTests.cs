using System;
using System.Collections.Generic;
using Checkpoint.Cli;
using Checkpoint.Cli.Commands;
using Checkpoint.Linux.Bpf;
using Checkpoint.Linux.Interop;
using Xunit;

namespace Checkpoint.Tests.Cli;

public class BpfTests
{
    private static readonly BpfPinned Own = new(BpfPins.OwnVersion, BpfPins.OwnDigest, BpfPinState.Usable, 77, 78, 4);
    private static readonly BpfPinned Other = new("0.0.9", "0123456789abcdef", BpfPinState.Stale, 7, 8, 2);
    private static readonly BpfPinned Cut = new(null, null, BpfPinState.Incomplete, 0, 0, 0);

    [Theory]
    [InlineData("", "an action is missing")]
    [InlineData("status install", "unexpected argument 'install'")]
    [InlineData("stats", "no action 'stats'")]
    [InlineData("--frob", "unknown option '--frob'")]
    [InlineData("install --json", "--json is for status")]
    [InlineData("remove --json", "--json is for status")]
    [InlineData("status --json --quiet", "--json and --quiet exclude each other")]
    [InlineData("status --json=", "option '--json' has no value")]
    public void A_line_that_makes_no_sense_does_nothing(string line, string message)
    {
        CliRun run = CliRun.Of(["bpf", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Empty(run.Out);
        Assert.StartsWith("ckpt: " + message, run.Error, StringComparison.Ordinal);
        Assert.EndsWith("\ntry 'ckpt bpf --help'\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_status_is_0_only_when_this_builds_programs_are_pinned()
    {
        Assert.Equal(ExitCode.Success, Status([Own]).ExitCode);
        Assert.Equal(ExitCode.Success, Status([Own, Cut]).ExitCode);
        Assert.Equal(ExitCode.Negative, Status([]).ExitCode);
        Assert.Equal(ExitCode.Negative, Status([Other]).ExitCode);
        Assert.Equal(ExitCode.Negative, Status([Cut]).ExitCode);
    }

    [Fact]
    public void A_status_has_a_line_for_each_and_says_what_to_do()
    {
        string own = $"the programs of this build, {BpfPins.OwnVersion} ({BpfPins.OwnDigest}), are not pinned; ckpt bpf install pins them\n";
        Assert.Equal(own, Status([]).Out);
        Assert.Equal(
            "VERSION DIGEST           PROGRAM STATUS\n"
            + "0.0.9   0123456789abcdef 7       stale: another build's; this one does not use them\n"
            + "-       -                -       incomplete: an installation was cut short; no build uses them\n" + own,
            Status([Other, Cut]).Out);
        string[] lines = Status([Own]).Out.Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.EndsWith(" 77      usable: this build's; its runs load nothing", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_has_these_keys_in_this_order()
    {
        Assert.Equal(
            $$"""
            {
              "schema": "ckpt.bpf/1",
              "folder": "/sys/fs/bpf/ckpt",
              "version": "{{BpfPins.OwnVersion}}",
              "digest": "{{BpfPins.OwnDigest}}",
              "usable": false,
              "pinned": [
                {
                  "version": "0.0.9",
                  "digest": "0123456789abcdef",
                  "status": "stale",
                  "program_id": 7,
                  "map_id": 8,
                  "slots": 2
                },
                {
                  "version": null,
                  "digest": null,
                  "status": "incomplete",
                  "program_id": null,
                  "map_id": null,
                  "slots": null
                }
              ]
            }

            """,
            Status([Other, Cut], "--json").Out);
    }

    [Fact]
    public void Quiet_says_no_more_than_one_line_when_the_answer_is_no()
    {
        CliRun run = Status([Other], "-q");
        Assert.Equal((ExitCode.Negative, "", "ckpt: the programs of this build are not pinned; ckpt bpf install pins them\n"), (run.ExitCode, run.Out, run.Error));
        Assert.Equal("", Run(new() { FileSystemErrno = () => 0, Install = () => { } }, "install", "-q").Error);
        Assert.Equal("", Run(new() { FileSystemErrno = () => 0, Remove = () => 1 }, "remove", "-q").Error);
    }

    [Fact]
    public void Names_that_somebody_else_made_are_escaped()
    {
        Assert.DoesNotContain('\u001b', Status([Other with { Version = "\u001b[2J" }]).Out);
    }

    [Fact]
    public void Install_and_remove_do_just_that_and_say_it_in_one_line_of_stderr()
    {
        int installed = 0;
        CliRun run = Run(new() { FileSystemErrno = () => 0, Install = () => installed++ }, "install");
        Assert.Equal((ExitCode.Success, "", 1), (run.ExitCode, run.Out, installed));
        Assert.Equal($"pinned the programs of {BpfPins.OwnVersion} ({BpfPins.OwnDigest}) below /sys/fs/bpf/ckpt\n", run.Error);
        run = Run(new() { FileSystemErrno = () => 0, Remove = () => 2 }, "remove");
        Assert.Equal((ExitCode.Success, "", "removed what was pinned below /sys/fs/bpf/ckpt\n"), (run.ExitCode, run.Out, run.Error));
        run = Run(new() { FileSystemErrno = () => 0, Remove = () => 0 }, "remove");
        Assert.Equal((ExitCode.Success, "", "nothing was pinned\n"), (run.ExitCode, run.Out, run.Error));
    }

    [Theory]
    [InlineData(Errno.ENODEV)]
    [InlineData(Errno.ENOENT)]
    public void Without_a_BPF_file_system_the_remedy_is_named_and_there_is_nothing_to_remove(int errno)
    {
        foreach (string action in (string[])["install", "status"])
        {
            CliRun run = Run(new() { FileSystemErrno = () => errno }, action);
            Assert.Equal((ExitCode.Refused, ""), (run.ExitCode, run.Out));
            Assert.Equal("ckpt: no BPF file system is mounted at /sys/fs/bpf; mount -t bpf bpf /sys/fs/bpf\n", run.Error);
        }

        Assert.Equal((ExitCode.Success, "nothing was pinned\n"), (Run(new() { FileSystemErrno = () => errno }, "remove").ExitCode, Run(new() { FileSystemErrno = () => errno }, "remove").Error));
    }

    [Fact]
    public void A_refusal_is_exit_5_and_one_line()
    {
        BpfActions refusing = new()
        {
            FileSystemErrno = () => 0,
            Install = () => throw new KernelException("pin", "BPF programs (CAP_BPF is missing)", Errno.EPERM),
            Read = () => throw new KernelException("open", BpfPins.Folder, Errno.EACCES),
            Remove = () => throw new KernelException("open", BpfPins.Folder, Errno.EACCES),
        };
        foreach (string action in (string[])["install", "status", "remove"])
        {
            CliRun run = Run(refusing, action);
            Assert.Equal((ExitCode.Refused, ""), (run.ExitCode, run.Out));
            Assert.Matches("^ckpt: cannot [^\n]+; try as root\n$", run.Error);
            Assert.DoesNotContain("try as root", CliRun.On(new CliWorld { Bpf = refusing, IsRoot = true }, "bpf", action).Error, StringComparison.Ordinal);
        }
    }

    private static CliRun Status(IReadOnlyList<BpfPinned> pinned, params string[] args) =>
        Run(new() { FileSystemErrno = () => 0, Read = () => pinned }, ["status", .. args]);

    private static CliRun Run(BpfActions bpf, params string[] args) => CliRun.On(new CliWorld { Bpf = bpf }, ["bpf", .. args]);
}
