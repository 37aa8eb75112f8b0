using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Tasks;

public sealed class TasksStreamTests
{
    [LinuxFact("gcc")]
    public void A_recording_shows_what_the_live_run_showed_with_the_same_options_or_with_none()
    {
        using TempFolder folder = new();
        using ChildProcess tree = Workload.Start("tree", "3", "10");
        using ChildProcess threads = Workload.Start("threads");
        foreach (string[] request in (string[][])
            [
                ["children", "-p", tree.PidText],
                ["one", "-p", tree.PidText, "--maps"],
                ["one", "-p", tree.PidText, "--cred", "--cmdline"],
                ["children", "-p", tree.PidText, "--stat", "--statm"],
                ["threads", "-p", threads.PidText, "--cred", "--maps", "--stat", "--statm", "--cmdline"],
                ["threads", "-p", threads.PidText, "--hidden", "--smaps"],
            ])
        {
            string file = folder["a.raw"];
            foreach (string format in (string[])["--cred", "--json"])
            {
                string[] json = format == "--json" ? ["--json"] : [];
                RunResult live = Ckpt.Run(["tasks", .. request, .. json]).Expect(0);
                RunResult recorded = Ckpt.Run(["tasks", .. request, .. json, "--raw", file, "--force"]).Expect(0);
                if (!request.Contains("--smaps"))
                {
                    Assert.Equal(live.Text, recorded.Text);
                }

                Assert.Equal(recorded.Text, Ckpt.Run(["tasks", "--from", file, .. json]).Expect(0).Text);
                string[] flags = request.Where(word => word.StartsWith("--", StringComparison.Ordinal) && word != "--hidden").ToArray();
                Assert.Equal(recorded.Text, Ckpt.Run(["tasks", "--from", file, .. flags, .. json]).Expect(0).Text);
            }

            byte[] piped = Ckpt.Run(["tasks", .. request, "--raw", "-"]).Expect(0).Stdout;
            Assert.Equal(File.ReadAllBytes(file).Length, piped.Length);
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["a.raw"]));
        Ckpt.Run("tasks", "all", "--raw", folder["a.raw"]).ExpectOneLine(6, "--force");
        Assert.Equal(["a.raw"], folder.Names);
    }

    [LinuxFact("gcc")]
    public void Every_cut_of_a_live_recording_exits_with_0_or_3()
    {
        using TempFolder folder = new();
        using ChildProcess tree = Workload.Start("tree", "3", "4");
        byte[] whole = Ckpt.Run("tasks", "children", "-p", tree.PidText, "--maps", "--cmdline", "--raw", "-").Expect(0).Stdout;
        for (int length = 0; length < whole.Length; length += 1 + (whole.Length / 25))
        {
            File.WriteAllBytes(folder["cut"], whole[..length]);
            RunResult result = Ckpt.Run("tasks", "--from", folder["cut"]);
            Assert.True(result.ExitCode is 0 or 3, $"{length}: {result.ExitCode} {result.Stderr}");
            Assert.Equal(result.ExitCode == 0, result.Stderr.Length == 0);
        }
    }

    [LinuxFact("gcc")]
    public void The_first_line_comes_before_the_last_task_is_read()
    {
        using ChildProcess tree = Workload.Start("tree", "3", "150");
        using ChildProcess last = ChildProcess.Launch(["sleep", "300"]);
        if (last.Pid < tree.Pid)
        {
            return; // pids started again from the beginning in between
        }

        ProcessStartInfo info = Tool.StartInfo(Ckpt.Command("tasks", "all", "--maps"), Ckpt.Variables, null);
        using Process ckpt = Process.Start(info)!;
        Assert.Contains("COMM", ckpt.StandardOutput.ReadLine(), StringComparison.Ordinal);
        Wait.Until(() => ProcFile.WaitsForReader(ckpt.Id), "the pipe is full");
        last.Signal(Kernel.SIGKILL);
        last.WaitForExit();
        string rest = ckpt.StandardOutput.ReadToEnd();
        ckpt.WaitForExit();
        Assert.Equal(0, ckpt.ExitCode);
        string[] pids = rest.Split('\n').Where(line => line.Length > 0 && line.TrimStart().Split(' ')[0].All(char.IsAsciiDigit)).Select(line => line.TrimStart().Split(' ')[0]).ToArray();
        Assert.Contains(tree.PidText, pids);
        Assert.DoesNotContain(last.PidText, pids);
    }

    [LinuxFact("gcc", "bash")]
    public void A_run_that_is_interrupted_or_whose_reader_leaves_records_nothing()
    {
        using TempFolder folder = new();
        using ChildProcess many = Workload.Start("manyvmas", "20000");
        string[] line = ["tasks", "one", "-p", many.PidText, "--maps", "--raw", folder["a.raw"]];
        RunResult left = Tool.Run(["bash", "-c", "\"$@\" | head -n 1 > /dev/null; exit ${PIPESTATUS[0]}", "bash", .. Ckpt.Command(line)], Ckpt.Variables);
        left.ExpectOneLine(6, "nothing was recorded");
        Assert.Empty(folder.Names);

        // On a busy machine the program may be done before the signal reaches it: then all of it is recorded.
        bool wasInterrupted = false;
        for (int pause = 50; !wasInterrupted && pause < 5000; pause *= 2)
        {
            using Process ckpt = Process.Start(Tool.StartInfo(Ckpt.Command(line), Ckpt.Variables, null))!;
            ckpt.StandardOutput.ReadLine();
            Kernel.Kill(ckpt.Id, Kernel.SIGINT);
            Wait.Pass(pause);
            ckpt.StandardOutput.ReadToEnd();
            ckpt.WaitForExit();
            wasInterrupted = ckpt.ExitCode != 0;
            Assert.Equal(wasInterrupted ? (130, "ckpt: interrupted\n") : (0, ""), (ckpt.ExitCode, ckpt.StandardError.ReadToEnd()));
            Assert.Equal(wasInterrupted ? [] : ["a.raw"], folder.Names);
            File.Delete(folder["a.raw"]);
        }

        Assert.True(wasInterrupted);
    }

    [LinuxFact("gcc", Oracle.Python)]
    public void Memory_does_not_grow_with_the_number_of_VMAs()
    {
        using ChildProcess few = Workload.Start("manyvmas", "20000");
        using ChildProcess many = Workload.Start("manyvmas", "60000");
        foreach (string format in (string[])["--maps", "--json"])
        {
            long small = PeakKb(few.PidText, format);
            long large = PeakKb(many.PidText, format);
            Assert.True(large - small < 8 * 1024, $"{format}: {small} kB for 20000 VMAs, {large} kB for 60000");
        }
    }

    /// <summary>Most memory that a run needed, by the kernel's account of it (wait4).</summary>
    private static long PeakKb(string pid, string format)
    {
        const string Script = "import os, subprocess, sys; p = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL); _, code, usage = os.wait4(p.pid, 0); assert code == 0; print(usage.ru_maxrss)";
        RunResult result = Tool.Run([Oracle.Python, "-c", Script, .. Ckpt.Command("tasks", "one", "-p", pid, "--maps", format)], Ckpt.Variables);
        return long.Parse(Encoding.UTF8.GetString(result.Expect(0).Stdout), CultureInfo.InvariantCulture);
    }
}
