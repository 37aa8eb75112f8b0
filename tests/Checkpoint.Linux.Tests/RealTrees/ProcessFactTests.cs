using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Linux.Transports;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Linux.Tests.RealTrees;

/// <summary>Facts of whole processes that their leader's thread file does not have, or has otherwise.</summary>
public sealed class ProcessFactTests
{
    private const int SIGSTOP = 19;

    /// <summary>
    /// For each line of input executes itself, with another argument of the same length, or says that its arguments end one byte
    /// earlier.
    /// </summary>
    private const string Executes = """
        import ctypes, os, struct, sys
        libc = ctypes.CDLL(None)
        libc.sbrk.restype = ctypes.c_void_p
        print("ready", flush=True)
        for line in sys.stdin:
            if line == "exec\n":
                os.execv(sys.executable, [sys.executable, "-c", sys.argv[1], sys.argv[1], "b" if sys.argv[2] == "a" else "a"])
            stat = [0, 0, 0, 0] + [int(field) for field in open("/proc/self/stat").read().rpartition(")")[2].split()[1:]]
            fields = [stat[26], stat[27], stat[45], stat[46], stat[47], libc.sbrk(0), stat[28], stat[48], stat[49] - 1, stat[50], stat[51]]
            layout = struct.pack("<12QIi", *fields, 0, 0, -1)
            # PR_SET_MM, PR_SET_MM_MAP
            if libc.prctl(35, 14, ctypes.c_char_p(layout), ctypes.c_ulong(len(layout)), ctypes.c_ulong(0)):
                sys.exit("PR_SET_MM_MAP")
            print("done", flush=True)
        """;

    private static JsonElement Leader(ChildProcess program, TempFolder folder, params string[] options) =>
        Ckpt.DumpAndInspect(program.PidText, folder["image"], ["--transport", "procfs", .. options]).GetProperty("processes")[0];

    [LinuxFact("sleep")]
    public void The_exit_code_of_a_stopped_process_is_the_signal_that_stopped_it()
    {
        using TempFolder folder = new();
        using ChildProcess program = ChildProcess.Launch(["sleep", "600"]);
        program.Signal(SIGSTOP);
        string stat = $"/proc/{program.Pid}/stat";
        Assert.True(SpinWait.SpinUntil(() => File.ReadAllText(stat).Contains(") T ", StringComparison.Ordinal), 20_000));
        int exitCode = Leader(program, folder).GetProperty("exit_code").GetInt32();
        Assert.Equal(SIGSTOP, exitCode);
        Assert.Equal(File.ReadAllText(stat).Trim().Split(' ')[^1], exitCode.ToString(CultureInfo.InvariantCulture));
    }

    [LinuxFact("gcc")]
    public void The_umask_of_a_process_whose_leader_is_a_zombie_is_that_of_its_living_threads()
    {
        using TempFolder folder = new();
        using ChildProcess program = Workload.Start("zombie");
        JsonElement[] processes = [.. Ckpt.DumpAndInspect(program.PidText, folder["image"], "--transport", "procfs").GetProperty("processes").EnumerateArray()];
        JsonElement headless = Assert.Single(processes, process => process.GetProperty("state").GetString() == "zombie" && process.GetProperty("thread_count").GetInt32() > 1);
        int pid = headless.GetProperty("pid").GetInt32();
        Assert.DoesNotContain("Umask:", File.ReadAllText($"/proc/{pid}/status"), StringComparison.Ordinal);
        string living = Directory.EnumerateDirectories($"/proc/{pid}/task").Select(task => File.ReadAllText(task + "/status")).First(text => text.Contains("Umask:", StringComparison.Ordinal));
        Assert.Contains($"Umask:\t{headless.GetProperty("umask").GetString()}\n", living, StringComparison.Ordinal);
    }

    [LinuxFact("setpriv", "unshare", "sleep", Root = true)]
    public void Groups_are_those_of_the_process_where_a_security_module_gives_labels()
    {
        // Few machines have a module that does, so a file with a label lies over the one that it would be read from.
        using TempFolder folder = new();
        using ChildProcess program = ChildProcess.Launch(["setpriv", "--reuid", "65534", "--regid", "65534", "--groups", "1001,1002,1003", "sleep", "600"]);
        Assert.True(SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{program.Pid}/comm") == "sleep\n", 20_000));
        File.WriteAllText(folder["label"], "unconfined\n");
        string over = $"mount --bind {folder["label"]} /proc/{program.Pid}/task/{program.Pid}/attr/current && exec \"$@\"";
        Tool.Run(
            ["unshare", "--mount", "sh", "-c", over, "sh", .. Ckpt.Command("dump", "-q", "-p", program.PidText, "-o", folder["image"], "--transport", "procfs")],
            Ckpt.Variables).Expect(0);
        JsonElement credentials = Assert.Single(Ckpt.Run("inspect", folder["image"], "--json", "--creds").Expect(0).Json.GetProperty("credentials").EnumerateArray());
        Assert.Equal("unconfined", credentials.GetProperty("label").GetString());
        Assert.Equal([1001, 1002, 1003], credentials.GetProperty("groups").EnumerateArray().Select(Id));
    }

    [LinuxFact(Oracle.Python)]
    public void A_policy_that_children_do_not_inherit_says_so()
    {
        using TempFolder folder = new();
        using ChildProcess program = ChildProcess.Start(
        [
            Oracle.Python, "-c",
            "import os, time; os.sched_setscheduler(0, os.SCHED_BATCH | os.SCHED_RESET_ON_FORK, os.sched_param(0)); print('ready', flush=True); time.sleep(600)",
        ]);
        Assert.Equal("batch|reset-on-fork", Leader(program, folder).GetProperty("policy").GetString());
    }

    [LinuxFact(Oracle.Python, Root = true)]
    public void An_exec_is_noticed_and_a_layout_that_the_process_changed_itself_is_none()
    {
        using ChildProcess program = ChildProcess.Start([Oracle.Python, "-c", Executes, Executes, "a"]);
        Assert.Equal([TaskEventKind.Exec], EventsOf(program));
    }

    [LinuxFact("setarch", Oracle.Python, Root = true)]
    public void An_exec_to_the_same_addresses_is_noticed_by_its_arguments()
    {
        using ChildProcess program = ChildProcess.Start(["setarch", "--addr-no-randomize", Oracle.Python, "-c", Executes, Executes, "a"]);
        ProcessEntry after = null!;
        Assert.Equal([TaskEventKind.Exec], EventsOf(program, (before, now) => (after = now).Layout!.Value.Equals(before.Layout!.Value)));
        Assert.True(after.Cmdline!.Value.Span.EndsWith("\0b\0"u8));
    }

    /// <summary>What procfs notices of an exec, after nothing of a changed layout.</summary>
    private static IEnumerable<TaskEventKind> EventsOf(ChildProcess program, Func<ProcessEntry, ProcessEntry, bool>? holds = null)
    {
        using ProcessVisitor visitor = new(new TaskSource(new ProcfsTaskDiag(), new ProcfsTaskDiag()), new CollectOptions { Pid = program.Pid }, new CaptureBudget());
        ProcessEntry first = visitor.Visit(program.Pid, null).Entry!;
        Assert.Null(visitor.Visit(program.Pid, first).Entry);
        program.Input.WriteLine("layout");
        program.Input.Flush();
        program.WaitForLine("done");
        ProcessVisit changed = visitor.Visit(program.Pid, first);
        Assert.Empty(changed.Events);
        Assert.NotEqual(first.Layout, changed.Entry!.Layout);

        program.Input.WriteLine("exec");
        program.Input.Flush();
        program.WaitForLine("ready");
        ProcessVisit after = visitor.Visit(program.Pid, first);
        Assert.True(holds?.Invoke(first, after.Entry!) ?? true);
        return after.Events.Select(happened => happened.Kind);
    }

    private static int Id(JsonElement group) => group.ValueKind == JsonValueKind.Object ? group.GetProperty("id").GetInt32() : group.GetInt32();
}
