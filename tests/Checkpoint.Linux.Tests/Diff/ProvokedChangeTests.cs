using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Diff;

/// <summary>Each change is made by a real program to itself, and must be found and named rightly.</summary>
public sealed class ProvokedChangeTests
{
    private const string Incidental = "counters,state,signals";

    [LinuxFact("gcc")]
    public void A_leaking_heap_is_found_as_heap_that_grew_by_just_so_much()
    {
        using ChildProcess program = Workload.Start("change");
        using Comparison comparison = new();
        JsonElement[] changes = comparison.Of(program, "heap 20480");
        JsonElement heap = Assert.Single(Comparison.Vmas(changes, "grown"));
        Assert.Equal("[heap]", heap.GetProperty("new").GetProperty("name").GetString());
        Assert.Equal(20UL << 20, Size(heap.GetProperty("new")) - Size(heap.GetProperty("old")));
        JsonElement rss = Assert.Single(Comparison.Field(changes, "rss"));
        Assert.InRange(rss.GetProperty("new").GetInt64() - rss.GetProperty("old").GetInt64(), 20 << 20, 22 << 20);
        Assert.DoesNotContain(changes, change => change.GetProperty("kind").GetString() is not ("counters" or "state" or "vma"));
    }

    [LinuxFact("gcc")]
    public void Leaking_threads_are_found_each_with_its_stack()
    {
        using ChildProcess program = Workload.Start("change");
        using Comparison comparison = new();
        JsonElement[] changes = comparison.Of(program, "threads 5");
        JsonElement[] threads = [.. changes.Where(change => change.GetProperty("kind").GetString() == "thread")];
        Assert.Equal(5, threads.Length);
        Assert.All(threads, thread => Assert.Equal("added", thread.GetProperty("action").GetString()));
        Assert.All(threads, thread => Assert.True(Directory.Exists($"/proc/{program.Pid}/task/{thread.GetProperty("new").GetProperty("tid").GetInt32()}")));
        Assert.Equal(5, Assert.Single(Comparison.Field(changes, "threads")).GetProperty("new").GetInt32() - 1);
        Assert.Equal(5, Comparison.Vmas(changes, "mapped").Count(vma => Size(vma.GetProperty("new")) == 8 << 20));
    }

    [LinuxFact("gcc")]
    public void What_leaked_and_is_still_there_is_told_from_what_was_given_back()
    {
        using ChildProcess program = Workload.Start("change");
        using Comparison comparison = new();
        string first = comparison.Take(program.Pid);
        Comparison.Tell(program, "anon 65536");
        Comparison.Tell(program, "heap 8192");
        string second = comparison.Take(program.Pid);
        Comparison.Tell(program, "free");
        Comparison.Tell(program, "heap 4096");
        string third = comparison.Take(program.Pid);

        JsonElement[] both = Comparison.Changes(first, second, "--only", "vma");
        Assert.Equal(2, both.Length);
        JsonElement kept = Assert.Single(Comparison.Changes(first, second, third, "--retained", "--only", "vma"));
        Assert.Equal("[heap]", kept.GetProperty("new").GetProperty("name").GetString());
        Assert.Equal(8UL << 20, Size(kept.GetProperty("new")) - Size(kept.GetProperty("old")));
    }

    [LinuxFact("gcc", Root = true)]
    public void Setuid_to_nobody_and_dropped_capabilities_are_named_and_no_gain()
    {
        using ChildProcess program = Workload.Start("change");
        using Comparison comparison = new();
        JsonElement[] dropped = comparison.Of(program, "drop 12", "--only", "creds");
        Assert.Equal(["cap_effective", "cap_permitted"], dropped.Select(change => change.GetProperty("path").GetString()!.Split('/')[^1]));
        Assert.All(dropped, change => Assert.Equal(["cap_net_admin"], Comparison.Strings(change.GetProperty("old")).Except(Comparison.Strings(change.GetProperty("new")))));
        JsonElement[] changes = comparison.Of(program, "uid 65534", "--only", "creds");
        Assert.Equal(
            ["uid_real", "uid_effective", "uid_saved", "uid_fs", "cap_effective", "cap_permitted"],
            changes.Select(change => change.GetProperty("path").GetString()!.Split('/')[^1]));
        Assert.All(changes.Take(4), change => Assert.Equal((0, 65534), (change.GetProperty("old").GetInt32(), change.GetProperty("new").GetInt32())));
        Assert.All(changes.Concat(dropped), change => Assert.Empty(Comparison.Security(change)));
    }

    [LinuxFact("gcc", Root = true)]
    public void A_regained_root_and_a_raised_capability_are_marked_and_come_first()
    {
        using ChildProcess program = Workload.Start("change");
        using Comparison comparison = new();
        Comparison.Tell(program, "lower 12");
        JsonElement[] raised = comparison.Of(program, "raise 12");
        Assert.EndsWith("/cap_effective", raised[0].GetProperty("path").GetString(), StringComparison.Ordinal);
        Assert.Equal(["capability-gained"], Comparison.Security(raised[0]));
        Comparison.Tell(program, "euid 65534");
        JsonElement[] regained = comparison.Of(program, "euid 0");
        Assert.Equal(["uid_effective", "uid_fs", "cap_effective"], regained.TakeWhile(change => Comparison.Security(change).Length > 0).Select(change => change.GetProperty("path").GetString()!.Split('/')[^1]));
    }

    [LinuxFact("gcc")]
    public void Code_made_writable_is_shouted()
    {
        using ChildProcess program = Workload.Start("change");
        using Comparison comparison = new();
        string before = comparison.Take(program.Pid);
        Comparison.Tell(program, "rwx");
        Comparison.Tell(program, "code");
        string after = comparison.Take(program.Pid);
        JsonElement[] changes = Comparison.Changes(before, after);
        JsonElement code = Assert.Single(Comparison.Vmas(changes, "protection"));
        Assert.Equal(("r-xp", "rwxp"), (code.GetProperty("old").GetProperty("perms").GetString(), code.GetProperty("new").GetProperty("perms").GetString()));
        Assert.EndsWith("/change", code.GetProperty("new").GetProperty("name").GetString(), StringComparison.Ordinal);
        Assert.Equal(["writable-executable"], Comparison.Security(code));
        Assert.Equal(["executable-anonymous"], Comparison.Security(Assert.Single(Comparison.Vmas(changes, "mapped"))));

        string text = Ckpt.Run("diff", before, after).Expect(1).Text;
        string first = text.Split('\n').SkipWhile(line => line != "security").Skip(1).First();
        Assert.StartsWith("! ", first, StringComparison.Ordinal);
        Assert.Contains("r-xp -> rwxp", first, StringComparison.Ordinal);
        Assert.Contains("WRITABLE EXECUTABLE", first, StringComparison.Ordinal);
    }

    [LinuxFact("gcc")]
    public void Dlopen_maps_a_library_and_dlclose_unmaps_just_that()
    {
        string library = Library.Find("libm.so.6");
        using ChildProcess program = Workload.Start("change");
        using Comparison comparison = new();
        string before = comparison.Take(program.Pid);
        Comparison.Tell(program, "open " + library);
        string opened = comparison.Take(program.Pid);
        Comparison.Tell(program, "close");
        string closed = comparison.Take(program.Pid);
        JsonElement[] mapped = [.. Comparison.Changes(before, opened, "--only", "vma").Where(vma => Name(vma) == library)];
        Assert.True(mapped.Length >= 4);
        Assert.All(mapped, vma => Assert.Equal(["mapped"], Comparison.Strings(vma.GetProperty("aspects"))));
        JsonElement[] unmapped = Comparison.Changes(opened, closed, "--only", "vma.unmapped");
        Assert.Equal(mapped.Select(vma => vma.GetProperty("new").GetRawText()), unmapped.Where(vma => Name(vma) == library).Select(vma => vma.GetProperty("old").GetRawText()));
        Assert.DoesNotContain(Comparison.Changes(before, closed, "--only", "vma"), vma => Name(vma) == library);
    }

    [LinuxFact("gcc", "readelf")]
    public void A_library_upgraded_under_a_running_process_is_deleted_and_after_a_reload_replaced_with_another_build_ID()
    {
        using TempFolder folder = new();
        string library = folder["libplug.so"];
        string first = Library.Build(library, 1);
        using ChildProcess program = Workload.Start("change");
        using Comparison comparison = new();
        Comparison.Tell(program, "open " + library);
        string before = comparison.Take(program.Pid);
        string second = Library.Build(folder["new.so"], 2);
        File.Move(folder["new.so"], library, overwrite: true);
        string upgraded = comparison.Take(program.Pid);
        Comparison.Tell(program, "close");
        Comparison.Tell(program, "open " + library);
        string reloaded = comparison.Take(program.Pid);
        Assert.NotEqual(first, second);

        JsonElement[] deleted = Comparison.Changes(before, upgraded, "--ignore", Incidental);
        Assert.True(deleted.Length >= 4);
        Assert.All(deleted, vma => Assert.Equal(["deleted"], Comparison.Strings(vma.GetProperty("aspects"))));
        Assert.All(deleted, vma => Assert.Equal((library, library + " (deleted)"), (vma.GetProperty("old").GetProperty("name").GetString(), Name(vma))));

        foreach (string old in (string[])[before, upgraded])
        {
            JsonElement[] replaced = Comparison.Vmas(Comparison.Changes(old, reloaded, "--only", "vma"), "replaced");
            Assert.Equal(deleted.Length, replaced.Length);
            Assert.All(replaced, vma => Assert.Equal((first, second), (vma.GetProperty("old").GetProperty("build_id").GetString(), vma.GetProperty("new").GetProperty("build_id").GetString())));
        }
    }

    [LinuxFact("gcc", "sleep")]
    public void An_exec_in_place_is_one_process_with_another_program()
    {
        using ChildProcess program = Workload.Start("change");
        using Comparison comparison = new();
        string before = comparison.Take(program.Pid);
        program.Input.WriteLine($"exec {Tool.Find("sleep")} 600");
        program.Input.Flush();
        string exe = $"/proc/{program.Pid}/comm";
        Assert.True(System.Threading.SpinWait.SpinUntil(() => File.ReadAllText(exe) == "sleep\n", 10_000));
        ProcFile.WaitUntilQuiet(program.Pid);
        string after = comparison.Take(program.Pid);
        JsonElement[] changes = Comparison.Changes(before, after);
        Assert.DoesNotContain(changes, change => change.GetProperty("kind").GetString() == "process");
        JsonElement exec = Assert.Single(changes, change => change.GetProperty("kind").GetString() == "exec");
        Assert.Equal($"/processes/{program.Pid}/exec", exec.GetProperty("path").GetString());
        Assert.Equal(exec.GetProperty("old").GetProperty("start_time_ticks").GetUInt64(), exec.GetProperty("new").GetProperty("start_time_ticks").GetUInt64());
        Assert.EndsWith("/sleep", Assert.Single(Comparison.Field(changes, "exe")).GetProperty("new").GetString(), StringComparison.Ordinal);
        Assert.Equal("sleep", Assert.Single(Comparison.Field(changes, "comm")).GetProperty("new").GetString());
        Assert.Equal("600", Comparison.Strings(Assert.Single(Comparison.Field(changes, "cmdline")).GetProperty("new"))[1]);
        Assert.NotEmpty(Comparison.Field(changes, "start_stack"));
        string text = Ckpt.Run("diff", before, after).Expect(1).Text;
        Assert.Matches(@"exec +executed \S*/sleep in place of \S*/change", text);
        Assert.Contains("a new address space", text, StringComparison.Ordinal);
        Assert.Contains("0 processes added, 0 removed, 1 changed", text, StringComparison.Ordinal);
    }

    [LinuxFact("gcc", Root = true)]
    public void A_pid_that_was_reused_is_one_process_gone_and_another_come()
    {
        using ChildProcess program = Workload.Start("change");
        using Comparison comparison = new();
        int pid = Spawned(program);
        string before = comparison.Take(program.Pid);
        int again = 0;
        for (int attempt = 0; attempt < 200 && again != pid; attempt++)
        {
            // Others fork meanwhile, so the number may go to one of them.
            Comparison.Tell(program, "reap");
            Wait.Pass(20);
            File.WriteAllText("/proc/sys/kernel/ns_last_pid", (pid - 1).ToString(CultureInfo.InvariantCulture));
            again = Spawned(program);
        }

        Assert.Equal(pid, again);
        JsonElement[] changes = Comparison.Changes(before, comparison.Take(program.Pid), "--only", "process,command,exe");
        Assert.Equal(["removed", "added"], changes.Select(change => change.GetProperty("action").GetString()));
        Assert.All(changes, change => Assert.Equal($"/processes/{pid}", change.GetProperty("path").GetString()));
        Assert.True(changes[0].GetProperty("old").GetProperty("start_time_ticks").GetUInt64() < changes[1].GetProperty("new").GetProperty("start_time_ticks").GetUInt64());
    }

    private static int Spawned(ChildProcess program) => int.Parse(Comparison.Tell(program, "spawn")["done ".Length..], CultureInfo.InvariantCulture);

    private static string? Name(JsonElement change) =>
        (change.GetProperty("new").ValueKind == JsonValueKind.Null ? change.GetProperty("old") : change.GetProperty("new")).GetProperty("name").GetString();

    private static ulong Size(JsonElement vma) => Address(vma, "end") - Address(vma, "start");

    private static ulong Address(JsonElement vma, string name) => ulong.Parse(vma.GetProperty(name).GetString()!.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
