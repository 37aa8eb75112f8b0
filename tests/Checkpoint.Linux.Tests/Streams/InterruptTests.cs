using System;
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
            Wait.Until(
                () =>
                {
                    using ChildProcess dump = plain.Launch(Ckpt.Command("dump", "-q", "--transport", "procfs", "--pid", target.PidText, "-o", folder["a.ckpt"]));
                    bool waited = Wait.Became(() => States(dump.Pid).Contains('D'), seconds: 20);
                    bool wasThere = plain.Run("ls", "-A", folder.FullName).Text == $".a.ckpt.{dump.PidText}.tmp\n";
                    Array.ForEach(signals, dump.Signal);
                    int code = dump.WaitForExit(10);
                    string left = plain.Run("ls", "-A", folder.FullName).Text;
                    Assert.True(code == 130 ? left.Length == 0 : (code, left) == (7, "a.ckpt\n"), $"{code}: {left}");
                    File.Delete(folder["a.ckpt"]);
                    return waited && wasThere && code == 130; // else the lock's deadline was faster: once more
                },
                "interrupted while it waits");
        }
    }

    [LinuxFact("gcc", "bash", Root = true, Needs = "/dev/fuse")]
    public void Commands_without_a_file_end_at_once_and_ignored_signals_stay_ignored()
    {
        using TempFolder stalled = new();
        File.WriteAllText(stalled["file"], "");
        using ChildProcess target = Workload.Start("heldlock", stalled["file"]);
        Wait.Until(
            () =>
            {
                using ChildProcess tasks = ChildProcess.Launch(Ckpt.Command("tasks", "one", "-p", target.PidText, "--cmdline", "--transport", "procfs"), Ckpt.Variables);
                return Ended(tasks, [Kernel.SIGINT]) == 128 + Kernel.SIGINT; // else the lock's deadline was faster: once more
            },
            "tasks is interrupted while it waits");
        using TempFolder folder = new();
        using ChildProcess dump = ChildProcess.Launch(
            ["bash", "-c", "trap '' HUP; exec \"$@\"", "bash", .. Ckpt.Command("dump", "-q", "--transport", "procfs", "--pid", target.PidText, "-o", folder["a"])], Ckpt.Variables);
        Assert.Equal(7, Ended(dump, [SIGHUP])); // it went on to its end
    }

    private static int Ended(ChildProcess program, int[] signals)
    {
        _ = Wait.Became(() => States(program.Pid).Contains('D'), seconds: 20);
        Array.ForEach(signals, program.Signal);
        return program.WaitForExit(10);
    }

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
