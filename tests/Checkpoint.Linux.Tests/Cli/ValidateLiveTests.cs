using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Checkpoint.Imaging;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Linux.Tests.Cli;

public sealed class ValidateLiveTests
{
    [LinuxFact("gcc")]
    public void Against_the_live_system_it_tells_which_processes_run_and_which_are_gone()
    {
        using TempFolder folder = new();
        string image = folder["tree.ckpt"];
        JsonElement dumped;
        using (ChildProcess tree = Workload.Start("tree", "2", "5"))
        {
            dumped = Ckpt.DumpAndInspect(tree.PidText, image);
            JsonElement running = File(image);
            Assert.True(running.GetProperty("live").GetProperty("same_boot").GetBoolean());
            Assert.Equal(Pids(dumped), running.GetProperty("live").GetProperty("running").EnumerateArray().Select(pid => pid.GetInt32()));
            Assert.Empty(running.GetProperty("findings").EnumerateArray());
        }

        JsonElement gone = File(image);
        Assert.Empty(gone.GetProperty("live").GetProperty("running").EnumerateArray());
        Assert.Equal(Pids(dumped), Gone(gone));
    }

    [LinuxFact("gcc")]
    public void A_zombie_runs_no_longer_but_a_process_whose_threads_outlive_their_leader_does()
    {
        using TempFolder folder = new();
        using ChildProcess zombies = Workload.Start("zombie");
        JsonElement[] dumped = [.. Ckpt.DumpAndInspect(zombies.PidText, folder["zombie.ckpt"]).GetProperty("processes").EnumerateArray()];
        JsonElement file = File(folder["zombie.ckpt"]);
        IEnumerable<int> exited = dumped.Where(process => IsZombie(process) && process.GetProperty("thread_count").GetInt32() == 1).Select(Pid);
        Assert.Contains(dumped, process => IsZombie(process) && process.GetProperty("thread_count").GetInt32() > 1);
        Assert.Equal(Assert.Single(exited), Assert.Single(Gone(file)));
        Assert.Equal(dumped.Select(Pid).Except(exited), file.GetProperty("live").GetProperty("running").EnumerateArray().Select(pid => pid.GetInt32()));
    }

    [LinuxFact("gcc")]
    public void A_pid_with_another_start_time_is_another_process_and_in_another_boot_nothing_is_compared()
    {
        using TempFolder folder = new();
        using ChildProcess tree = Workload.Start("tree", "1", "1");
        ProcessTree captured = Collector.Collect(new CollectOptions { Pid = tree.Pid });
        ProcessEntry only = captured.Processes[0];
        ThreadEntry earlier = only.Leader with { StartTimeTicks = only.Leader.StartTimeTicks - 1 };
        Write(folder["earlier.ckpt"], captured with { Processes = [only with { Threads = [earlier] }] });
        Assert.Equal(["live.replaced"], RulesOf(File(folder["earlier.ckpt"])));

        ByteString boot = ByteString.FromUtf8("00000000-0000-4000-8000-000000000000");
        Write(folder["boot.ckpt"], captured with { Capture = captured.Capture with { BootId = boot } });
        JsonElement other = File(folder["boot.ckpt"]);
        Assert.Equal(["live.other-boot"], RulesOf(other));
        Assert.False(other.GetProperty("live").GetProperty("same_boot").GetBoolean());
    }

    private static JsonElement File(string image) =>
        Ckpt.Run("validate", image, "--against-live", "--json").Expect(0).Json.GetProperty("files")[0];

    private static IEnumerable<int> Pids(JsonElement image) => image.GetProperty("processes").EnumerateArray().Select(Pid);

    private static int Pid(JsonElement item) => item.GetProperty("pid").GetInt32();

    private static bool IsZombie(JsonElement process) => process.GetProperty("state").GetString() == "zombie";

    private static IEnumerable<int> Gone(JsonElement file) =>
        file.GetProperty("findings").EnumerateArray().Where(finding => finding.GetProperty("rule").GetString() == "live.gone").Select(Pid);

    private static IEnumerable<string> RulesOf(JsonElement file) =>
        file.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("rule").GetString()!);

    private static void Write(string path, ProcessTree tree)
    {
        using FileStream output = new(path, FileMode.Create);
        ImageWriter.Write(output, tree);
    }
}
