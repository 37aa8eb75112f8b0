using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Checkpoint.Linux.Bpf;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Bpf;

/// <summary>A run that did not install leaves nothing in the kernel, however it ends.</summary>
public sealed class BpfRemainsTests
{
    [LinuxFact("bpftool", "gcc", Root = true, Bpf = true)]
    public void Nothing_stays_loaded_or_pinned_after_runs_that_end_or_are_killed()
    {
        using TempFolder folder = new();
        using ChildProcess tree = Workload.Start("tree", "4", "400");
        bool pinned = Path.Exists(BpfPins.Folder);
        HashSet<string> before = Loaded();
        string[] dump = ["dump", "-q", "--force", "--transport", "bpf", "-p", tree.PidText, "-o", folder["a.ckpt"]];
        Ckpt.Run(dump).Expect(0);
        Ckpt.Run("tasks", "all", "--transport", "bpf").Expect(0);
        Ckpt.Run("tasks", "one", "-p", "4194304", "--transport", "bpf").ExpectOneLine(4, "4194304");
        int killed = 0;
        for (int i = 0; i < 5; i++)
        {
            using ChildProcess run = ChildProcess.Launch(Ckpt.Command(dump), Ckpt.Variables);
            SpinWait.SpinUntil(() => MapsSlots(run.Pid), TimeSpan.FromSeconds(5));
            Wait.Pass(i * 5);
            run.Signal(Kernel.SIGKILL);
            killed += run.WaitForExit() == 128 + Kernel.SIGKILL ? 1 : 0;
        }

        Assert.True(killed > 1, $"only {killed} of 5 were killed in time");
        AssertGone(before);
        Assert.Equal(pinned, Path.Exists(BpfPins.Folder));
        Assert.Equal("0", ProcFile.Status(tree.Pid, "TracerPid"));
    }

    /// <summary>Others' come and go meanwhile, under numbers that are never used again: of what is there now, all must go.</summary>
    private static void AssertGone(HashSet<string> before)
    {
        HashSet<string> rest = Loaded();
        rest.ExceptWith(before);
        bool AreGone()
        {
            rest.IntersectWith(Loaded());
            return rest.Count == 0;
        }

        Assert.True(Wait.Became(AreGone), "still loaded: " + string.Join(", ", rest));
    }

    private static HashSet<string> Loaded() => [.. ((string[])["prog", "map"]).SelectMany(kind =>
        Tool.Run(["bpftool", "-j", kind, "list"]).Json.EnumerateArray().Select(item => $"{kind} {item.GetProperty("id")}"))];

    private static bool MapsSlots(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/maps").Contains("bpf-map", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }
}
