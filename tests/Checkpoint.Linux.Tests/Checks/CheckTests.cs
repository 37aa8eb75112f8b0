using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Checkpoint.Linux.Bpf;
using Checkpoint.Linux.Checks;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Checks;

/// <summary>What is found here, against what other tools and <c>/proc</c> say of the same machine.</summary>
public sealed partial class CheckTests
{
    [LinuxFact("bpftool", Root = true, Needs = KernelBtf.Path)]
    public void Root_has_of_BPF_what_bpftool_finds()
    {
        Findings here = Findings.Here();
        here.Result.Expect(0);
        string probed = Tool.Output("bpftool", "feature", "probe", "kernel");
        (string Id, string Line)[] lines =
        [
            ("bpf-jit", "JIT compiler is enabled"),
            ("bpf-syscall", "eBPF map_type array is available"),
            ("bpf-syscall-program", "eBPF program_type syscall is available"),
        ];
        Assert.All(lines, line => Assert.Equal(probed.Contains(line.Line, StringComparison.Ordinal), here[line.Id] == "ok"));

        HashSet<string> functions = Tool.Output("bpftool", "btf", "dump", "file", KernelBtf.Path, "format", "raw").Split('\n')
            .Select(line => FunctionLine().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).ToHashSet();
        (string Id, string Function)[] needed =
        [
            ("bpf-rcu", "bpf_rcu_read_lock"), ("bpf-task-loop", "bpf_iter_task_new"), ("bpf-vma-loop", "bpf_iter_task_vma_new"),
            ("bpf-task-from-pid", "bpf_task_from_pid"), ("bpf-task-from-vpid", "bpf_task_from_vpid"),
            ("bpf-iter-task", "bpf_iter_task"), ("bpf-iter-task-vma", "bpf_iter_task_vma"),
        ];
        Assert.All(needed, pair => Assert.Equal((pair.Id, functions.Contains(pair.Function) ? "ok" : "missing kernel-lacks"), (pair.Id, here[pair.Id])));
        Assert.Equal("ok", here["bpf-btf"]);
        Assert.Equal("ok", here["bpf"]);
        Assert.Contains("bpf", here.Result.Json.GetProperty("transports").EnumerateArray().Select(name => name.GetString()));
    }

    [LinuxFact]
    public void What_proc_has_is_found()
    {
        Findings here = Findings.Here();
        Assert.Equal("ok", here["procfs"]);
        Assert.Equal("ok", here["maps"]);
        Assert.Equal(File.Exists("/proc/self/smaps") ? "ok" : "missing kernel-lacks ENOENT", here["smaps"]);
        Assert.Equal(File.Exists("/proc/thread-self/children") ? "ok" : "missing kernel-lacks ENOENT", here["children"]);
        Assert.Equal(File.Exists("/proc/task-diag"), here["task-diag"] == "ok");
        Assert.Equal(Tool.Output("stat", "-f", "-c", "%T", "/sys/fs/bpf").Trim() == "bpf_fs" ? "ok" : "missing not-mounted", here["bpffs"]);
        Assert.Equal(Tool.Output("readlink", "/proc/self/ns/user").Trim() == "user:[4026531837]", here["user-namespace"] == "ok");
        Assert.Equal(Tool.Output("readlink", "/proc/self/ns/pid").Trim() == "pid:[4026531836]", here["pid-namespace"] == "ok");
    }

    [LinuxFact("gcc")]
    public void Ioctls_work_where_a_C_program_finds_them_working()
    {
        const string Source = """
            #include <fcntl.h>
            #include <stdint.h>
            #include <stdio.h>
            #include <string.h>
            #include <sys/ioctl.h>
            #include <sys/syscall.h>
            #include <unistd.h>
            int main(void)
            {
                uint64_t query[13] = { 104, 16 }, info[8] = { 1 };
                int maps = open("/proc/self/maps", O_RDONLY), self = syscall(434, getpid(), 0);
                printf("%s %s %s\n", ioctl(maps, 0xC0686611u, query) == 0 ? "ok" : "missing", self >= 0 ? "ok" : "missing",
                       ioctl(self, 0xC040FF0Bu, info) == 0 ? "ok" : "missing");
                return 0;
            }
            """;
        using TempFolder folder = new();
        File.WriteAllText(folder["calls.c"], Source);
        Tool.Output("gcc", "-o", folder["calls"], folder["calls.c"]);
        Findings here = Findings.Here("procmap-query", "pidfd", "pidfd-info");
        Assert.Equal(Tool.Output(folder["calls"]).Trim(), string.Join(' ', ((string[])["procmap-query", "pidfd", "pidfd-info"]).Select(id => here[id].Split(' ')[0])));
    }

    [LinuxFact("setpriv", Root = true)]
    public void Capabilities_are_those_that_setpriv_leaves()
    {
        string[] watched = ["bpf", "checkpoint_restore", "net_admin", "perfmon", "sys_admin", "sys_ptrace"];
        for (int dropped = 0; dropped < 1 << watched.Length; dropped += 7)
        {
            string[] prefix = ["setpriv", "--bounding-set", "-syslog" + string.Concat(watched.Where((_, i) => (dropped >> i & 1) != 0).Select(name => ",-" + name))];
            string left = Tool.Run([.. prefix, "setpriv", "--dump"]).Expect(0).Text.Split('\n').Single(line => line.StartsWith("Capability bounding set", StringComparison.Ordinal));
            HashSet<string> held = [.. left.Split(": ")[1].Split(',')];
            Findings found = Findings.Under(prefix, watched.Select(Id).ToArray());
            Assert.Equal(watched.All(name => !found[Id(name)].StartsWith("missing", StringComparison.Ordinal)) ? 0 : 1, found.Result.ExitCode);
            foreach (string name in watched)
            {
                bool covered = name is "bpf" or "perfmon" or "checkpoint_restore" && held.Contains("sys_admin");
                Assert.Equal((left, name, held.Contains(name) ? "ok" : covered ? "ok held-as-sys-admin" : "missing not-permitted"), (left, name, found[Id(name)]));
            }
        }
    }

    [LinuxFact("setpriv", Root = true, Needs = KernelBtf.Path)]
    public void An_ordinary_user_can_capture_and_is_told_what_to_be_for_more()
    {
        Findings found = Findings.Under(User.Nobody);
        found.Result.Expect(0);
        Assert.Equal("ok", found["procfs"]);
        Assert.Equal("ok", found["procmap-query"]);
        Assert.Equal("missing needs-other EPERM", found["bpf"]);
        Assert.Equal("missing not-permitted EPERM", found["bpf-syscall-program"]);
        Assert.Equal("missing not-permitted", found["cap-sys-ptrace"]);
        Assert.Equal("run as root, or with CAP_BPF and CAP_PERFMON", found.Property("bpf-syscall-program", "remedy"));
        Assert.DoesNotContain("bpf", found.Result.Json.GetProperty("transports").EnumerateArray().Select(name => name.GetString()));
    }

    [LinuxFact]
    public void Only_what_is_asked_is_answered_and_the_exit_code_is_the_answer()
    {
        Assert.Equal(["procfs", "maps"], Findings.Here("maps", "procfs", "maps").Features);
        Ckpt.Run("check", "maps", "pidfd").Expect(0);
        RunResult quiet = Ckpt.Run("check", "-q", "maps");
        quiet.Expect(0);
        Assert.Empty(quiet.Stdout);
        Assert.Empty(quiet.Stderr);
    }

    [LinuxFact("strace", Root = true, Needs = KernelBtf.Path)]
    public void Probes_close_what_they_open_and_attach_and_pin_nothing()
    {
        using TempFolder folder = new();
        string[] strace = ["strace", "-ff", "-qq", "-o", folder["calls"], "-e", "trace=bpf,socket,pidfd_open,close,fork,vfork,kill,ptrace,mount,perf_event_open"];
        Findings.Under(strace).Result.Expect(0);
        HashSet<string> open = [];
        HashSet<string> commands = [];
        int opened = 0;

        // A file for each thread, so that no line is torn by another's; probes use one thread.
        foreach (Match call in folder.Names.SelectMany(name => File.ReadLines(folder[name])).Select(line => CallLine().Match(line)).Where(match => match.Success))
        {
            string name = call.Groups[1].Value;
            string result = call.Groups[3].Value;
            switch (name)
            {
                case "close":
                    open.Remove(call.Groups[2].Value.Trim());
                    break;
                case "bpf" or "socket" or "pidfd_open":
                    commands.Add(name == "bpf" ? call.Groups[2].Value.Split(',')[0] : name);
                    if (result is not "0" && !result.StartsWith('-') && call.Groups[2].Value.Contains("AF_UNIX", StringComparison.Ordinal) is false)
                    {
                        opened++;
                        open.Add(result);
                    }

                    break;
                default:
                    // The request on pid 0, which nobody has.
                    Assert.Equal(("ptrace", "PTRACE_INTERRUPT, 0"), (name, call.Groups[2].Value));
                    break;
            }
        }

        Assert.True(opened >= 10, $"{opened} descriptors");
        Assert.Empty(open);
        Assert.Equal(["BPF_MAP_CREATE", "BPF_PROG_LOAD", "BPF_PROG_TEST_RUN", "pidfd_open", "socket"], commands.Order(StringComparer.Ordinal));
    }

    [LinuxFact]
    public void All_probes_together_take_well_under_100_ms()
    {
        double best = double.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long began = Stopwatch.GetTimestamp();
            SystemCheck.Run([]);
            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        Assert.True(best < 100, string.Create(CultureInfo.InvariantCulture, $"{best} ms"));
    }

    private static string Id(string capability) => "cap-" + capability.Replace('_', '-');

    [GeneratedRegex(@"^\[\d+\] FUNC '(\w+)'")]
    private static partial Regex FunctionLine();

    [GeneratedRegex(@"^(\w+)\((.*)\) += (-?\d+)")]
    private static partial Regex CallLine();
}
