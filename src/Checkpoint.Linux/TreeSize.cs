using System;
using System.Collections.Generic;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.Linux.Transports;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux;

/// <summary>How large a tree is, roughly and cheaply: what decides whether loading BPF programs pays.</summary>
public static class TreeSize
{
    /// <summary>Whether a tree has so many processes. Children of threads other than the leaders are not looked for.</summary>
    /// <param name="root">Its root.</param>
    /// <param name="count">How many.</param>
    internal static bool IsAtLeast(int root, int count)
    {
        if (TasksOnMachine() < count)
        {
            return false;
        }

        using ProcfsTaskDiag procfs = new();
        byte[] buffer = new byte[TaskDiagTransport.MinimumBuffer];
        HashSet<int> found = [root];
        Queue<int> parents = new(found);
        while (found.Count < count && parents.TryDequeue(out int parent))
        {
            try
            {
                procfs.Send(new TaskDiagRequest(TaskDiagShow.Hidden, TaskDiagStrategy.Children, (uint)parent, 0));
                int length;
                while ((length = procfs.Read(buffer)) > 0)
                {
                    TaskDiagReader reader = new(buffer.AsSpan(0, length));
                    while (reader.NextMessage())
                    {
                        if (found.Add((int)reader.Tgid))
                        {
                            parents.Enqueue((int)reader.Tgid);
                        }
                    }
                }
            }
            catch (KernelException)
            {
                procfs.Cancel(); // gone since: no children
            }
        }

        return found.Count >= count;
    }

    /// <summary>Whether the machine has so many processes, going by its threads.</summary>
    /// <param name="count">How many.</param>
    public static bool MachineHas(int count) => TasksOnMachine() >= count;

    /// <summary>The fourth field of <c>/proc/loadavg</c>, "running/all": threads.</summary>
    internal static int TasksOnMachine()
    {
        byte[] text = new byte[128];
        int length = ProcFile.ReadOnce(Libc.AT_FDCWD, "/proc/loadavg\0"u8, ref text);
        int slash = text.AsSpan(0, Math.Max(length, 0)).IndexOf((byte)'/');
        return slash < 0 ? 0 : (int)new ByteCursor(text.AsSpan(slash + 1, length - slash - 1)).NextUnsigned();
    }
}
