using System.Linq;
using System.Text.Json;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.RealTrees;

public sealed class WorkloadTreeTests
{
    [LinuxFact("gcc", Oracle.Python, Root = true)]
    public void A_tree_of_1000_processes_is_captured_as_proc_shows_it()
    {
        using ChildProcess tree = Workload.Start("tree", "4", "1000");
        JsonElement image = ImageComparison.AssertSame(tree.Pid);
        Assert.Equal(1000, image.GetProperty("processes").GetArrayLength());
        Assert.True(image.GetProperty("capture").GetProperty("stable").GetBoolean());
    }

    [LinuxFact("gcc", Oracle.Python, Root = true)]
    public void A_deep_chain_of_processes_is_followed_to_its_end()
    {
        using ChildProcess chain = Workload.Start("tree", "1", "120");
        Assert.Equal(120, ImageComparison.AssertSame(chain.Pid).GetProperty("processes").GetArrayLength());
    }

    [LinuxFact("gcc", Oracle.Python, Root = true)]
    public void Without_children_only_the_process_itself_is_captured()
    {
        using ChildProcess tree = Workload.Start("tree", "3", "10");
        JsonElement image = ImageComparison.AssertSame(tree.Pid, "--no-children");
        Assert.Equal(1, image.GetProperty("processes").GetArrayLength());
        Assert.False(image.GetProperty("capture").GetProperty("with_children").GetBoolean());
    }

    [LinuxFact("gcc", Oracle.Python, Root = true)]
    public void A_process_of_60000_VMAs_is_captured_as_proc_shows_it()
    {
        using ChildProcess many = Workload.Start("manyvmas", "60000");
        JsonElement image = ImageComparison.AssertSame(many.Pid);
        Assert.True(image.GetProperty("spaces")[0].GetProperty("vmas").GetArrayLength() > 60000);
    }

    [LinuxFact("gcc", Oracle.Python, Root = true)]
    public void Text_maps_and_PROCMAP_QUERY_give_the_same_list_for_60000_VMAs()
    {
        using ChildProcess many = Workload.Start("manyvmas", "60000");
        JsonElement text = ImageComparison.AssertSame(many.Pid, "--text-maps");
        Assert.Equal("maps", text.GetProperty("capture").GetProperty("vma_source").GetString());
    }

    [LinuxFact("gcc", Oracle.Python, Root = true)]
    public void Threads_with_names_priorities_masks_and_credentials_of_their_own_are_told_apart()
    {
        using ChildProcess threads = Workload.Start("threads");
        JsonElement image = ImageComparison.AssertSame(threads.Pid);
        Assert.Equal(8, image.GetProperty("threads").GetArrayLength());
        JsonElement last = image.GetProperty("threads").EnumerateArray().Single(thread => thread.GetProperty("comm").GetString() == "worker-7");
        JsonElement credentials = image.GetProperty("credentials")[last.GetProperty("credentials").GetInt32()];
        Assert.Equal(7001u, credentials.GetProperty("uid").GetProperty("effective").GetUInt32());
        Assert.Equal(["cap_mac_admin", "cap_setuid"], credentials.GetProperty("cap_effective").EnumerateArray().Select(name => name.GetString()!));
    }

    [LinuxFact("gcc", Oracle.Python, Root = true)]
    public void A_zombie_and_a_process_whose_leader_has_exited_are_captured_as_proc_shows_them()
    {
        using ChildProcess zombie = Workload.Start("zombie");
        using TempFolder folder = new();
        JsonElement image = Ckpt.DumpAndInspect(zombie.PidText, folder["a.ckpt"]);
        JsonElement[] processes = image.GetProperty("processes").EnumerateArray().ToArray();
        Assert.Equal(3, processes.Length);
        JsonElement dead = processes.Single(process => process.GetProperty("exit_code").GetInt32() == 42 << 8);
        Assert.Equal("zombie", dead.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, dead.GetProperty("space").ValueKind);
        Assert.Equal(JsonValueKind.Null, dead.GetProperty("memory").ValueKind);

        JsonElement headless = processes.Single(process => process.GetProperty("comm").GetString() == "headless");
        int pid = headless.GetProperty("pid").GetInt32();
        Assert.Equal("zombie", headless.GetProperty("state").GetString());
        JsonElement survivor = image.GetProperty("threads").EnumerateArray().Single(thread => thread.GetProperty("comm").GetString() == "survivor");
        Assert.Equal(pid, survivor.GetProperty("pid").GetInt32());
        Assert.Equal("sleeping", survivor.GetProperty("state").GetString());

        // Its memory is alive and readable below the surviving thread alone.
        JsonElement expected = Oracle.Read(survivor.GetProperty("tid").GetInt32(), children: false).GetProperty("vmas").EnumerateObject().Single().Value;
        JsonElement space = headless.GetProperty("space");
        Assert.Equal(JsonValueKind.Number, space.ValueKind);
        Assert.All(
            expected.EnumerateArray().Zip(image.GetProperty("spaces")[space.GetInt32()].GetProperty("vmas").EnumerateArray()),
            pair => Assert.True(ImageComparison.SameVma(pair.Second, pair.First)));
        Assert.Equal(0, image.GetProperty("gaps").GetArrayLength());
    }

    [LinuxFact("gcc", Oracle.Python, Root = true)]
    public void Processes_in_nested_pid_namespaces_have_their_id_in_each()
    {
        using ChildProcess nested = Workload.Start("deepns");
        JsonElement image = ImageComparison.AssertSame(nested.Pid);
        Assert.Equal([1, 2, 3], image.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("ns_pids").GetArrayLength()));
    }

    [LinuxFact("gcc", Oracle.Python, Root = true)]
    public void A_tree_can_be_dumped_by_the_id_of_any_of_its_threads()
    {
        using ChildProcess threads = Workload.Start("threads");
        using TempFolder folder = new();
        string tid = Oracle.Read(threads.Pid).GetProperty("threads").EnumerateObject().Last().Name;
        JsonElement image = Ckpt.DumpAndInspect(tid, folder["a.ckpt"]);
        Assert.Equal(threads.Pid, image.GetProperty("capture").GetProperty("root_pid").GetInt32());
        Assert.Equal(8, image.GetProperty("threads").GetArrayLength());
    }
}
