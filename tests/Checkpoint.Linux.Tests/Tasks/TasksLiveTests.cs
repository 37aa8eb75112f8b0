using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Linux.Transports;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Linux.Tests.Tasks;

public sealed class TasksLiveTests
{
    private const int SIGSTOP = 19;

    [LinuxFact("gcc", Oracle.Python)]
    public void Threads_with_names_and_credentials_of_their_own_are_as_proc_says()
    {
        using ChildProcess workload = Workload.Start("threads");
        int[] tids = Directory.GetDirectories($"/proc/{workload.Pid}/task").Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture)).ToArray();
        Assert.True(tids.Length > 4);
        foreach (string flags in TasksOracle.Flags)
        {
            Assert.Equal(tids.Length, TasksOracle.AssertSame("threads", workload.Pid, flags));
            Assert.Equal(1, TasksOracle.AssertSame("one", workload.Pid, flags));
            Assert.Equal(1, TasksOracle.AssertSame("one", tids.Max(), flags));
        }

        Assert.Equal(tids.Length, TasksOracle.AssertSame("threads", tids.Max(), ""));
    }

    [LinuxFact("gcc", Oracle.Python)]
    public void Children_a_stopped_one_among_them_are_as_proc_says()
    {
        using ChildProcess workload = Workload.Start("tree", "3", "10");
        int stopped = Rows("children", workload.Pid)[0].GetProperty("pid").GetInt32();
        Kernel.Kill(stopped, SIGSTOP);
        ProcFile.WaitUntilQuiet(workload.Pid);
        foreach (string flags in TasksOracle.Flags)
        {
            Assert.Equal(3, TasksOracle.AssertSame("children", workload.Pid, flags));
        }

        Assert.Equal("stopped", Rows("one", stopped).Single().GetProperty("state").GetString());
    }

    [LinuxFact("gcc", Oracle.Python)]
    public void Zombies_and_leaders_that_have_exited_before_their_threads_are_as_proc_says()
    {
        using ChildProcess workload = Workload.Start("zombie");
        foreach (string flags in TasksOracle.Flags)
        {
            Assert.Equal(2, TasksOracle.AssertSame("children", workload.Pid, flags));
        }

        int[] children = Rows("children", workload.Pid).Select(row => row.GetProperty("pid").GetInt32()).ToArray();
        foreach ((int pid, string flags) in children.SelectMany(pid => TasksOracle.Flags.Select(flags => (pid, flags))))
        {
            Assert.InRange(TasksOracle.AssertSame("threads", pid, flags), 1, 2);
        }
    }

    [LinuxFact(Oracle.Python)]
    public void All_processes_and_threads_are_as_proc_says()
    {
        foreach (string flags in (string[])["", "cred", "maps", "stat", "cmdline"])
        {
            TasksOracle.AssertSame("all", 0, flags);
            TasksOracle.AssertSame("all-threads", 0, flags);
        }
    }

    [LinuxFact("setpriv", Oracle.Python, Root = true)]
    public void An_ordinary_user_sees_what_it_may_inspect_and_nothing_of_the_rest()
    {
        using ChildProcess own = Workload.StartAsNobody("tree", "2", "4");
        Assert.True(TasksOracle.AssertSame("all", 0, "cred,cmdline", User.Nobody) >= 4);
    }

    [LinuxFact("ps")]
    public void All_lists_the_pids_that_ps_lists()
    {
        AssertLikePs("all", "-e", "pid=,ppid=,pgid=,sid=");
        AssertLikePs("all-threads", "-eL", "lwp=,ppid=,pgid=,sid=");
    }

    [LinuxFact("gcc", "setpriv", Root = true)]
    public void A_hidden_task_is_refused_and_with_hidden_its_gaps_are_told()
    {
        using ChildProcess workload = Workload.Start("threads");
        Ckpt.RunAsNobody("tasks", "one", "-p", workload.PidText, "--maps", "--cred").ExpectOneLine(5, "--hidden");
        RunResult told = Ckpt.RunAsNobody("tasks", "one", "-p", workload.PidText, "--maps", "--cred", "--json", "--hidden").Expect(0);
        JsonElement row = JsonDocument.Parse(told.Text.Split('\n')[1]).RootElement;
        Assert.Equal(JsonValueKind.Null, row.GetProperty("vmas").ValueKind);
        Assert.Equal(JsonValueKind.Object, row.GetProperty("cred").ValueKind);
        Assert.Equal(["maps EACCES"], row.GetProperty("gaps").EnumerateArray().Select(gap => $"{gap.GetProperty("part")} {gap.GetProperty("error")}"));
        Assert.EndsWith("    no maps: EACCES\n", Ckpt.RunAsNobody("tasks", "one", "-p", workload.PidText, "--maps", "--hidden").Expect(0).Text, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void A_missing_pid_exits_with_4_and_one_without_children_with_0()
    {
        using ChildProcess sleep = ChildProcess.Launch(["sleep", "60"]);
        foreach (string strategy in (string[])["one", "threads", "children"])
        {
            Ckpt.Run("tasks", strategy, "-p", "4194304").ExpectOneLine(4, "4194304", "no such process");
        }

        RunResult none = Ckpt.Run("tasks", "children", "-p", sleep.PidText).Expect(0);
        Assert.Equal(("", ""), (none.Text, none.Stderr));
        Assert.Equal("{\"schema\":\"ckpt.tasks/1\"}\n", Ckpt.Run("tasks", "children", "-p", sleep.PidText, "--json").Expect(0).Text);
    }

    [LinuxFact("gcc")]
    public void Only_the_leader_of_threads_brings_what_they_share_and_counters_are_each_ones_own()
    {
        using ChildProcess workload = Workload.Start("threads");
        JsonElement[] threads = Rows("threads", workload.Pid, "--maps", "--stat", "--statm", "--cmdline");
        JsonElement one = Rows("one", workload.Pid, "--stat").Single();
        foreach (JsonElement thread in threads)
        {
            bool leader = thread.GetProperty("pid").GetInt32() == workload.Pid;
            foreach (string shared in (string[])["vmas", "statm", "cmdline"])
            {
                Assert.Equal(leader, thread.GetProperty(shared).ValueKind != JsonValueKind.Null);
            }
        }

        Assert.Equal(one.GetProperty("counters").GetProperty("min_flt").GetInt64(), threads.Sum(thread => thread.GetProperty("counters").GetProperty("min_flt").GetInt64()));
        Assert.Equal(threads.Length, one.GetProperty("thread_count").GetInt32());
    }

    [LinuxFact]
    public void An_unknown_strategy_is_EINVAL_and_the_transport_takes_the_next_request()
    {
        using ProcfsTaskDiag transport = new();
        KernelException refused = Assert.Throws<KernelException>(() => transport.Send(new TaskDiagRequest(TaskDiagShow.Base, (TaskDiagStrategy)99, 1, 1)));
        Assert.Equal(Errno.EINVAL, refused.Errno);
        transport.Send(new TaskDiagRequest(TaskDiagShow.Base, TaskDiagStrategy.One, (uint)System.Environment.ProcessId, 2));
        Assert.True(transport.Read(new byte[TaskDiagTransport.MinimumBuffer]) > 0);
    }

    [LinuxFact(Oracle.Python)]
    public void Without_the_kernels_own_file_asking_for_it_exits_with_5()
    {
        if (!TaskDiagFile.Exists)
        {
            Ckpt.Run("tasks", "all", "--transport", "task-diag").ExpectOneLine(5, "/proc/task-diag");
        }
    }

    private static void AssertLikePs(string strategy, string which, string columns)
    {
        HashSet<string> before = Ps(which, columns);
        HashSet<string> got = Ckpt.Run("tasks", strategy, "--hidden").Expect(0).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Where(line => !line.Contains(" no ", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(cells => $"{cells[0]} {cells[2]} {cells[3]} {cells[4]}").ToHashSet();
        HashSet<string> after = Ps(which, columns);
        Assert.Empty(before.Intersect(after).Except(got));
        Assert.True(got.Except(before).Except(after).Count() < 100);
    }

    private static HashSet<string> Ps(string which, string columns) => Tool.Output("ps", which, "-o", columns).Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ToHashSet();

    private static JsonElement[] Rows(string strategy, int pid, params string[] flags) =>
        Ckpt.Run(["tasks", strategy, "-p", pid.ToString(CultureInfo.InvariantCulture), "--json", .. flags]).Expect(0).Text
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
}
