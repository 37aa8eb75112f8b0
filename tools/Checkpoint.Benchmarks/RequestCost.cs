using System;
using System.Diagnostics;
using System.Linq;
using Checkpoint.Linux.Transports;
using Checkpoint.TaskDiag;

namespace Checkpoint.Benchmarks;

/// <summary>Single requests to the procfs transport, and what they cost.</summary>
internal static class RequestCost
{
    /// <summary>Sends a request some times over and prints time and allocation per task.</summary>
    /// <param name="show">What.</param>
    /// <param name="strategy">Of which tasks.</param>
    /// <param name="pid">Whose.</param>
    /// <param name="times">How often.</param>
    internal static void Print(TaskDiagShow show, TaskDiagStrategy strategy, int pid, int times)
    {
        using ProcfsTaskDiag transport = new();
        byte[] buffer = new byte[2 * TaskDiagTransport.MinimumBuffer];
        TaskDiagRequest request = new(show, strategy, (uint)pid, 1);
        long tasks = 0;
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < times; i++)
        {
            tasks += TransportSide.Exchange(transport, request, buffer);
        }

        double nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        Console.WriteLine($"{tasks} tasks, {nanoseconds / Math.Max(tasks, 1):F0} ns each, {bytes} bytes allocated");
    }

    /// <summary>Asks for each attribute alone, then for some together, so that a trace of the system calls shows what each costs; its name is printed before.</summary>
    /// <param name="strategy">Of which tasks.</param>
    /// <param name="pid">Whose.</param>
    internal static void PrintEach(TaskDiagStrategy strategy, int pid)
    {
        using ProcfsTaskDiag transport = new();
        byte[] buffer = new byte[2 * TaskDiagTransport.MinimumBuffer];
        foreach (TaskDiagShow show in Enum.GetValues<TaskDiagShow>().Where(show => show != TaskDiagShow.Hidden))
        {
            foreach (TaskDiagShow asked in (TaskDiagShow[])[show, show | TaskDiagShow.Hidden])
            {
                // VMA_STAT means nothing without VMA.
                Ask(transport, show == TaskDiagShow.VmaStat ? asked | TaskDiagShow.Vma : asked, strategy, pid, buffer);
            }
        }

        TaskDiagShow several = TaskDiagShow.Base | TaskDiagShow.Cred | TaskDiagShow.Stat | TaskDiagShow.Statm | TaskDiagShow.Cmdline;
        Ask(transport, several, strategy, pid, buffer);
        Console.WriteLine("request end");
    }

    private static void Ask(ProcfsTaskDiag transport, TaskDiagShow show, TaskDiagStrategy strategy, int pid, byte[] buffer)
    {
        Console.WriteLine($"request {show}");
        _ = TransportSide.Exchange(transport, new TaskDiagRequest(show, strategy, (uint)pid, 1), buffer);
    }
}
