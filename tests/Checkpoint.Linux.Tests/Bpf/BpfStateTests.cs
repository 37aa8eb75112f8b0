using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Model;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Linux.Tests.Bpf;

/// <summary>What the kernel's structs say beside the fields that <c>/proc</c> shows, or show only in another file.</summary>
public sealed class BpfStateTests
{
    private const int SigUsr1 = 10, SigUsr2 = 12;

    [LinuxFact("gcc", Root = true, Bpf = true)]
    public void Threads_that_wait_with_another_signal_mask_are_told_with_their_own()
    {
        using ChildProcess masks = Workload.Start("masks");
        const ulong Own = (1UL << (SigUsr1 - 1)) | (1UL << (SigUsr2 - 1));
        using BothPrograms both = new();
        foreach (List<TaskDraft> threads in both.Ask(TaskDiagShow.Base | TaskDiagShow.ExtSignals, TaskDiagStrategy.Thread, masks.Pid))
        {
            int temporary = 0;
            foreach (TaskDraft thread in threads.Where(thread => thread.Tid != masks.Pid))
            {
                string shown = File.ReadLines($"/proc/{masks.Pid}/task/{thread.Tid}/status").First(line => line.StartsWith("SigBlk:", StringComparison.Ordinal))[7..];
                temporary += ulong.Parse(shown, NumberStyles.HexNumber, CultureInfo.InvariantCulture) == Own ? 0 : 1;
                Assert.True(thread.Signals!.Value.Blocked == Own, $"{thread.Base!.Value.Comm}: {thread.Signals.Value.Blocked:x}, {shown.Trim()} in status");
            }

            Assert.Equal((7, 5), (threads.Count, temporary));
        }
    }

    [LinuxFact(Oracle.Python, Root = true, Bpf = true)]
    public void The_scheduling_policy_is_what_sched_getscheduler_says_with_reset_on_fork()
    {
        const string Program = "import os, time; os.sched_setscheduler(0, os.SCHED_BATCH | {0}, os.sched_param(0)); print('ready', flush=True); time.sleep(600)";
        using BothPrograms both = new();
        foreach (string flag in (string[])["os.SCHED_RESET_ON_FORK", "0"])
        {
            using ChildProcess program = ChildProcess.Start([Oracle.Python, "-c", Program.Replace("{0}", flag, StringComparison.Ordinal)]);
            string expected = Tool.Output(Oracle.Python, "-c", $"import os; print(os.sched_getscheduler({program.Pid}), end='')");
            foreach (TaskDraft task in both.Ask(TaskDiagShow.Base | TaskDiagShow.ExtSched, TaskDiagStrategy.One, program.Pid).Select(tasks => tasks.Single()))
            {
                Assert.Equal(expected, task.Sched.Policy.ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    [LinuxFact(Oracle.Python, Root = true, Bpf = true)]
    public void The_exit_code_of_a_stopped_process_and_of_its_threads_is_that_of_their_stat_files()
    {
        const string Program = """
            import os, signal, threading, time
            pid = os.fork()
            if pid == 0:
                threading.Thread(target=time.sleep, args=(600,)).start()
                os.kill(os.getpid(), signal.SIGSTOP)
            os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOWAIT)
            print("ready", pid, flush=True)
            time.sleep(600)
            """;
        using ChildProcess program = ChildProcess.Launch([Oracle.Python, "-c", Program]);
        int stopped = int.Parse(program.WaitForLine("ready").Split(' ')[1], CultureInfo.InvariantCulture);
        int tid = Directory.GetDirectories($"/proc/{stopped}/task").Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture)).Max();
        Assert.Equal((19, 0), (ExitCode($"{stopped}/stat"), ExitCode($"{stopped}/task/{tid}/stat")));
        using BothPrograms both = new();
        (TaskDiagStrategy Strategy, int Pid, string Task)[] cases =
        [
            (TaskDiagStrategy.One, stopped, $"{stopped}"), (TaskDiagStrategy.One, tid, $"{tid}"), (TaskDiagStrategy.All, stopped, $"{stopped}"),
            (TaskDiagStrategy.Children, stopped, $"{stopped}"), (TaskDiagStrategy.Thread, stopped, $"{stopped}"),
            (TaskDiagStrategy.AllThread, tid, $"{stopped}/task/{tid}"), (TaskDiagStrategy.Thread, tid, $"{stopped}/task/{tid}"),
        ];
        foreach ((TaskDiagStrategy strategy, int pid, string task) in cases)
        {
            foreach (List<TaskDraft> tasks in both.Ask(TaskDiagShow.Base | TaskDiagShow.ExtSched, strategy, strategy == TaskDiagStrategy.Children ? program.Pid : pid))
            {
                Assert.True(tasks.Single(told => told.Tid == pid).Sched.ExitCode == ExitCode($"{task}/stat"), $"{strategy} {task}");
            }
        }
    }

    [LinuxFact("gcc", Root = true, Bpf = true)]
    public void What_the_threads_of_a_dead_leader_share_is_told_from_a_living_one()
    {
        using ChildProcess zombie = Workload.Start("zombie");
        int headless = File.ReadAllText($"/proc/{zombie.Pid}/task/{zombie.Pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(int.Parse).Single(pid => Directory.GetDirectories($"/proc/{pid}/task").Length > 1);
        int survivor = Directory.GetDirectories($"/proc/{headless}/task").Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture)).Max();
        using BothPrograms both = new();

        // It alone, so that no other process of the same program and folder is there to be asked for them.
        foreach (ProcessTree tree in both.Collect(new CollectOptions { Pid = headless }))
        {
            ProcessEntry process = tree.Processes.Single();
            Assert.Equal(TaskState.Zombie, process.Leader.State);
            Assert.Empty(tree.Gaps);
            Assert.Equal(Link("exe"), process.Exe?.ToString());
            Assert.Equal(Link("cwd"), process.Cwd?.ToString());
            Assert.Equal(Link("root"), process.Root?.ToString());
            Assert.Equal(File.ReadLines($"/proc/{headless}/task/{survivor}/maps").Count(), process.Space!.Vmas.Length);
        }

        string? Link(string name) => new FileInfo($"/proc/{headless}/task/{survivor}/{name}").LinkTarget;
    }

    [LinuxFact("gcc", Root = true, Bpf = true)]
    public void Texts_that_are_too_long_to_be_read_are_gaps_as_by_procfs()
    {
        using TempFolder folder = new();
        using ChildProcess program = Workload.Start("limits", folder.FullName);
        using BothPrograms both = new();
        foreach (ProcessTree tree in both.AssertSameImage(program.Pid))
        {
            ProcessEntry process = tree.Processes.Single();
            Assert.Contains(new Gap(program.Pid, program.Pid, CapturePart.Cwd, Interop.Errno.ENAMETOOLONG), tree.Gaps);
            Assert.Null(process.Cwd);
            Assert.True(process.Environ is not null || tree.Gaps.Any(gap => gap.Part == CapturePart.Environ), "an environment that is missing without a gap");
        }
    }

    private static int ExitCode(string path) => int.Parse(File.ReadAllText("/proc/" + path).TrimEnd().Split(' ')[^1], CultureInfo.InvariantCulture);
}
