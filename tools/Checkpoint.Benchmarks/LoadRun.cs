using System;
using System.Collections.Generic;
using System.Linq;
using Checkpoint.Linux;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Transports;

namespace Checkpoint.Benchmarks;

/// <summary>From how many processes on a capture is faster when it loads the BPF programs first.</summary>
internal static class LoadRun
{
    private const int WarmUps = 3;
    private const int ProcessCpuClock = 2; // CLOCK_PROCESS_CPUTIME_ID

    /// <summary>Captures trees of several sizes by both, in turn, and prints the medians.</summary>
    /// <param name="sizes">As <see cref="Crowd"/> takes them.</param>
    /// <param name="pairs">How many pairs count.</param>
    internal static void Print(IEnumerable<string> sizes, int pairs)
    {
        foreach (string size in sizes)
        {
            using Crowd crowd = new(size);
            List<(SideCost Bpf, SideCost Procfs)> measured = [];
            for (int pair = -WarmUps; pair < pairs; pair++)
            {
                (SideCost, SideCost) both = (Capture(crowd.Pid, TransportKind.Bpf), Capture(crowd.Pid, TransportKind.Procfs));
                if (pair >= 0)
                {
                    measured.Add(both);
                }
            }

            Console.WriteLine(
                $"{size} processes: elapsed {Median(measured.Select(m => m.Bpf.Elapsed))} ms by BPF, loading it, "
                + $"{Median(measured.Select(m => m.Procfs.Elapsed))} ms by procfs; "
                + $"cpu {Median(measured.Select(m => m.Bpf.Cpu))} and {Median(measured.Select(m => m.Procfs.Cpu))} ms");
        }
    }

    private static SideCost Capture(int pid, TransportKind kind)
    {
        long cpu = Libc.Nanoseconds(ProcessCpuClock);
        long start = Libc.Nanoseconds(Libc.CLOCK_MONOTONIC);
        int processes = Collector.Collect(new CollectOptions { Pid = pid, Transport = kind }).Processes.Count;
        return new SideCost(processes, Libc.Nanoseconds(Libc.CLOCK_MONOTONIC) - start, Libc.Nanoseconds(ProcessCpuClock) - cpu);
    }

    private static string Median(IEnumerable<long> nanoseconds)
    {
        long[] sorted = [.. nanoseconds.Order()];
        return (sorted[sorted.Length / 2] / 1e6).ToString("F1", System.Globalization.CultureInfo.InvariantCulture);
    }
}
