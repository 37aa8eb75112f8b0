using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Cli;

public sealed class OrdinaryUserTests
{
    private const int EACCES = 13;

    [LinuxFact("gcc", "setpriv", Oracle.Python, Root = true)]
    public void An_ordinary_user_captures_its_own_processes_in_full()
    {
        using TempFolder folder = new(writableByAll: true);
        using ChildProcess tree = Workload.StartAsNobody("tree", "3", "20");
        Ckpt.RunAsNobody("dump", "-q", "--env", "--pid", tree.PidText, "-o", folder["own.ckpt"]).Expect(0);
        RunResult asRoot = Ckpt.Run("dump", "-q", "--env", "--pid", tree.PidText, "-o", folder["root.ckpt"]);
        asRoot.Expect(0);
        JsonElement own = Ckpt.RunAsNobody("inspect", folder["own.ckpt"], "--json").Expect(0).Json;
        JsonElement root = Ckpt.Run("inspect", folder["root.ckpt"], "--json").Expect(0).Json;
        Assert.Equal(0, own.GetProperty("gaps").GetArrayLength());
        Assert.Equal(User.NobodyId, own.GetProperty("capture").GetProperty("uid").GetUInt32());
        foreach (string table in (string[])["processes", "threads", "credentials", "spaces"])
        {
            Assert.True(JsonElement.DeepEquals(root.GetProperty(table), own.GetProperty(table)), table);
        }
    }

    [LinuxFact("gcc", "setpriv", Root = true)]
    public void An_image_can_be_read_by_its_owner_alone()
    {
        using TempFolder folder = new(writableByAll: true);
        using ChildProcess tree = Workload.StartAsNobody("tree", "1", "1");
        Tool.Run(["sh", "-c", "umask 0; exec \"$@\"", "sh", .. User.Nobody, .. Ckpt.Command("dump", "-q", "--pid", tree.PidText, "-o", folder["a.ckpt"])], Ckpt.Variables).Expect(0);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["a.ckpt"]));
        Assert.Equal("65534\n", Tool.Output("stat", "-c", "%u", folder["a.ckpt"]));
    }

    [LinuxFact("gcc", "setpriv", Oracle.Python, Root = true)]
    public void Of_someone_elses_process_what_proc_shows_is_captured_and_the_rest_are_gaps()
    {
        using TempFolder folder = new(writableByAll: true);
        using ChildProcess threads = Workload.Start("threads");
        RunResult dump = Ckpt.RunAsNobody("dump", "--env", "--pid", threads.PidText, "-o", folder["a.ckpt"]);
        dump.Expect(7);
        Assert.Contains("EACCES", dump.Stderr, System.StringComparison.Ordinal);
        JsonElement image = Ckpt.RunAsNobody("inspect", folder["a.ckpt"], "--json").Expect(0).Json;
        AssertHidden(image, threads.Pid, ["cwd", "environ", "exe", "maps", "ns", "root"]);

        // Everything that needs no permission is there and right.
        JsonElement expected = Oracle.Read(threads.Pid);
        JsonElement process = image.GetProperty("processes")[0];
        JsonElement known = expected.GetProperty("processes").EnumerateObject().Single().Value;
        foreach (string field in (string[])["pid", "ppid", "pgid", "sid", "comm", "cmdline", "thread_count", "start_time_ticks", "signals", "umask", "nice", "priority", "ns_pids"])
        {
            Assert.True(JsonElement.DeepEquals(known.GetProperty(field), process.GetProperty(field)), $"{field}: {process.GetProperty(field)} instead of {known.GetProperty(field)}");
        }

        Assert.Equal(known.GetProperty("memory").GetProperty("vm_size").GetUInt64(), process.GetProperty("memory").GetProperty("vm_size").GetUInt64());
        Assert.Equal(8, image.GetProperty("threads").GetArrayLength());
        Assert.All(image.GetProperty("threads").EnumerateArray(), thread => Assert.Equal(JsonValueKind.Number, thread.GetProperty("credentials").ValueKind));
        Assert.Equal(4, image.GetProperty("credentials").GetArrayLength());
    }

    [LinuxFact("gcc", "setpriv", Root = true)]
    public void Gaps_can_be_declared_acceptable()
    {
        using TempFolder folder = new(writableByAll: true);
        using ChildProcess threads = Workload.Start("threads");
        Ckpt.RunAsNobody("dump", "--allow-partial", "--pid", threads.PidText, "-o", folder["a.ckpt"]).Expect(0);
        JsonElement summary = Ckpt.RunAsNobody("dump", "--json", "--pid", threads.PidText, "-o", folder["b.ckpt"]).Expect(7).Json;
        Assert.Equal("ckpt.dump/1", summary.GetProperty("schema").GetString());
        Assert.All(summary.GetProperty("gaps").EnumerateArray(), gap => Assert.Equal(EACCES, gap.GetProperty("errno").GetInt32()));
    }

    [LinuxFact("gcc", "setpriv", Root = true)]
    public void Text_maps_meet_the_same_refusal()
    {
        using TempFolder folder = new(writableByAll: true);
        using ChildProcess tree = Workload.Start("tree", "1", "1");
        Ckpt.RunAsNobody("dump", "-q", "--text-maps", "--pid", tree.PidText, "-o", folder["a.ckpt"]).Expect(7);
        AssertHidden(Ckpt.RunAsNobody("inspect", folder["a.ckpt"], "--json").Expect(0).Json, tree.Pid, ["cwd", "exe", "maps", "ns", "root"]);
    }

    [LinuxFact(Root = true, HiddenPid1 = true)]
    public void Root_meets_the_same_at_a_pid_1_that_refuses_even_root()
    {
        using TempFolder folder = new();
        Ckpt.Run("dump", "-q", "--no-children", "--pid", "1", "-o", folder["a.ckpt"]).Expect(7);
        JsonElement image = Ckpt.Run("inspect", folder["a.ckpt"], "--json").Expect(0).Json;
        AssertHidden(image, 1, ["cwd", "exe", "maps", "ns", "root"]);
        Assert.NotEmpty(image.GetProperty("processes")[0].GetProperty("comm").ToString());
    }

    private static void AssertHidden(JsonElement image, int pid, string[] parts)
    {
        List<string> gaps = image.GetProperty("gaps").EnumerateArray().Select(gap => $"{gap.GetProperty("pid")} {gap.GetProperty("part")} {gap.GetProperty("errno")} {gap.GetProperty("error")}").Order(System.StringComparer.Ordinal).ToList();
        Assert.Equal(parts.Select(part => $"{pid} {part} {EACCES} EACCES"), gaps);
        JsonElement process = image.GetProperty("processes").EnumerateArray().Single(row => row.GetProperty("pid").GetInt32() == pid);
        foreach (string field in (string[])["cwd", "exe", "space", "namespaces", "root", "layout"])
        {
            Assert.Equal(JsonValueKind.Null, process.GetProperty(field).ValueKind);
        }
    }
}
