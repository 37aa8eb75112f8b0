using System.Collections.Generic;
using System.IO;
using System.Linq;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Streams;

public sealed class InterruptTests
{
    private const int SIGHUP = 1;

    [LinuxFact("gcc", Root = true, Needs = "/dev/fuse")]
    public void A_capture_that_waits_in_the_kernel_ends_at_every_signal_and_leaves_nothing()
    {
        using TempFolder folder = new();
        using TempFolder stalled = new();
        File.WriteAllText(stalled["file"], "");
        using PlainFileSystem plain = new(folder.FullName);
        using ChildProcess target = Workload.Start("heldlock", stalled["file"]);
        foreach (int[] signals in (int[][])[[Kernel.SIGINT], [Kernel.SIGTERM], [SIGHUP], [Kernel.SIGINT, Kernel.SIGINT]])
        {
            using ChildProcess dump = plain.Launch(Ckpt.Command("dump", "-q", "--transport", "procfs", "--pid", target.PidText, "-o", folder["a.ckpt"]));
            WaitUntilItWaits(dump.Pid);
            Assert.Equal($".a.ckpt.{dump.PidText}.tmp\n", plain.Run("ls", "-A", folder.FullName).Text);
            foreach (int signal in signals)
            {
                dump.Signal(signal);
            }

            Assert.Equal(130, dump.WaitForExit(10));
            Assert.Empty(plain.Run("ls", "-A", folder.FullName).Text);
        }
    }

    [LinuxFact("gcc", "bash", Root = true, Needs = "/dev/fuse")]
    public void Commands_without_a_file_end_at_once_and_ignored_signals_stay_ignored()
    {
        using TempFolder stalled = new();
        File.WriteAllText(stalled["file"], "");
        using ChildProcess target = Workload.Start("heldlock", stalled["file"]);
        using (ChildProcess tasks = ChildProcess.Launch(Ckpt.Command("tasks", "one", "-p", target.PidText, "--cmdline", "--transport", "procfs"), Ckpt.Variables))
        {
            WaitUntilItWaits(tasks.Pid);
            tasks.Signal(Kernel.SIGINT);
            Assert.Equal(128 + Kernel.SIGINT, tasks.WaitForExit(10));
        }

        using TempFolder folder = new();
        using ChildProcess dump = ChildProcess.Launch(
            ["bash", "-c", "trap '' HUP; exec \"$@\"", "bash", .. Ckpt.Command("dump", "-q", "--transport", "procfs", "--pid", target.PidText, "-o", folder["a"])], Ckpt.Variables);
        WaitUntilItWaits(dump.Pid);
        dump.Signal(SIGHUP);
        Assert.False(Wait.Became(() => States(dump.Pid).Count == 0, seconds: 1), "SIGHUP was to be ignored");
        dump.Signal(Kernel.SIGTERM);
        Assert.Equal(130, dump.WaitForExit(10));
    }

    private static void WaitUntilItWaits(int pid) => Wait.Until(() => States(pid).Contains('D'), "it waits for the lock");

    private static List<char> States(int pid)
    {
        try
        {
            return [.. Directory.GetDirectories($"/proc/{pid}/task").Select(task => File.ReadAllText(task + "/stat")).Select(stat => stat[stat.LastIndexOf(')') + 2])];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
