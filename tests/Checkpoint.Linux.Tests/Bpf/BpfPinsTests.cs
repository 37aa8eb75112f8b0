using System;
using System.Linq;
using System.Text.Json;
using Checkpoint.Linux.Bpf;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Bpf;

public sealed class BpfPinsTests
{
    private static readonly string OwnPid = System.Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);

    [LinuxFact("unshare", "nsenter", "bpftool", Root = true, Bpf = true)]
    public void What_is_installed_is_roots_alone_is_what_bpftool_shows_and_is_gone_after_a_removal()
    {
        using PrivateBpffs place = new();
        Assert.Equal(0, place.Status(1).GetProperty("pinned").GetArrayLength());
        Assert.Equal("missing not-installed", Findings(place));
        Assert.Empty(place.Program("bpf", "install").Expect(0).Stdout);
        string folder = place.Content.Single(line => line.Contains('-', StringComparison.Ordinal) && line.StartsWith("700 ", StringComparison.Ordinal)).Split(' ')[^1];
        Assert.Equal([$"600 root {folder}/program", $"600 root {folder}/slots", "700 root ckpt", $"700 root {folder}"], place.Content.Order(StringComparer.Ordinal));

        JsonElement status = place.Status(0);
        JsonElement pinned = status.GetProperty("pinned").EnumerateArray().Single();
        Assert.Equal("usable", pinned.GetProperty("status").GetString());
        Assert.Equal("ok", Findings(place));
        JsonElement program = place.Run("bpftool", "-j", "prog", "show", "pinned", $"/sys/fs/bpf/{folder}/program").Expect(0).Json;
        JsonElement map = place.Run("bpftool", "-j", "map", "show", "pinned", $"/sys/fs/bpf/{folder}/slots").Expect(0).Json;
        Assert.Equal(("syscall", "array"), (program.GetProperty("type").GetString(), map.GetProperty("type").GetString()));
        Assert.Equal(
            (program.GetProperty("id").GetUInt32(), map.GetProperty("id").GetUInt32(), map.GetProperty("max_entries").GetInt32()),
            (pinned.GetProperty("program_id").GetUInt32(), pinned.GetProperty("map_id").GetUInt32(), pinned.GetProperty("slots").GetInt32()));
        Assert.Contains(map.GetProperty("id").GetUInt32(), program.GetProperty("map_ids").EnumerateArray().Select(id => id.GetUInt32()));

        place.Program("bpf", "remove").Expect(0);
        Assert.Empty(place.Content);
        Assert.Equal("nothing was pinned\n", place.Program("bpf", "remove").Expect(0).Stderr);
        Assert.NotEqual(0, Tool.Run(["bpftool", "prog", "show", "id", program.GetProperty("id").GetRawText()]).ExitCode);
    }

    [LinuxFact("unshare", "nsenter", "strace", Root = true, Bpf = true)]
    public void With_pinned_programs_a_run_takes_BPF_for_a_single_process_and_loads_nothing()
    {
        using PrivateBpffs place = new();
        using TempFolder folder = new();
        using ChildProcess target = ChildProcess.Launch(["sleep", "600"]);
        string[] dump = [.. Ckpt.Command("dump", "-v", "--force", "-p", target.PidText, "-o", folder["a.ckpt"])];
        Assert.Contains("transport: procfs: no programs are pinned", place.Run(dump).Expect(0).Stderr, StringComparison.Ordinal);
        place.Program("bpf", "install").Expect(0);
        RunResult run = place.Run(["strace", "-f", "-qq", "-e", "trace=bpf", "-o", folder["calls"], .. dump]).Expect(0);
        Assert.Contains("(bpf)\ntransport: bpf: the programs are pinned\n", run.Stderr, StringComparison.Ordinal);
        string calls = System.IO.File.ReadAllText(folder["calls"]);
        Assert.Contains("BPF_OBJ_GET", calls, StringComparison.Ordinal);
        Assert.DoesNotContain("BPF_PROG_LOAD", calls, StringComparison.Ordinal);
        Assert.DoesNotContain("BPF_MAP_CREATE", calls, StringComparison.Ordinal);
        Ckpt.Run("validate", folder["a.ckpt"]).Expect(0);
    }

    [LinuxFact("unshare", "nsenter", Root = true, Bpf = true)]
    public void Another_builds_programs_are_not_used_and_an_installation_replaces_them()
    {
        using PrivateBpffs place = new();
        using TempFolder folder = new();
        place.Program("bpf", "install").Expect(0);
        place.Run("sh", "-c", "mv /sys/fs/bpf/ckpt/* /sys/fs/bpf/ckpt/9_9_9-00112233445566ff").Expect(0);
        JsonElement stale = place.Status(1).GetProperty("pinned").EnumerateArray().Single();
        Assert.Equal(("9.9.9", "00112233445566ff", "stale"), (stale.GetProperty("version").GetString(), stale.GetProperty("digest").GetString(), stale.GetProperty("status").GetString()));
        Assert.Equal("missing other-build", Findings(place));
        string told = place.Program("dump", "-v", "--transport", "bpf", "-p", OwnPid, "--no-children", "-o", folder["a.ckpt"]).Expect(0).Stderr;
        Assert.Contains("transport: bpf: asked for; the pinned programs are another build's, so they were loaded\n", told, StringComparison.Ordinal);
        place.Program("bpf", "install").Expect(0);
        Assert.Equal(BpfPins.OwnDigest, place.Status(0).GetProperty("pinned").EnumerateArray().Single().GetProperty("digest").GetString());
    }

    [LinuxFact("unshare", "nsenter", Root = true, Bpf = true)]
    public void An_installation_killed_at_any_moment_leaves_all_or_nothing_that_is_used()
    {
        using PrivateBpffs place = new();
        long began = System.Environment.TickCount64;
        place.Program("bpf", "install").Expect(0);
        long whole = System.Environment.TickCount64 - began;
        int killed = 0;
        for (int attempt = 0; attempt < 4 || (killed == 0 && attempt < 40); attempt++)
        {
            place.Program("bpf", "remove").Expect(0);
            using ChildProcess install = place.Launch(Ckpt.Command("bpf", "install", "-q"));
            Wait.Pass((int)(whole * (0.2 + (0.23 * (attempt % 4)))));
            install.Signal(Kernel.SIGKILL);
            bool inTime = install.WaitForExit() == 128 + Kernel.SIGKILL;
            killed += inTime ? 1 : 0;
            whole = inTime ? whole : whole * 4 / 5; // the first may have been slow: a busy machine's speed changes
            AssertAllOrNothing(place);
        }

        Assert.True(killed > 0);

        // The states between are short: each is made by hand too.
        place.Program("bpf", "install").Expect(0);
        foreach (string step in (string[])["mv ckpt/0* ckpt/unfinished", "rm ckpt/unfinished/program", "rm ckpt/unfinished/slots", "rmdir ckpt/unfinished"])
        {
            place.Run("sh", "-c", "cd /sys/fs/bpf && " + step).Expect(0);
            Assert.False(place.Status(1).GetProperty("usable").GetBoolean());
        }

        place.Program("bpf", "install").Expect(0);
        foreach (string name in (string[])["program", "slots"])
        {
            place.Run("sh", "-c", $"rm /sys/fs/bpf/ckpt/0*/{name}").Expect(0);
            Assert.Equal("incomplete", place.Status(1).GetProperty("pinned").EnumerateArray().Single().GetProperty("status").GetString());
            place.Program("bpf", "install").Expect(0);
            Assert.True(place.Status(0).GetProperty("usable").GetBoolean());
        }
    }

    [LinuxFact("unshare", "nsenter", "setpriv", Root = true, Bpf = true)]
    public void What_others_have_put_there_is_neither_followed_nor_used_nor_removed()
    {
        using PrivateBpffs place = new();
        using TempFolder precious = new();
        System.IO.File.WriteAllText(precious["file"], "kept");
        System.IO.File.SetUnixFileMode(precious.FullName, System.IO.UnixFileMode.UserRead | System.IO.UnixFileMode.UserWrite | System.IO.UnixFileMode.UserExecute);
        place.Run("ln", "-s", precious.FullName, BpfPins.Folder).Expect(0);
        foreach (string action in (string[])["install", "status", "remove"])
        {
            place.Program("bpf", action).ExpectOneLine(5, BpfPins.Folder, "not a directory");
        }

        Assert.Equal(["file"], precious.Names);
        place.Run("rm", BpfPins.Folder).Expect(0);
        place.Run([.. User.Nobody, "mkdir", "-m", "700", BpfPins.Folder]).Expect(0);
        foreach (string action in (string[])["install", "status", "remove"])
        {
            place.Program("bpf", action).ExpectOneLine(5, BpfPins.Folder, "not root's alone");
        }

        Assert.Equal(["700 nobody ckpt"], place.Content);
    }

    [LinuxFact("unshare", "nsenter", "setpriv", Root = true, Bpf = true)]
    public void Who_may_not_and_where_there_is_no_BPF_file_system_it_is_one_line_and_exit_5()
    {
        using PrivateBpffs place = new();
        place.Run([.. User.Nobody, .. Ckpt.Command("bpf", "install")]).ExpectOneLine(5, "CAP_BPF is missing", "try as root");
        place.Run(["setpriv", "--bounding-set", "-sys_ptrace", .. Ckpt.Command("bpf", "install")]).ExpectOneLine(5, "CAP_SYS_PTRACE is missing");
        Assert.Empty(place.Content);
        place.Run([.. User.Nobody, .. Ckpt.Command("bpf", "status")]).Expect(1);
        place.Run([.. User.Nobody, .. Ckpt.Command("bpf", "remove")]).Expect(0);
        place.Program("bpf", "install").Expect(0);
        foreach (string action in (string[])["status", "remove"])
        {
            place.Run([.. User.Nobody, .. Ckpt.Command("bpf", action)]).ExpectOneLine(5, BpfPins.Folder, "permission denied", "try as root");
        }

        Assert.True(place.Status(0).GetProperty("usable").GetBoolean());
        place.Run("sh", "-c", "while umount /sys/fs/bpf 2> /dev/null; do :; done").Expect(0);
        foreach (string action in (string[])["install", "status"])
        {
            place.Program("bpf", action).ExpectOneLine(5, "/sys/fs/bpf", "mount -t bpf bpf /sys/fs/bpf");
        }

        place.Program("bpf", "remove").Expect(0);
    }

    [LinuxFact("unshare", "nsenter", "taskset", "flock", "gcc", Root = true, Bpf = true)]
    public void Slots_are_one_process_at_a_times_and_more_cores_than_slots_share_them()
    {
        using PrivateBpffs place = new();
        using TempFolder folder = new();
        using ChildProcess tree = Workload.Start("tree", "4", "200");
        place.Run(["taskset", "-c", "0", .. Ckpt.Command("bpf", "install")]).Expect(0);
        Assert.Equal(1, place.Status(0).GetProperty("pinned")[0].GetProperty("slots").GetInt32());
        string[] dump = [.. Ckpt.Command("dump", "-v", "--force", "--transport", "bpf", "-p", tree.PidText, "-o", folder["a.ckpt"])];
        Assert.Contains("transport: bpf: asked for; the programs are pinned\n", place.Run(dump).Expect(0).Stderr, StringComparison.Ordinal);
        Assert.Equal(200, Ckpt.Run("inspect", "--json", folder["a.ckpt"]).Expect(0).Json.GetProperty("processes").GetArrayLength());

        string held = "cd /sys/fs/bpf/ckpt/0* && exec flock --exclusive . \"$@\"";
        Assert.Contains("the pinned programs are in use, so they were loaded\n", place.Run(["sh", "-c", held, "sh", .. dump]).Expect(0).Stderr, StringComparison.Ordinal);
    }

    private static void AssertAllOrNothing(PrivateBpffs place)
    {
        RunResult result = place.Program("bpf", "status", "--json");
        bool usable = result.Json.GetProperty("usable").GetBoolean();
        Assert.Equal(usable ? 0 : 1, result.ExitCode);
        Assert.DoesNotContain(result.Json.GetProperty("pinned").EnumerateArray(), one => one.GetProperty("status").GetString() == "incomplete" && one.GetProperty("version").ValueKind == JsonValueKind.String);
    }

    private static string Findings(PrivateBpffs place) => Checks.Findings.Under(place.Prefix, "bpf-pinned")["bpf-pinned"];
}
