using System;
using System.Collections.Generic;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Transports;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux;

/// <summary>Finds what an answer left out without a word, by what <c>/proc</c> lists.</summary>
public static class HiddenTasks
{
    /// <summary>The time by which tasks must have been there, in clock ticks since boot.</summary>
    /// <returns>Now, for <see cref="Count"/> later.</returns>
    public static ulong Now() => (ulong)(Libc.Nanoseconds(Libc.CLOCK_BOOTTIME) / (1_000_000_000 / Libc.sysconf(Libc._SC_CLK_TCK)));

    /// <summary>Counts tasks that are listed, were there when the request was sent, and are not in the answer.</summary>
    /// <param name="strategy">Of the request.</param>
    /// <param name="pid">Of the request.</param>
    /// <param name="told">The ids of the tasks in the answer.</param>
    /// <param name="sent">When it was sent.</param>
    /// <returns>How many; 0 where <c>/proc</c> does not list them either.</returns>
    public static int Count(TaskDiagStrategy strategy, int pid, IReadOnlySet<int> told, ulong sent)
    {
        using ProcfsTaskDiag procfs = new();
        byte[] buffer = new byte[TaskDiagTransport.MinimumBuffer];
        List<int> missing = [];
        Ask(procfs, TaskDiagShow.Hidden, strategy, pid, buffer, (tid, _) =>
        {
            if (!told.Contains(tid))
            {
                missing.Add(tid);
            }
        });
        int count = 0;
        foreach (int tid in missing)
        {
            Ask(procfs, TaskDiagShow.Hidden | TaskDiagShow.ExtSched, TaskDiagStrategy.One, tid, buffer, (_, start) => count += start > 0 && start < sent ? 1 : 0);
        }

        return count;
    }

    private delegate void Found(int tid, ulong startTimeTicks);

    private static void Ask(ProcfsTaskDiag procfs, TaskDiagShow show, TaskDiagStrategy strategy, int pid, byte[] buffer, Found found)
    {
        try
        {
            procfs.Send(new TaskDiagRequest(show, strategy, (uint)pid, 0));
            int length;
            while ((length = procfs.Read(buffer)) > 0)
            {
                TaskDiagReader reader = new(buffer.AsSpan(0, length));
                while (reader.NextMessage())
                {
                    ulong start = 0;
                    while (reader.NextAttribute())
                    {
                        start = reader.Type == TaskDiagAttribute.ExtSched ? TaskDiagExtSched.Read(reader.Payload).StartTimeTicks : start;
                    }

                    found((int)reader.Pid, start);
                }
            }
        }
        catch (KernelException)
        {
            procfs.Cancel(); // gone since
        }
    }
}
