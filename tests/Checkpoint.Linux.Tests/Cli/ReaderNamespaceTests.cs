using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Cli;

/// <summary>Captures from within namespaces: numbers that mean something else there are refused, undone, or not compared.</summary>
public sealed class ReaderNamespaceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static RunResult RunIn(string[] prefix, params string[] args) => Tool.Run([.. prefix, .. Ckpt.Command(args)], Ckpt.Variables);

    private static JsonElement Inspect(string image) => Ckpt.Run("inspect", image, "--json").Expect(0).Json;

    private static JsonElement Diff(string old, string @new)
    {
        RunResult result = Ckpt.Run("diff", old, @new, "--json");
        Assert.True(result.ExitCode is 0 or 1, result.Stderr);
        return result.Json;
    }

    private static IEnumerable<string> Notes(JsonElement diff) =>
        diff.TryGetProperty("notes", out JsonElement notes) ? notes.EnumerateArray().Select(note => note.GetString()!) : [];

    [LinuxFact("gcc", "unshare", Root = true)]
    public void A_proc_of_another_pid_namespace_is_refused_by_every_command_with_what_to_do()
    {
        using ChildProcess child = Workload.Start("threads");
        string before = _folder["before"];
        Ckpt.Run("dump", "-q", "-p", child.PidText, "-o", before).Expect(0);
        string output = _folder["image"];
        string[][] commands =
        [
            ["dump", "-p", "1", "-o", output, "--transport", "procfs"], ["dump", "-p", "1", "-o", output, "--transport", "bpf"],
            ["dump", "-p", child.PidText, "-o", output], ["tasks", "all"], ["validate", "--against-live", before], ["diff", "--live", before],
        ];
        foreach (string[] command in commands)
        {
            RunResult result = RunIn(["unshare", "--pid", "--fork"], command);
            Assert.True(result.ExitCode == 5, $"{string.Join(' ', command)}: {result.ExitCode} {result.Stderr}");
            Assert.Contains("another pid namespace", result.Stderr, StringComparison.Ordinal);
            Assert.Contains("unshare --mount-proc", result.Stderr, StringComparison.Ordinal);
        }

        Assert.Equal(["before"], _folder.Names);
        RunIn(["unshare", "--pid", "--fork", "--mount-proc"], "dump", "-q", "-p", "1", "-o", output).Expect(0);
        Assert.Equal("ckpt", Inspect(output).GetProperty("processes")[0].GetProperty("comm").GetString());
    }

    [LinuxFact("unshare", Root = true)]
    public void A_proc_without_the_boot_id_is_refused_before_the_work()
    {
        RunResult result = RunIn(
            ["unshare", "--mount", "sh", "-c", "mount -t proc -o subset=pid proc /proc && exec \"$@\"", "sh"], "dump", "-p", "1", "-o", _folder["image"]);
        result.Expect(5);
        Assert.Contains("without subset=pid", result.Stderr, StringComparison.Ordinal);
        Assert.Empty(_folder.Names);
    }

    [LinuxFact("gcc", "unshare", Root = true, Needs = "/proc/self/timens_offsets")]
    public void Start_times_are_the_machines_also_from_within_a_time_namespace()
    {
        using ChildProcess child = Workload.Start("threads");
        (string outside, string inside) = (_folder["outside"], _folder["inside"]);
        string[] ahead = ["unshare", "--time", "--boottime", "1000000"];
        Ckpt.Run("dump", "-q", "-p", child.PidText, "-o", outside).Expect(0);
        RunIn(ahead, "dump", "-q", "-p", child.PidText, "-o", inside).Expect(0);
        (JsonElement there, JsonElement here) = (Inspect(inside), Inspect(outside));
        ulong started = ulong.Parse(File.ReadAllText($"/proc/{child.Pid}/stat").Split(')')[^1].Split(' ')[20], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(started, there.GetProperty("processes")[0].GetProperty("start_time_ticks").GetUInt64());
        Assert.Equal(1_000_000_000_000_000, there.GetProperty("capture").GetProperty("reader").GetProperty("boot_clock_offset_ns").GetInt64());
        Assert.Equal(0, here.GetProperty("capture").GetProperty("reader").GetProperty("boot_clock_offset_ns").GetInt64());
        Assert.InRange(there.GetProperty("capture").GetProperty("boot_time_ns").GetInt64() - here.GetProperty("capture").GetProperty("boot_time_ns").GetInt64(), 0, 100_000_000_000);
        Assert.Equal("identity", Diff(outside, inside).GetProperty("match").GetString());
        RunResult live = RunIn(ahead, "validate", "--against-live", "--json", outside);
        Assert.Equal([child.Pid], live.Json.GetProperty("files")[0].GetProperty("live").GetProperty("running").EnumerateArray().Select(pid => pid.GetInt32()));
    }

    [LinuxFact("unshare", "setpriv", "sleep", Root = true)]
    public void Ids_seen_in_a_user_namespace_are_not_compared_with_those_seen_outside_and_the_diff_says_why()
    {
        using ChildProcess child = ChildProcess.Launch(["setpriv", "--reuid", "1234", "--regid", "1234", "--groups", "1235", "sleep", "600"]);
        Wait(() => File.ReadAllText($"/proc/{child.Pid}/comm") == "sleep\n");
        (string outside, string inside) = (_folder["outside"], _folder["inside"]);
        Ckpt.Run("dump", "-q", "-p", child.PidText, "-o", outside).Expect(0);
        RunIn(["unshare", "--user", "--map-root-user"], "dump", "-q", "--allow-partial", "-p", child.PidText, "-o", inside).Expect(0);
        Assert.Equal("0 0 1", Inspect(inside).GetProperty("capture").GetProperty("reader").GetProperty("uid_map").GetString());
        JsonElement diff = Diff(inside, outside);
        Assert.DoesNotContain(diff.GetProperty("changes").EnumerateArray(), change => change.GetProperty("path").GetString() is string path
            && (path.Contains("/uid_", StringComparison.Ordinal) || path.Contains("/gid_", StringComparison.Ordinal) || path.EndsWith("/groups", StringComparison.Ordinal)));
        Assert.Contains("user and group ids are not compared", Assert.Single(Notes(diff)), StringComparison.Ordinal);
        Assert.Contains("user and group ids are not compared", Ckpt.Run("diff", inside, outside).Text, StringComparison.Ordinal);
        Assert.Empty(Notes(Diff(outside, outside)));
    }

    [LinuxFact("unshare", "nsenter", "sleep", Root = true)]
    public void Processes_that_two_pid_namespaces_number_are_not_matched_by_number()
    {
        using ChildProcess container = ChildProcess.Launch(["unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "sleep", "600"]);
        string child = "";
        Wait(() => (child = File.ReadAllText($"/proc/{container.Pid}/task/{container.Pid}/children").Trim()).Length > 0 && File.ReadAllText($"/proc/{child}/comm") == "sleep\n");
        (string outside, string inside) = (_folder["outside"], _folder["inside"]);
        string[] enter = ["nsenter", "--target", child, "--pid", "--mount"];
        Ckpt.Run("dump", "-q", "-p", child, "-o", outside).Expect(0);
        RunIn(enter, "dump", "-q", "-p", "1", "-o", inside).Expect(0);
        JsonElement diff = Diff(outside, inside);
        Assert.Equal("role", diff.GetProperty("match").GetString());
        Assert.Contains("not matched by pid", Assert.Single(Notes(diff)), StringComparison.Ordinal);
        JsonElement live = RunIn(enter, "validate", "--against-live", "--json", outside).Json.GetProperty("files")[0];
        Assert.Equal("live.other-pid-namespace", Assert.Single(live.GetProperty("findings").EnumerateArray(), finding =>
            finding.GetProperty("rule").GetString()!.StartsWith("live.", StringComparison.Ordinal)).GetProperty("rule").GetString());
    }

    private static void Wait(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(() =>
    {
        try
        {
            return condition();
        }
        catch (IOException)
        {
            return false;
        }
    }, 20_000));
}
