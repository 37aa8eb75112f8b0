using System;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using System.Text.Json;
using Checkpoint.Cli;
using Checkpoint.Imaging;
using Checkpoint.Linux;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Transports;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Cli;

[UnsupportedOSPlatform("windows")]
public class DumpTests
{
    private static readonly ProcessTree Whole = SampleTrees.Rich() with { Gaps = [], Events = [] };

    [Fact]
    public void A_dump_is_an_image_and_one_line()
    {
        using TempFolder folder = new();
        CliRun run = Dump(Whole, "-p", "400", "-o", folder["a.ckpt"]);
        Assert.Equal(ExitCode.Success, run.ExitCode);
        Assert.Empty(run.OutBytes);
        Assert.Matches(@"^wrote \S+/a\.ckpt: 6 processes, 8 threads, 18 VMAs, \d+\.\d KiB in 12\.3 ms \(procfs\)\n$", run.Error);
        Assert.Equal(CliRun.Image(Whole), File.ReadAllBytes(folder["a.ckpt"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["a.ckpt"]));
    }

    [Fact]
    public void The_options_reach_the_collector()
    {
        CollectOptions? seen = null;
        CliWorld world = new()
        {
            Collect = options =>
            {
                seen = options;
                return Whole;
            },
        };
        CliRun.On(world, "dump", "-p7", "-o", "/dev/null", "--no-children", "--env", "--text-maps", "--vm-flags", "--vm-stats", "--transport", "procfs");
        Assert.Equal(new CollectOptions { Pid = 7, WithChildren = false, WithEnviron = true, TextMaps = true, WithVmFlags = true, WithVmStats = true, Transport = TransportKind.Procfs }, seen! with { Chosen = null });
        CliRun.On(world, "dump", "--pid=8", "--output=/dev/null");
        Assert.Equal(new CollectOptions { Pid = 8, WithChildren = true, WithEnviron = false, TextMaps = false, WithVmFlags = false, WithVmStats = false }, seen! with { Chosen = null });
    }

    [Fact]
    public void Standard_output_takes_an_image_but_a_terminal_does_not()
    {
        CliRun run = Dump(Whole, "-p", "400", "-o", "-");
        Assert.Equal(ExitCode.Success, run.ExitCode);
        Assert.Equal(CliRun.Image(Whole), run.OutBytes);
        Assert.StartsWith("wrote standard output: ", run.Error, StringComparison.Ordinal);

        CliRun terminal = CliRun.On(new CliWorld { TerminalWidth = 80 }, "dump", "-p", "400", "-o", "-");
        Assert.Equal(ExitCode.Usage, terminal.ExitCode);
        Assert.Empty(terminal.OutBytes);
    }

    [Fact]
    public void An_existing_file_is_refused_before_the_work_and_force_replaces_it()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["a.ckpt"], "old");
        CliRun run = CliRun.Of("dump", "-p", "400", "-o", folder["a.ckpt"]);
        Assert.Equal(ExitCode.Output, run.ExitCode);
        Assert.Contains("--force", run.Error, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(folder["a.ckpt"]));

        Assert.Equal(ExitCode.Success, Dump(Whole, "-p", "400", "-o", folder["a.ckpt"], "--force").ExitCode);
        using FileStream image = File.OpenRead(folder["a.ckpt"]);
        Assert.Equal(6, ImageReader.Read(image).Processes.Count);
    }

    [Fact]
    public void Hidden_parts_are_told_by_the_exit_code_unless_they_are_allowed()
    {
        CliRun run = Dump(SampleTrees.Rich(), "-p", "400", "-o", "/dev/null");
        Assert.Equal(ExitCode.Partial, run.ExitCode);
        Assert.Contains(", 3 gaps\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("ckpt: 2 parts could not be read: 1 exe EACCES, 1 maps EACCES; ", run.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, Dump(SampleTrees.Rich(), "-p", "400", "-o", "/dev/null", "--allow-partial").ExitCode);
    }

    [Fact]
    public void Tasks_that_exited_are_not_missing()
    {
        ProcessTree tree = Whole with { Gaps = [new(440, 441, CapturePart.Task, Gap.NoSuchProcess)] };
        CliRun run = Dump(tree, "-p", "400", "-o", "/dev/null", "-v");
        Assert.Equal(ExitCode.Success, run.ExitCode);
        Assert.EndsWith(", 1 gap\ntransport: \ngap: 440 thread 441: task ESRCH\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tree_that_kept_changing_is_told()
    {
        ProcessTree tree = Whole with { Capture = Whole.Capture with { Stable = false, Passes = 8 } };
        Assert.EndsWith(", tree still changing after 8 passes\n", Dump(tree, "-p", "400", "-o", "/dev/null").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Quiet_says_nothing_but_what_is_missing_and_keeps_the_exit_code()
    {
        CliRun run = Dump(SampleTrees.Rich(), "-p", "400", "-o", "/dev/null", "-q");
        Assert.Equal(ExitCode.Partial, run.ExitCode);
        Assert.StartsWith("ckpt: 2 parts could not be read: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.Error.Count(c => c == '\n'));
        Assert.Empty(run.OutBytes);
    }

    [Fact]
    public void The_summary_can_be_json()
    {
        CliRun run = Dump(SampleTrees.Rich(), "-p", "400", "-o", "/dev/null", "--json", "--allow-partial");
        Assert.Equal("", run.Error);
        using JsonDocument json = JsonDocument.Parse(run.OutBytes);
        JsonElement root = json.RootElement;
        Assert.Equal(
            ["schema", "file", "bytes", "digest", "capture", "processes", "threads", "vmas", "resident_bytes", "gaps", "events"],
            root.EnumerateObject().Select(p => p.Name));
        Assert.Equal("ckpt.dump/1", root.GetProperty("schema").GetString());
        Assert.Equal(CliRun.Image(SampleTrees.Rich()).Length, root.GetProperty("bytes").GetInt64());
        Assert.Equal(3, root.GetProperty("gaps").GetArrayLength());
    }

    [Theory]
    [InlineData(Errno.ESRCH, ExitCode.TargetGone)]
    [InlineData(Errno.EACCES, ExitCode.Refused)]
    [InlineData(Errno.EPERM, ExitCode.Refused)]
    [InlineData(Errno.ENOSYS, ExitCode.Refused)]
    [InlineData(Errno.EIO, ExitCode.Refused)]
    [InlineData(Errno.EMFILE, ExitCode.Refused)]
    public void What_the_kernel_refuses_decides_the_exit_code_and_leaves_nothing(int errno, int expected)
    {
        using TempFolder folder = new();
        CliRun run = Failing(folder, new KernelException("open", "/proc/400", errno));
        Assert.Equal(expected, run.ExitCode);
        Assert.StartsWith("ckpt: cannot open /proc/400: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(errno is Errno.EACCES or Errno.EPERM, run.Error.Contains("root", StringComparison.Ordinal));
        Assert.Equal(errno == Errno.EMFILE, run.Error.Contains("ulimit -n", StringComparison.Ordinal));
        CliRun onOneCore = Failing(folder, new AggregateException(new KernelException("open", "/proc/400", errno)));
        Assert.Equal((run.ExitCode, run.Error), (onOneCore.ExitCode, onOneCore.Error));
    }

    [Fact]
    public void An_interruption_exits_with_130_and_leaves_nothing()
    {
        using TempFolder folder = new();
        Assert.Equal(ExitCode.Interrupted, Failing(folder, new OperationCanceledException()).ExitCode);
    }

    [Fact]
    public void A_bug_is_one_line_and_names_the_way_to_more()
    {
        using TempFolder folder = new();
        CliRun run = Failing(folder, new InvalidOperationException("odd\nthing"));
        Assert.Equal(ExitCode.Internal, run.ExitCode);
        Assert.Equal("ckpt: internal error: InvalidOperationException: odd\\nthing; set CKPT_DEBUG=1 for the stack trace\n", run.Error);
    }

    [Fact]
    public void A_full_output_exits_with_6()
    {
        CliRun run = Dump(Whole, "-p", "400", "-o", "/dev/full");
        Assert.Equal(ExitCode.Output, run.ExitCode);
        Assert.Contains("(errno 28)", run.Error, StringComparison.Ordinal);
    }

    [RootFact]
    public void A_full_disk_exits_with_6_and_leaves_nothing()
    {
        using TinyDisk disk = new();
        CliRun run = Dump(SampleTrees.Random(1, 3000), "-p", "400", "-o", disk.Folder["a.ckpt"], "--allow-partial");
        Assert.Equal(ExitCode.Output, run.ExitCode);
        Assert.Contains("(errno 28)", run.Error, StringComparison.Ordinal);
        Assert.Empty(disk.Folder.Entries);
    }

    [Fact]
    public void A_broken_pipe_is_silent()
    {
        using BrokenPipe pipe = new();
        CliRun dump = CliRun.On(new CliWorld { Output = pipe, Collect = _ => Whole }, "dump", "-p", "400", "-o", "-");
        Assert.Equal((ExitCode.Output, ""), (dump.ExitCode, dump.Error));
        CliRun inspect = CliRun.On(new CliWorld { Output = pipe, Input = CliRun.Image(Whole) }, "inspect", "-");
        Assert.Equal((ExitCode.Success, ""), (inspect.ExitCode, inspect.Error));
    }

    private static CliRun Dump(ProcessTree tree, params string[] args) =>
        CliRun.On(new CliWorld { Collect = _ => tree }, ["dump", .. args]);

    private static CliRun Failing(TempFolder folder, Exception failure)
    {
        CliRun run = CliRun.On(new CliWorld { Collect = _ => throw failure }, "dump", "-p", "400", "-o", folder["a.ckpt"]);
        Assert.Empty(folder.Entries);
        Assert.Empty(run.OutBytes);
        return run;
    }

    private sealed class BrokenPipe : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new OutputException("write", "standard output", Errno.EPIPE);

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    }
}
