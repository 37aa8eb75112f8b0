using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Checkpoint.Imaging;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Linux.Transports;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Linux.Tests.RealTrees;

/// <summary>What processes can make as large as they like must not make a capture fail, nor cost what others have.</summary>
public sealed class ExcessTests
{
    private const int Cap = CaptureLimits.CommandLineBytes;

    // What wait4 says of a run: seconds of CPU time and KiB of memory; then its exit code.
    private const string Measure = """
        import os, subprocess, sys
        p = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(p.pid, 0)
        print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status))
        """;

    [LinuxFact("gcc", Oracle.Python)]
    public void A_hundred_command_lines_of_4_MiB_are_cut_and_the_image_says_so()
    {
        using TempFolder folder = new();
        using ChildProcess greedy = Workload.StartAsNobody("longargs", "100", "4194304");
        foreach (string transport in BpfUse.Transports)
        {
            AssertCheap(7, ["dump", "-q", "--force", "--transport", transport, "-p", greedy.PidText, "-o", folder["a.ckpt"]]);
            using FileStream file = File.OpenRead(folder["a.ckpt"]);
            ProcessTree tree = ImageReader.Read(file);
            Assert.Equal(100, tree.Processes.Count);
            Assert.All(tree.Processes, process => Assert.InRange(process.Cmdline!.Value.Length, 256 << 10, Cap));
            Assert.Equal(100, tree.Processes.Select(process => process.Cmdline!.Value).Distinct().Count());
            Assert.Equal(
                tree.Processes.Select(process => new Gap(process.Tgid, process.Tgid, CapturePart.Cmdline, Errno.E2BIG)), tree.Gaps);
            Assert.DoesNotContain(tree.Processes, process => process.Space is null);
        }
    }

    [LinuxFact("gcc")]
    public void A_command_line_and_an_environment_are_whole_up_to_1_MiB_and_cut_beyond()
    {
        foreach (int length in (int[])[Cap - 1, Cap, Cap + 1, 3 * Cap])
        {
            using ChildProcess program = Workload.Start("longargs", "1", length.ToString(CultureInfo.InvariantCulture), "env");
            byte[] whole = File.ReadAllBytes($"/proc/{program.Pid}/cmdline");
            ProcessTree tree = Collector.Collect(new CollectOptions { Pid = program.Pid, WithEnviron = true, Transport = TransportKind.Procfs });
            ProcessEntry process = Assert.Single(tree.Processes);
            Assert.True(whole.AsSpan(0, Math.Min(length, Cap)).SequenceEqual(process.Cmdline!.Value.Span));
            Assert.Equal(process.Cmdline, process.Environ);
            Assert.Equal(
                length > Cap ? [(CapturePart.Cmdline, Errno.E2BIG), (CapturePart.Environ, Errno.E2BIG)] : [],
                tree.Gaps.Select(gap => (gap.Part, gap.Errno)));
        }
    }

    [LinuxFact("gcc", Oracle.Python)]
    public void Tasks_shows_the_start_of_a_long_command_line_and_that_there_is_more()
    {
        using ChildProcess greedy = Workload.Start("longargs", "9", "4194304");
        string[] line = ["tasks", "children", "-p", greedy.PidText, "--cmdline"];
        AssertCheap(0, line);
        string[] shown = Ckpt.Run(line).Expect(0).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1 + 8, shown.Length);
        Assert.All(shown.Skip(1), text => Assert.True(text.EndsWith($"a\u2026 ({Cap - 1} bytes) ...", StringComparison.Ordinal) && text.Length is > 4096 and < 4096 + 200));
    }

    [LinuxFact("gcc")]
    public void When_command_lines_are_too_many_the_longest_are_cut_and_the_short_ones_stay_whole()
    {
        using ChildProcess root = Family("longargs 20 1000000 & longargs 1 3000 &");
        ProcessTree tree = Capture(root, new CaptureBudget(texts: 200_000));
        int[] lengths = [.. tree.Processes.Select(process => process.Cmdline!.Value.Length).Order()];
        Assert.Equal(22, lengths.Length);
        Assert.Contains(3000, lengths);
        Assert.InRange(lengths.Sum(), 90_000, 200_000);
        Assert.Equal(20, tree.Gaps.Count(gap => gap is { Part: CapturePart.Cmdline, Errno: Errno.E2BIG }));
    }

    [LinuxFact("gcc")]
    public void When_VMAs_are_too_many_the_longest_lists_are_left_out_with_a_gap()
    {
        using ChildProcess root = Family("manyvmas 3000 & manyvmas 2000 & manyvmas 3000 & manyvmas 20 &");
        ProcessTree tree = Capture(root, new CaptureBudget(vmas: 6000));
        int[] tgids = [.. tree.Processes.Where(process => process.Space is null).Select(process => process.Tgid)];
        Assert.Equal(tgids.Select(tgid => new Gap(tgid, tgid, CapturePart.Maps, Errno.E2BIG)), tree.Gaps);
        int kept = Assert.Single(tree.Processes, process => process.Space?.Vmas.Length > 3000).Tgid;
        Assert.True(Assert.Single(tgids) > kept, "of two that are as long the later one goes");
        Assert.Equal(5, tree.Processes.Count);

        // The tree's root is the last to lose its list; with nothing allowed at all it goes too.
        tree = Capture(root, new CaptureBudget(vmas: 60));
        Assert.Equal(root.Pid, Assert.Single(tree.Processes, process => process.Space is not null).Tgid);
        Assert.All(Capture(root, new CaptureBudget(vmas: 0)).Processes, process => Assert.Null(process.Space));
        using MemoryStream image = new();
        ImageWriter.Write(image, tree);
        image.Position = 0;
        Assert.Equal(4, ImageReader.Read(image).Gaps.Count);
    }

    [LinuxFact("gcc")]
    public void Names_of_mapped_files_that_are_too_much_leave_a_gap()
    {
        using ChildProcess root = Family("manyvmas 20 &");
        foreach ((TransportKind transport, int most) in from transport in BpfUse.Transports from most in (int[])[0, 100, 500, 1000] select (transport == "bpf" ? TransportKind.Bpf : TransportKind.Procfs, most))
        {
            ProcessTree tree = Capture(root, new CaptureBudget { FileNames = new NameBudget(most) }, transport);
            Assert.Equal(2, tree.Processes.Count);
            Assert.Contains(tree.Gaps, gap => gap is { Part: CapturePart.Maps, Errno: Errno.E2BIG });
            Assert.True(tree.Files.Sum(file => file.Name.Length) <= most + 100);
            ImageWriter.Write(Stream.Null, tree);
        }

        Assert.Empty(Capture(root, new CaptureBudget()).Gaps);
        ProcessTree pathless = Capture(root, new CaptureBudget { Paths = new NameBudget(0) });
        Assert.Equal(6, pathless.Gaps.Count(gap => gap is { Part: CapturePart.Exe or CapturePart.Cwd or CapturePart.Root, Errno: Errno.E2BIG }));
        Assert.All(pathless.Processes, process => Assert.Null(process.Exe));
    }

    [LinuxFact(Oracle.Python, Root = true)]
    public void Supplementary_groups_that_are_too_many_are_a_gap_and_other_credentials_stay()
    {
        const string Script = """
            import os, sys
            for i in range(3):
                if os.fork() == 0:
                    os.setgroups(range(i, 3000 + i))
                    print('member', flush=True)
                    sys.stdin.read()
                    os._exit(0)
            sys.stdin.read()
            """;
        using ChildProcess root = ChildProcess.Launch([Oracle.Python, "-c", Script]);
        for (int i = 0; i < 3; i++)
        {
            root.WaitForLine("member");
        }

        ProcessTree tree = Capture(root, new CaptureBudget(groups: 6000));
        uint[]?[] groups = [.. tree.Processes.Select(process => process.Leader.Credentials!.Groups)];
        Assert.Equal(1, groups.Count(list => list?.Length == 3000));
        Assert.Equal(2, groups.Count(list => list is null));
        Assert.Equal(2, tree.Gaps.Count(gap => gap is { Part: CapturePart.Status, Errno: Errno.E2BIG }));
        Assert.All(Capture(root, new CaptureBudget()).Processes.Skip(1), process => Assert.Equal(3000, process.Leader.Credentials!.Groups!.Length));
    }

    [LinuxFact("gcc")]
    public void A_tree_that_grows_without_end_is_not_followed_without_end()
    {
        using ChildProcess root = Workload.Start("chain", "40");
        ProcessTree tree = Capture(root, new CaptureBudget { MostPerPass = 20 });
        Assert.Equal((1, false), (tree.Capture.Passes, tree.Capture.Stable));
        Assert.InRange(tree.Processes.Count, 18, 21);
        tree = Capture(root, new CaptureBudget());
        Assert.Equal((true, 40), (tree.Capture.Stable, tree.Processes.Count));
    }

    [LinuxFact("gcc")]
    public void A_chain_of_300_processes_is_captured_shown_and_compared()
    {
        using TempFolder folder = new();
        using ChildProcess root = Workload.Start("chain", "300");
        string image = folder["a.ckpt"];
        Ckpt.Run("dump", "-q", "-p", root.PidText, "-o", image).Expect(0);
        foreach (string[] line in (string[][])[["inspect", image], ["inspect", image, "--ps"], ["validate", image], ["diff", image, image], ["diff", image, image, "--match", "role"]])
        {
            Ckpt.Run(line).Expect(0);
        }
    }

    private static ProcessTree Capture(ChildProcess root, CaptureBudget budget, TransportKind transport = TransportKind.Procfs) =>
        Collector.Collect(new CollectOptions { Pid = root.Pid, Transport = transport, Budget = budget });

    /// <summary>A shell that starts workloads and waits; all are ready.</summary>
    private static ChildProcess Family(string script)
    {
        int count = script.Count(c => c == '&');
        foreach (string name in (string[])["longargs", "manyvmas"])
        {
            script = script.Replace(name, Workload.Build(name), StringComparison.Ordinal);
        }

        ChildProcess root = ChildProcess.Launch(["sh", "-c", script + " wait"]);
        for (int i = 0; i < count; i++)
        {
            root.WaitForLine("ready");
        }

        return root;
    }

    /// <summary>Runs the program and holds it to 512 MB and 10 seconds of CPU time.</summary>
    private static void AssertCheap(int exitCode, string[] line)
    {
        string[] told = Tool.Run([Oracle.Python, "-c", Measure, .. Ckpt.Command(line)], Ckpt.Variables).Expect(0).Text.Split(' ');
        Assert.Equal(exitCode, int.Parse(told[2], CultureInfo.InvariantCulture));
        Assert.True(double.Parse(told[0], CultureInfo.InvariantCulture) < 10, $"{told[0]} s of CPU time");
        Assert.True(int.Parse(told[1], CultureInfo.InvariantCulture) < 512 * 1024, $"{told[1]} KiB");
    }
}
