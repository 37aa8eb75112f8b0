using System;
using System.Collections.Generic;
using Checkpoint.Linux.Transports;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Tests.Transports;

/// <summary>Whole transactions with a transport.</summary>
internal static class Exchange
{
    /// <summary>Sends a request and reads all of the answer.</summary>
    /// <param name="transport">To whom.</param>
    /// <param name="show">What.</param>
    /// <param name="strategy">Of which tasks.</param>
    /// <param name="pid">Whose.</param>
    /// <returns>Process and thread of each task told of, and the numbers of its attributes, in order.</returns>
    internal static List<(int Tgid, int Tid, List<TaskDiagAttribute> Attributes)> Ask(
        this TaskDiagTransport transport, TaskDiagShow show, TaskDiagStrategy strategy, int pid = 0)
    {
        List<(int, int, List<TaskDiagAttribute>)> tasks = [];
        List<TaskDiagAttribute> attributes = [];
        byte[] buffer = new byte[2 * TaskDiagTransport.MinimumBuffer];
        transport.Send(new TaskDiagRequest(show, strategy, (uint)pid, 1));
        int length;
        while ((length = transport.Read(buffer)) > 0)
        {
            TaskDiagReader reader = new(buffer.AsSpan(0, length));
            while (reader.NextMessage())
            {
                while (reader.NextAttribute())
                {
                    attributes.Add(reader.Type);
                }

                if (!reader.Continued)
                {
                    tasks.Add(((int)reader.Tgid, (int)reader.Pid, attributes));
                    attributes = [];
                }
            }
        }

        return tasks;
    }
}
