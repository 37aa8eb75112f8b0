using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using Checkpoint.Imaging;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Linux.Tests.Races;

public sealed class KillTests
{
    [LinuxFact("gcc")]
    public void Killed_at_any_moment_it_leaves_the_target_running_and_no_partial_file()
    {
        using TempFolder folder = new();
        using ChildProcess target = Workload.Start("tree", "4", "400");
        TimeSpan whole = ShortestDump(target, folder["old.ckpt"]);
        byte[] old = File.ReadAllBytes(folder["old.ckpt"]);
        Random random = new(20250);
        int killed = 0;
        for (int i = 0; i < 50; i++)
        {
            bool replacing = i % 2 == 1;
            string output = folder[replacing ? "old.ckpt" : "new.ckpt"];
            using ChildProcess dump = ChildProcess.Launch(Ckpt.Command(["dump", "-q", "--pid", target.PidText, "-o", output, .. replacing ? (string[])["--force"] : []]), Ckpt.Variables);
            Wait.Pass(whole * 1.1 * random.NextDouble());
            dump.Signal(Kernel.SIGKILL);
            killed += dump.WaitForExit() == 128 + Kernel.SIGKILL ? 1 : 0;
            AssertWholeOrAbsent(output, replacing);
            Assert.Empty(folder.Names.Except(["old.ckpt", "new.ckpt"]));
            File.Delete(folder["new.ckpt"]);
            File.WriteAllBytes(folder["old.ckpt"], old);
        }

        Assert.True(killed > 10, $"only {killed} of 50 were killed in time");
        AssertUndisturbed(target);
    }

    [LinuxFact("gcc")]
    public void Interrupted_it_exits_130_and_leaves_nothing()
    {
        using TempFolder folder = new();
        using ChildProcess target = Workload.Start("tree", "4", "800");
        TimeSpan whole = ShortestDump(target, folder["a.ckpt"]);
        File.Delete(folder["a.ckpt"]);
        int interrupted = 0;
        foreach (int signal in (int[])[Kernel.SIGINT, Kernel.SIGTERM])
        {
            for (int i = 0; i < 12; i++)
            {
                using ChildProcess dump = ChildProcess.Launch(Ckpt.Command("dump", "-q", "--pid", target.PidText, "-o", folder["a.ckpt"]), Ckpt.Variables);
                Wait.Pass(whole * (0.3 + (0.06 * i)));
                dump.Signal(signal);
                int exitCode = dump.WaitForExit();
                if (exitCode == 0)
                {
                    AssertWholeOrAbsent(folder["a.ckpt"], mustExist: true);
                    File.Delete(folder["a.ckpt"]);
                }
                else
                {
                    // 143 only where the signal came before the program could listen.
                    Assert.True(exitCode == 130 || (exitCode == 143 && signal == Kernel.SIGTERM), $"exit code {exitCode}");
                    interrupted += exitCode == 130 ? 1 : 0;
                }

                Assert.True(folder.Names.Length == 0, $"exit code {exitCode} leaves {string.Join(' ', folder.Names)}");
            }
        }

        Assert.True(interrupted >= 4, $"only {interrupted} of 24 were interrupted in time");
        AssertUndisturbed(target);
    }

    [LinuxFact("gcc")]
    public void Interrupted_when_the_image_is_in_place_it_has_succeeded()
    {
        using TempFolder folder = new();
        using ChildProcess target = Workload.Start("tree", "1", "1");
        for (int i = 0; i < 10; i++)
        {
            using ChildProcess dump = ChildProcess.Launch(Ckpt.Command("dump", "-q", "--pid", target.PidText, "-o", folder["a.ckpt"]), Ckpt.Variables);
            SpinWait.SpinUntil(() => File.Exists(folder["a.ckpt"]), TimeSpan.FromSeconds(30));
            dump.Signal(Kernel.SIGINT);
            Assert.Equal(0, dump.WaitForExit());
            File.Delete(folder["a.ckpt"]);
        }
    }

    private static TimeSpan ShortestDump(ChildProcess target, string output)
    {
        // The shortest of some, so that most signals arrive while there is something to interrupt.
        TimeSpan shortest = TimeSpan.MaxValue;
        for (int i = 0; i < 4; i++)
        {
            Stopwatch watch = Stopwatch.StartNew();
            Ckpt.Run("dump", "-q", "--force", "--pid", target.PidText, "-o", output).Expect(0);
            shortest = watch.Elapsed < shortest ? watch.Elapsed : shortest;
        }

        return shortest;
    }

    private static void AssertWholeOrAbsent(string path, bool mustExist)
    {
        if (mustExist || File.Exists(path))
        {
            using FileStream file = File.OpenRead(path);
            ProcessTree tree = ImageReader.Read(file);
            Assert.True(tree.Processes.Count >= 400);
        }
    }

    private static void AssertUndisturbed(ChildProcess target)
    {
        foreach (int pid in ProcFile.LivingFamily(target.Pid))
        {
            Assert.Equal('S', ProcFile.State(pid));
            Assert.Equal("0", ProcFile.Status(pid, "TracerPid"));
        }
    }
}
