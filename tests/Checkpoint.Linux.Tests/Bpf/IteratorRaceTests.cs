using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Checkpoint.Linux.Bpf;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Linux.Transports;
using Checkpoint.Model;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Linux.Tests.Bpf;

/// <summary>Iterators hold nothing from one read to the next: what they pass over changes meanwhile.</summary>
public sealed class IteratorRaceTests
{
    [LinuxFact("gcc", Root = true, Bpf = true)]
    public void Lists_of_an_address_space_whose_lock_is_fought_for_are_sorted_and_keep_what_lasts()
    {
        using ChildProcess storm = Workload.Start("mapstorm", "4");
        string[] lasting = BpfRaceTests.LastingNames(storm.Pid);
        using BpfProgram programs = BpfLoader.LoadIterators(1);
        for (int i = 0; i < 150; i++)
        {
            // A limit below the length of the list makes the kernel let go of the lock in any case.
            ProcessTree tree = Collect(storm.Pid, () => new BpfIterTaskDiag(programs, new BuildIdCache(), limit: 1000));
            ProcessEntry process = tree.Processes.Single();
            Assert.Empty(tree.Gaps);
            BpfRaceTests.AssertSorted(process);
            HashSet<string> names = [.. process.Space!.Vmas.ToArray().Where(vma => vma.File >= 0).Select(vma => tree.Files[vma.File].Name.ToString())];
            Assert.Empty(lasting.Except(names));
        }
    }

    [LinuxFact("gcc", Root = true, Bpf = true)]
    public void Trees_that_fork_exec_and_exit_hundreds_of_times_a_second_are_told_of_in_whole_messages()
    {
        using ChildProcess storm = Workload.Start("storm", "600");
        using BpfProgram programs = BpfLoader.LoadIterators(BpfProgram.DefaultSlots);
        int events = 0;
        for (int i = 0; i < 25; i++)
        {
            ProcessTree tree = Collect(storm.Pid, () => new BpfIterTaskDiag(programs, new BuildIdCache()));
            Assert.All(tree.Gaps, gap => Assert.True(gap.IsExit, gap.ToString()));
            Assert.All(tree.Processes, BpfRaceTests.AssertSorted);
            Assert.All(tree.Processes, process => Assert.Equal(process.Threads.Select(thread => thread.Tid).Order().Distinct(), process.Threads.Select(thread => thread.Tid)));
            events += tree.Events.Count;
        }

        Assert.True(events > 0);
    }

    [LinuxFact("gcc", Root = true, Bpf = true)]
    public void Every_message_that_is_to_be_continued_is_although_its_task_exits_meanwhile()
    {
        const TaskDiagShow Show = TaskDiagShow.Base | TaskDiagShow.Cred | TaskDiagShow.Statm | TaskDiagShow.ExtUmask | TaskDiagShow.Vma | TaskDiagShow.ExtTotalVm;
        using ChildProcess storm = Workload.Start("storm", "600");
        using BpfProgram programs = BpfLoader.LoadIterators(1);
        using BpfIterTaskDiag iterators = new(programs, new BuildIdCache(), limit: 1000);
        byte[] buffer = new byte[2 * TaskDiagTransport.MinimumBuffer];
        int continued = 0;
        for (int i = 0; i < 40; i++)
        {
            iterators.Send(new TaskDiagRequest(Show, TaskDiagStrategy.All, 0, 1));
            uint open = 0;
            HashSet<uint> told = [];
            int length;
            while ((length = iterators.Read(buffer)) > 0)
            {
                TaskDiagReader reader = new(buffer.AsSpan(0, length));
                while (reader.NextMessage())
                {
                    Assert.True(open == 0 || open == reader.Pid, $"{reader.Pid} where {open} was to be continued");
                    open = reader.Continued ? reader.Pid : 0;
                    Assert.True(open != 0 || told.Add(reader.Pid), $"{reader.Pid} is told twice");
                    continued += reader.Continued ? 1 : 0;
                    while (reader.NextAttribute())
                    {
                    }
                }
            }

            Assert.Equal(0u, open);
        }

        Assert.True(continued > 40);
    }

    private static ProcessTree Collect(int pid, Func<TaskDiagTransport> open) =>
        Collector.Collect(new CollectOptions { Pid = pid }, () => new TaskSource(open(), new ProcfsTaskDiag()), CancellationToken.None);
}
