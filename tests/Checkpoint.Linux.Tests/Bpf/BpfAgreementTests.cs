using System;
using System.Linq;
using System.Text.Json;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Linux.Tests.Tasks;
using Checkpoint.Linux.Transports;
using Checkpoint.Model;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Linux.Tests.Bpf;

public sealed class BpfAgreementTests
{
    /// <summary>A child that is stopped, one that is stopped by its tracer, and one in a user and pid namespace of its own.</summary>
    private const string States = """
        import ctypes, os, signal, subprocess, time
        def child(traced):
            pid = os.fork()
            if pid == 0:
                ctypes.CDLL(None).prctl(1, signal.SIGKILL)
                if traced:
                    ctypes.CDLL(None).ptrace(0, 0, None, None)
                os.kill(os.getpid(), signal.SIGSTOP)
                os._exit(1)
            os.waitpid(pid, os.WUNTRACED)
        child(False)
        child(True)
        inner = subprocess.Popen(["unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child", "sleep", "600"])
        while not open(f"/proc/{inner.pid}/task/{inner.pid}/children").read() or open(f"/proc/{inner.pid}/status").read().find("sleeping") < 0:
            time.sleep(0.01)
        time.sleep(0.1)
        print("ready", flush=True)
        time.sleep(600)
        """;

    [LinuxFact("unshare", Oracle.Python, Root = true, Bpf = true)]
    public void Stopped_and_traced_tasks_and_those_of_other_user_and_pid_namespaces_are_as_proc_says()
    {
        using ChildProcess states = ChildProcess.Start([Oracle.Python, "-c", States]);
        JsonElement image = ImageComparison.AssertSame(states.Pid);
        Assert.Equal(
            ["sleeping", "sleeping", "sleeping", "stopped", "tracing-stop"],
            image.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("state").GetString()).Order(StringComparer.Ordinal));
        ProcessTree tree = BpfAgreement.AssertSameImage(states.Pid);
        Assert.Equal(2, tree.Processes.Select(process => process.Namespaces!.Value.User).Distinct().Count());
        Assert.Contains(tree.Processes, process => process.Leader.TracerPid == states.Pid);
    }

    [LinuxFact("gcc", Root = true, Bpf = true)]
    public void An_image_is_the_same_whichever_transport_it_comes_from()
    {
        using TempFolder folder = new();
        foreach (string[] line in (string[][])[["threads"], ["zombie"], ["deepns"], ["vmas", folder.FullName], ["tree", "4", "300"], ["manyvmas", "60000"]])
        {
            using ChildProcess workload = Workload.Start(line[0], line[1..]);
            ProcessTree tree = BpfAgreement.AssertSameImage(workload.Pid);
            Assert.True(line[0] != "manyvmas" || tree.Processes[0].Space!.Vmas.Length > 60000);
            Assert.True(line[0] != "vmas" || tree.Processes[0].Space!.Vmas.Length > 50);
            Assert.True(line[0] != "vmas" || tree.Files.Any(file => file.IsDeleted));
        }
    }

    [LinuxFact("gcc", Oracle.Python, Root = true, Bpf = true)]
    public void Files_and_programs_of_odd_names_are_as_proc_says()
    {
        // Not against procfs with all flags: text smaps has one and the same text for a newline and for a backslash and 012.
        using TempFolder folder = new();
        using ChildProcess odd = Workload.Start("oddnames", folder.FullName);
        ImageComparison.AssertSame(odd.Pid);
    }

    [LinuxFact("gcc", Root = true, Bpf = true)]
    public void Every_strategy_and_every_flag_has_procfs_answer_byte_for_byte()
    {
        using TransportChoice choice = TransportChoice.Make(TransportKind.Bpf, static () => false);
        using TaskDiagTransport bpf = choice.Open();
        BpfStrategies.AssertSame(bpf);
    }

    [LinuxFact("gcc", Oracle.Python, Root = true, Bpf = true)]
    public void Tasks_by_BPF_are_as_proc_says()
    {
        const string Everything = "cred,maps,stat,statm,transport=bpf";
        using ChildProcess threads = Workload.Start("threads");
        using ChildProcess zombie = Workload.Start("zombie");
        Assert.Equal(8, TasksOracle.AssertSame("threads", threads.Pid, Everything));
        Assert.Equal(2, TasksOracle.AssertSame("children", zombie.Pid, "cred,stat,transport=bpf"));
        Assert.Equal(1, TasksOracle.AssertSame("one", threads.Pid, "transport=bpf"));
        Assert.True(TasksOracle.AssertSame("all", 0, "cred,transport=bpf") > 5);
    }

    [LinuxFact(Bpf = true)]
    public void A_pid_that_is_not_there_is_ESRCH_and_the_next_request_is_answered()
    {
        using TransportChoice choice = TransportChoice.Make(TransportKind.Bpf, static () => false);
        using TaskDiagTransport bpf = choice.Open();
        foreach (TaskDiagStrategy strategy in (TaskDiagStrategy[])[TaskDiagStrategy.One, TaskDiagStrategy.Thread, TaskDiagStrategy.Children])
        {
            foreach (uint pid in (uint[])[0, 4_194_305, int.MaxValue, uint.MaxValue])
            {
                Interop.KernelException e = Assert.Throws<Interop.KernelException>(() => bpf.Send(new TaskDiagRequest(TaskDiagShow.Base, strategy, pid, 1)));
                Assert.Equal(Interop.Errno.ESRCH, e.Errno);
                bpf.Send(new TaskDiagRequest(TaskDiagShow.Base, TaskDiagStrategy.One, (uint)System.Environment.ProcessId, 2));
                Assert.Equal(Interop.Errno.EBUSY, Assert.Throws<Interop.KernelException>(() => bpf.Send(new TaskDiagRequest(TaskDiagShow.Base, strategy, pid, 1))).Errno);
                Assert.True(bpf.Read(new byte[TaskDiagTransport.MinimumBuffer]) > 0);
                bpf.Cancel();
            }
        }

        Assert.Equal(Interop.Errno.EINVAL, Assert.Throws<Interop.KernelException>(() => bpf.Send(new TaskDiagRequest(TaskDiagShow.Base, (TaskDiagStrategy)5, 1, 1))).Errno);
    }

    [LinuxFact("unshare", Root = true, Bpf = true)]
    public void Programs_are_not_used_beside_a_proc_of_another_pid_namespace()
    {
        // Names and paths of process 1 here would be those of the machine's process 1.
        RunResult run = Tool.Run(["unshare", "--pid", "--fork", .. Ckpt.Command("tasks", "one", "-p", "1", "--maps", "--transport", "bpf")], Ckpt.Variables);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Equal("", run.Text);
        Assert.Contains("pid namespace", run.Stderr, StringComparison.Ordinal);

        // With its own /proc it is right.
        run = Tool.Run(["unshare", "--pid", "--fork", "--mount-proc", .. Ckpt.Command("tasks", "one", "-p", "1", "--maps", "--transport", "bpf")], Ckpt.Variables).Expect(0);
        Assert.Contains(" 1 ", run.Text, StringComparison.Ordinal);
    }

    [LinuxFact("unshare", "nsenter", Root = true, Bpf = true, HiddenPid1 = true)]
    public void A_task_that_the_kernel_keeps_from_BPF_programs_is_read_by_procfs()
    {
        using PrivateBpffs place = new();
        place.Program("bpf", "install").Expect(0);
        RunResult tasks = place.Program("tasks", "one", "-v", "-p", "1", "--hidden").Expect(0);
        Assert.Contains("\n      1       1 ", tasks.Text, StringComparison.Ordinal);
        tasks = place.Program("tasks", "one", "-v", "-p", "1").Expect(5);
        Assert.True(tasks.Stderr.Contains("transport: bpf: the programs are pinned\n", StringComparison.Ordinal), tasks.Stderr);
        using TempFolder folder = new();
        place.Program("dump", "--no-children", "--allow-partial", "-p", "1", "-o", folder["a.ckpt"]).Expect(0);
        Assert.Equal(1, Ckpt.Run("inspect", folder["a.ckpt"], "--json").Json.GetProperty("processes")[0].GetProperty("pid").GetInt32());
    }
}
