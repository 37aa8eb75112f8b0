using System;
using System.Linq;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Linux.Transports;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Linux.Tests.Transports;

public sealed class AllocationTests
{
    private readonly byte[] _buffer = new byte[2 * TaskDiagTransport.MinimumBuffer];

    [LinuxFact("gcc")]
    public void A_task_costs_no_allocation()
    {
        using ChildProcess tree = Workload.Start("tree", "10", "300");
        using ProcfsTaskDiag transport = new();
        TaskDiagShow show = TaskDiagShow.Base | TaskDiagShow.Cred | TaskDiagShow.Stat | TaskDiagShow.Statm | TaskDiagShow.Cmdline;
        Assert.Equal(0, LeastAllocated(transport, new TaskDiagRequest(show, TaskDiagStrategy.All, 0, 1), 300));
    }

    [LinuxFact("gcc")]
    public void A_thread_and_the_extensions_cost_no_allocation()
    {
        using ChildProcess threads = Workload.Start("threads");
        using ProcfsTaskDiag transport = new();
        TaskDiagShow show = Enum.GetValues<TaskDiagShow>().Aggregate((a, b) => a | b) & ~TaskDiagShow.VmaStat;
        Assert.Equal(0, LeastAllocated(transport, new TaskDiagRequest(show, TaskDiagStrategy.Thread, (uint)threads.Pid, 1), 8));
    }

    [LinuxFact("gcc")]
    public void A_VMA_costs_no_allocation_whatever_it_is_read_from()
    {
        using ChildProcess many = Workload.Start("manyvmas", "5000");
        foreach ((bool text, TaskDiagShow show) in ((bool, TaskDiagShow)[])
            [(false, TaskDiagShow.Vma), (true, TaskDiagShow.Vma), (false, TaskDiagShow.Vma | TaskDiagShow.VmaStat)])
        {
            using ProcfsTaskDiag transport = new(text);
            Assert.Equal(0, LeastAllocated(transport, new TaskDiagRequest(show, TaskDiagStrategy.One, (uint)many.Pid, 1), 1));
        }
    }

    /// <summary>The least that one of several transactions allocated: buffers grow at first, and when others start processes.</summary>
    private long LeastAllocated(ProcfsTaskDiag transport, TaskDiagRequest request, int atLeastTasks)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 6; i++)
        {
            int tasks = 0;
            long before = GC.GetAllocatedBytesForCurrentThread();
            transport.Send(request);
            int length;
            while ((length = transport.Read(_buffer)) > 0)
            {
                TaskDiagReader reader = new(_buffer.AsSpan(0, length));
                while (reader.NextMessage())
                {
                    tasks += reader.Continued ? 0 : 1;
                }
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.True(tasks >= atLeastTasks, $"{tasks} tasks");
        }

        return least;
    }
}
