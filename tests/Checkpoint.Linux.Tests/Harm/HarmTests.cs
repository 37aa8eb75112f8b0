using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Harm;

/// <summary>To look at a process changes nothing of it, and waits for nothing of its.</summary>
public sealed class HarmTests
{
    private static readonly string[][] _ways =
        [["--transport", "procfs"], ["--transport", "procfs", "--text-maps"], ["--transport", "procfs", "--vm-stats"], .. Bpf()];

    [LinuxFact("gcc", Root = true)]
    public void Data_that_wait_in_a_mapped_socket_stay_there()
    {
        using TempFolder folder = new();
        using ChildProcess program = Workload.Start("borrow", "socket");
        foreach (string[] way in _ways)
        {
            Ckpt.Run(["dump", "-q", "-p", program.PidText, "-o", folder["a.ckpt"], "--force", .. way]).Expect(0);
            program.Input.WriteLine();
            Assert.Equal("left 16", program.WaitForLine("left"));
        }
    }

    [LinuxFact("gcc", Root = true)]
    public void A_lease_on_a_mapped_file_is_not_broken()
    {
        using TempFolder folder = new();
        using ChildProcess program = Workload.Start("borrow", "lease", folder["leased"]);
        foreach (string[] way in _ways)
        {
            JsonElement file = Capture(program, folder, way).GetProperty("files").EnumerateArray().Single(f => f.GetProperty("name").ToString() == folder["leased"]);
            program.Input.WriteLine();
            Assert.Equal("left 1", program.WaitForLine("left"));

            // It was never touched, so it is not in memory: only the file itself could say that it has none.
            Assert.Equal(JsonValueKind.Null, file.GetProperty("build_id").ValueKind);
        }
    }

    [LinuxFact("gcc", "strace", Root = true)]
    public void No_mapped_file_is_opened_and_none_is_looked_up_but_in_the_kernels_cache()
    {
        using TempFolder folder = new();
        using ChildProcess program = Workload.Start("oddnames", folder.FullName);
        using TempFolder output = new();
        foreach (string[] way in _ways)
        {
            Tool.Run(
                ["strace", "-f", "-qq", "-s", "4096", "-e", "trace=open,openat,openat2,stat,newfstatat,statx,access,faccessat2,ioctl", "-o", output["trace"],
                    .. Ckpt.Command(["dump", "-q", "-p", program.PidText, "-o", output["a.ckpt"], "--force", .. way])],
                Ckpt.Variables).Expect(0);
            foreach (string line in File.ReadLines(output["trace"]).Where(line => line.Contains(folder.FullName, StringComparison.Ordinal) || line.Contains("map_files", StringComparison.Ordinal)))
            {
                bool isCached = line.Contains("openat2(", StringComparison.Ordinal) && line.Contains("O_PATH", StringComparison.Ordinal) && line.Contains("RESOLVE_CACHED", StringComparison.Ordinal);
                bool isKnown = line.Contains("statx(", StringComparison.Ordinal) && line.Contains("map_files", StringComparison.Ordinal) && line.Contains("AT_STATX_DONT_SYNC", StringComparison.Ordinal);
                Assert.True(isCached || isKnown || line.Contains("ioctl(", StringComparison.Ordinal), line);
            }
        }
    }

    [LinuxFact("gcc", Root = true)]
    public void Shared_memory_that_was_never_touched_is_not_asked_for_a_build_ID()
    {
        using TempFolder folder = new();
        using ChildProcess program = Workload.Start("borrow", "sparse");
        foreach (string[] way in _ways)
        {
            JsonElement[] files = [.. Capture(program, folder, way).GetProperty("files").EnumerateArray()];
            foreach (string name in (string[])["/memfd:sparse (deleted)", "/dev/zero (deleted)"])
            {
                JsonElement file = files.Single(f => f.GetProperty("name").ToString() == name);
                Assert.Equal(61, file.GetProperty("build_id_errno").GetInt32());
                Assert.False(file.GetProperty("deleted").GetBoolean());
            }
        }
    }

    [LinuxFact("gcc", Root = true, Needs = "/dev/fuse")]
    public void A_file_or_working_directory_on_a_file_system_that_never_answers_is_told_at_once()
    {
        foreach (string mode in (string[])["map", "cwd"])
        {
            foreach (string[] way in _ways)
            {
                using TempFolder mount = new(writableByAll: true);
                using TempFolder folder = new();
                using ChildProcess program = Workload.Start("silent", mount.FullName, mode);

                // Exit code 0, so nothing was given up after a wait.
                JsonElement image = Capture(program, folder, way);
                JsonElement file = image.GetProperty("files").EnumerateArray().Single(f => f.GetProperty("name").ToString() == mount["file"]);
                Assert.Equal(JsonValueKind.Null, file.GetProperty("build_id").ValueKind);
                Assert.Equal(61, file.GetProperty("build_id_errno").GetInt32());
                Assert.Equal(mode == "cwd" ? mount.FullName : "/", image.GetProperty("processes")[0].GetProperty("cwd").GetString());
            }
        }
    }

    [LinuxFact("gcc", Root = true, Needs = "/dev/fuse")]
    public void What_waits_for_a_lock_that_is_never_released_is_a_gap_and_the_rest_is_captured()
    {
        foreach (string transport in (string[])["procfs", .. Bpf().Select(way => way[1])])
        {
            using TempFolder mount = new(writableByAll: true);
            using TempFolder folder = new();
            using ChildProcess program = Workload.Start("silent", mount.FullName, "lock");
            Ckpt.Run("dump", "-q", "-p", program.PidText, "--env", "--transport", transport, "-o", folder["a.ckpt"]).Expect(7);
            JsonElement image = Ckpt.Run("inspect", folder["a.ckpt"], "--json").Expect(0).Json;
            Assert.Equal(
                ["cmdline 110", "environ 110", "maps 110"],
                image.GetProperty("gaps").EnumerateArray().Select(gap => $"{gap.GetProperty("part")} {gap.GetProperty("errno")}"));
            JsonElement[] processes = [.. image.GetProperty("processes").EnumerateArray()];
            Assert.Equal(2, processes.Length);
            Assert.Equal(3, image.GetProperty("threads").EnumerateArray().Count(thread => thread.GetProperty("pid").GetInt32() == program.Pid));
            Assert.NotEqual(JsonValueKind.Null, processes[1].GetProperty("space").ValueKind);
            Assert.Equal(JsonValueKind.Null, processes[0].GetProperty("space").ValueKind);

            // Procfs reads single VMAs without that lock since Linux 6.18, and a command line never.
            (string what, string words) = transport == "bpf" ? ("--maps", "cannot lock address space") : ("--cmdline", "timed out");
            RunResult tasks = Ckpt.Run("tasks", "one", "-p", program.PidText, what, "--transport", transport);
            Assert.Equal(5, tasks.ExitCode);
            Assert.Contains(words, tasks.Stderr, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static JsonElement Capture(ChildProcess program, TempFolder folder, string[] way)
    {
        Ckpt.Run(["dump", "-q", "--no-children", "-p", program.PidText, "-o", folder["a.ckpt"], "--force", .. way]).Expect(0);
        return Ckpt.Run("inspect", folder["a.ckpt"], "--json").Expect(0).Json;
    }

    private static IEnumerable<string[]> Bpf() => BpfUse.Obstacle is null ? [["--transport", "bpf"]] : [];
}
