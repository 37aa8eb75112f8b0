using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Linux.Transports;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Linux.Tests.Transports;

public sealed class ProcfsTaskDiagTests : IDisposable
{
    private const int NoSuchPid = 4_194_305; // above the highest that the kernel can be set to

    private readonly ProcfsTaskDiag _transport = new();

    public void Dispose() => _transport.Dispose();

    private static int[] Numbers(string folder) =>
        [.. Directory.EnumerateDirectories(folder)
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)
            .Where(number => number > 0).Order()];

    private IEnumerable<int> Tids(TaskDiagStrategy strategy, int pid = 0) =>
        _transport.Ask(TaskDiagShow.Hidden, strategy, pid).Select(task => task.Tid);

    [LinuxFact("gcc")]
    public void ONE_tells_of_a_process_or_of_a_single_thread()
    {
        using ChildProcess child = Workload.Start("threads");
        foreach (int tid in Numbers($"/proc/{child.Pid}/task"))
        {
            (int tgid, int told, _) = Assert.Single(_transport.Ask(TaskDiagShow.Base, TaskDiagStrategy.One, tid));
            Assert.Equal((child.Pid, tid), (tgid, told));
        }
    }

    [LinuxFact("gcc")]
    public void THREAD_tells_of_all_threads_whichever_of_them_is_named()
    {
        using ChildProcess child = Workload.Start("threads");
        int[] threads = Numbers($"/proc/{child.Pid}/task");
        Assert.Equal(8, threads.Length);
        foreach (int tid in threads)
        {
            Assert.Equal(threads, Tids(TaskDiagStrategy.Thread, tid));
        }
    }

    [LinuxFact("gcc")]
    public void THREAD_tells_with_the_leader_alone_what_the_threads_share()
    {
        using ChildProcess child = Workload.Start("threads");
        TaskDiagShow all = TaskDiagShows.Standard | TaskDiagShow.ExtExe | TaskDiagShow.ExtMm | TaskDiagShow.ExtGroupStat | TaskDiagShow.ExtNamespaces;
        foreach ((int tgid, int tid, List<TaskDiagAttribute> attributes) in _transport.Ask(all, TaskDiagStrategy.Thread, child.Pid))
        {
            TaskDiagAttribute[] own = [TaskDiagAttribute.Base, TaskDiagAttribute.Cred, TaskDiagAttribute.Stat];
            TaskDiagAttribute[] shared =
            [
                TaskDiagAttribute.Statm, TaskDiagAttribute.Vma, TaskDiagAttribute.Cmdline, TaskDiagAttribute.ExtExe, TaskDiagAttribute.ExtMm,
                TaskDiagAttribute.ExtGroupStat, TaskDiagAttribute.ExtNamespaces,
            ];
            Assert.Equal((tid == tgid ? own.Concat(shared) : own).Order(), attributes.Order());
        }
    }

    [LinuxFact("gcc")]
    public void CHILDREN_tells_of_the_children_of_one_process()
    {
        using ChildProcess tree = Workload.Start("tree", "5", "6");
        int[] children = Tids(TaskDiagStrategy.Children, tree.Pid).ToArray();
        string[] listed = File.ReadAllText($"/proc/{tree.Pid}/task/{tree.Pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(listed, children.Select(pid => pid.ToString(CultureInfo.InvariantCulture)));
        Assert.Equal(5, children.Length);
        Assert.Empty(Tids(TaskDiagStrategy.Children, children[0]));
    }

    [LinuxFact("sleep")]
    public void CHILDREN_of_a_thread_are_those_that_it_made_itself()
    {
        int tid = 0;
        using Process sleep = new() { StartInfo = new ProcessStartInfo("sleep", "100") };
        using ManualResetEventSlim started = new();
        using ManualResetEventSlim end = new();
        Thread maker = new(() =>
        {
            tid = NativeCalls.gettid();
            sleep.Start();
            started.Set();
            end.Wait();
        });
        maker.Start();
        started.Wait();
        Assert.Equal([sleep.Id], Tids(TaskDiagStrategy.Children, tid));
        Assert.DoesNotContain(sleep.Id, Tids(TaskDiagStrategy.Children, System.Environment.ProcessId));
        end.Set();
        maker.Join();
        sleep.Kill();
        sleep.WaitForExit();
    }

    [LinuxFact("gcc")]
    public void ALL_tells_of_every_process_and_ALL_THREAD_of_every_thread_in_order()
    {
        using ChildProcess tree = Workload.Start("tree", "10", "200");
        using ChildProcess threads = Workload.Start("threads");
        int[] before = Numbers("/proc");
        int[] all = Tids(TaskDiagStrategy.All).ToArray();
        List<(int Tgid, int Tid, List<TaskDiagAttribute>)> each = _transport.Ask(TaskDiagShow.Hidden, TaskDiagStrategy.AllThread);
        HashSet<int> after = [.. Numbers("/proc")];

        // Others come and go meanwhile; what was there before and after must have been seen.
        int[] stayed = [.. before.Where(after.Contains)];
        Assert.True(stayed.Length > 200);
        Assert.Empty(stayed.Except(all));
        Assert.Equal(all.Order(), all);
        Assert.Equal(all.Distinct(), all);
        Assert.Empty(stayed.Except(each.Select(task => task.Tgid)));
        Assert.Equal(Numbers($"/proc/{threads.Pid}/task"), each.Where(task => task.Tgid == threads.Pid).Select(task => task.Tid));
    }

    [LinuxFact]
    public void A_pid_that_is_not_there_is_ESRCH()
    {
        foreach (TaskDiagStrategy strategy in (TaskDiagStrategy[])[TaskDiagStrategy.One, TaskDiagStrategy.Thread, TaskDiagStrategy.Children])
        {
            foreach (uint pid in (uint[])[0, NoSuchPid, int.MaxValue, uint.MaxValue])
            {
                KernelException e = Assert.Throws<KernelException>(() =>
                {
                    _transport.Send(new TaskDiagRequest(TaskDiagShow.Base, strategy, pid, 1));
                    _transport.Read(new byte[TaskDiagTransport.MinimumBuffer]);
                });
                Assert.Equal(Errno.ESRCH, e.Errno);

                // The request is over.
                Assert.Single(_transport.Ask(TaskDiagShow.Base, TaskDiagStrategy.One, System.Environment.ProcessId));
            }
        }
    }

    [LinuxFact]
    public void An_unknown_strategy_is_EINVAL()
    {
        Assert.Equal(Errno.EINVAL, Assert.Throws<KernelException>(() => _transport.Ask(TaskDiagShow.Base, (TaskDiagStrategy)5)).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<KernelException>(() => _transport.Ask(TaskDiagShow.Base, (TaskDiagStrategy)ulong.MaxValue)).Errno);
    }

    [LinuxFact]
    public void A_request_before_the_end_of_the_last_answer_is_EBUSY_until_it_is_cancelled()
    {
        TaskDiagRequest request = new(TaskDiagShow.Base, TaskDiagStrategy.All, 0, 1);
        _transport.Send(request);
        Assert.Equal(Errno.EBUSY, Assert.Throws<KernelException>(() => _transport.Send(request)).Errno);
        Assert.True(_transport.Read(new byte[TaskDiagTransport.MinimumBuffer]) > 0);
        Assert.Equal(Errno.EBUSY, Assert.Throws<KernelException>(() => _transport.Send(request)).Errno);
        _transport.Cancel();
        Assert.Equal(0, _transport.Read(new byte[TaskDiagTransport.MinimumBuffer]));
        Assert.NotEmpty(_transport.Ask(TaskDiagShow.Base, TaskDiagStrategy.All));
    }

    [LinuxFact("gcc", Root = true)]
    public void Tasks_that_the_caller_may_not_look_into_are_told_of_only_when_hidden_ones_are_asked_for()
    {
        using ChildProcess roots = Workload.Start("tree", "1", "1");
        using ChildProcess nobodys = Workload.StartAsNobody("tree", "1", "1");
        Exception? failure = null;
        Thread user = new(() => failure = Record.Exception(() =>
        {
            NativeCalls.BecomeUser(User.NobodyId);
            using ProcfsTaskDiag transport = new();
            foreach (TaskDiagShow show in (TaskDiagShow[])[TaskDiagShow.None, TaskDiagShow.Base, TaskDiagShow.Cred, TaskDiagShow.Base | TaskDiagShow.Cred | TaskDiagShow.Cmdline])
            {
                int[] seen = transport.Ask(show, TaskDiagStrategy.All).Select(task => task.Tid).ToArray();
                Assert.Contains(nobodys.Pid, seen);
                Assert.DoesNotContain(roots.Pid, seen);
                Assert.DoesNotContain(1, seen);
                Assert.Empty(transport.Ask(show, TaskDiagStrategy.One, roots.Pid));
                Assert.Empty(transport.Ask(show, TaskDiagStrategy.Thread, roots.Pid));
                Assert.Contains(roots.Pid, transport.Ask(show | TaskDiagShow.Hidden, TaskDiagStrategy.All).Select(task => task.Tid));
            }
        }));
        user.Start();
        user.Join();
        Assert.Null(failure);
    }
}
