using System;
using System.Collections.Generic;
using System.Linq;
using Checkpoint.Linux.Transports;
using Checkpoint.TaskDiag;

namespace Checkpoint.Benchmarks;

/// <summary>What a request about one task, or one task's children, costs on an empty machine and on a full one.</summary>
internal static class ScaleRun
{
    private const int Requests = 2000;

    /// <summary>Measures without and with a crowd, in turn.</summary>
    /// <param name="kind">The transport.</param>
    /// <param name="processes">The crowd.</param>
    internal static void Print(TransportKind kind, string processes)
    {
        using Crowd own = new("3");
        foreach (TaskDiagStrategy strategy in (TaskDiagStrategy[])[TaskDiagStrategy.One, TaskDiagStrategy.Children, TaskDiagStrategy.Thread])
        {
            using DecodingSide side = new(kind, TaskDiagShow.Base | TaskDiagShow.Cred, strategy, own.Pid);
            double empty = Median(side);
            double full;
            using (Crowd crowd = new(processes))
            {
                full = Median(side);
            }

            Console.WriteLine($"{side.Name}: {empty:F0} ns a request, with {processes} processes more {full:F0} ns, ratio {full / empty:F2}");
        }
    }

    private static double Median(DecodingSide side)
    {
        List<long> times = [];
        for (int i = -Requests; i < Requests; i++)
        {
            long elapsed = side.Run().Elapsed;
            if (i >= 0)
            {
                times.Add(elapsed);
            }
        }

        return times.Order().ElementAt(Requests / 2);
    }
}
