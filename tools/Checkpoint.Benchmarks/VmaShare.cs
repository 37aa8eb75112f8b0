using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Checkpoint.Imaging;
using Checkpoint.Linux;
using Checkpoint.Linux.Interop;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Benchmarks;

/// <summary>
/// What the VMAs of many processes cost beyond the kernel's part: decoding their records, telling files apart, finding equal
/// lists, encoding and compressing. The kernel's part is taken from a C program that makes the same ioctls and does no more.
/// </summary>
internal static class VmaShare
{
    private const int ProcessCpuClock = 2; // CLOCK_PROCESS_CPUTIME_ID: compression too

    /// <summary>Measures in turn, and prints medians.</summary>
    /// <param name="size">The processes, as <see cref="Crowd"/> takes it.</param>
    /// <param name="rounds">How often.</param>
    internal static void Print(string size, int rounds)
    {
        using Crowd crowd = new(size);
        using ReadingSide kernel = new(["procmap"]);
        ProcessTree tree = Scattered(Collector.Collect(new CollectOptions { Pid = crowd.Pid }));
        List<byte[]> recorded = Record();
        List<double> shares = [];
        List<(double Kernel, double Decode, double Encode)> times = [];
        long bytes = 0;
        for (int i = 0; i < rounds + 2; i++)
        {
            double told = kernel.Run().Cpu / 1e6;
            double decode = Time(() => Decode(recorded));
            double encode = Time(() => bytes = Encode(tree)) - Time(() => Encode(WithoutVmas(tree)));
            if (i >= 2)
            {
                shares.Add((decode + encode) / told);
                times.Add((told, decode, encode));
            }
        }

        int vmas = tree.Processes.Sum(process => process.Space?.Vmas.Length ?? 0);
        Console.WriteLine($"{tree.Processes.Count} processes, {vmas} VMAs, no two lists equal, image of {bytes} bytes; processor time, medians of {rounds}");
        Console.WriteLine($"kernel {Median(times.Select(t => t.Kernel)):F1} ms (C program with the same ioctls)");
        Console.WriteLine($"decode {Median(times.Select(t => t.Decode)):F1} ms, encode and compress {Median(times.Select(t => t.Encode)):F1} ms");
        Console.WriteLine($"decode and encode / kernel {Median(shares):P0}");
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private static double Time(Action work)
    {
        long start = Libc.Nanoseconds(ProcessCpuClock);
        work();
        return (Libc.Nanoseconds(ProcessCpuClock) - start) / 1e6;
    }

    /// <summary>The answer about all VMAs, part by part.</summary>
    private static List<byte[]> Record()
    {
        using Linux.Transports.ProcfsTaskDiag transport = new();
        byte[] buffer = new byte[2 * Linux.Transports.TaskDiagTransport.MinimumBuffer];
        List<byte[]> parts = [];
        transport.Send(new TaskDiagRequest(TaskDiagShow.Vma | TaskDiagShow.ExtBuildIds | TaskDiagShow.ExtPageSizes, TaskDiagStrategy.All, 0, 1));
        int length;
        while ((length = transport.Read(buffer)) > 0)
        {
            parts.Add(buffer.AsSpan(0, length).ToArray());
        }

        return parts;
    }

    private static void Decode(List<byte[]> parts)
    {
        VmaList list = new();
        List<Vma[]> lists = [];
        foreach (byte[] part in parts)
        {
            TaskDiagReader reader = new(part);
            while (reader.NextMessage())
            {
                while (reader.NextAttribute())
                {
                    _ = list.Apply(reader.Type, reader.Payload);
                }

                if (!reader.Continued)
                {
                    lists.Add(list.Take(null, out _) ?? []);
                    list.Clear();
                }
            }
        }
    }

    private static long Encode(ProcessTree tree)
    {
        using MemoryStream image = new();
        ImageWriter.Write(image, tree);
        return image.Length;
    }

    /// <summary>Forked processes have equal lists, which cost next to nothing: here each lies elsewhere, as after an exec.</summary>
    internal static ProcessTree Scattered(ProcessTree tree)
    {
        Random random = new(1);
        return tree with { Processes = [.. tree.Processes.Select(process => process with { Space = Moved(process.Space, (ulong)random.Next(1 << 24) << 12) })] };
    }

    private static AddressSpace? Moved(AddressSpace? space, ulong by)
    {
        Vma[] vmas = space is null ? [] : space.Vmas.ToArray();
        foreach (ref Vma vma in vmas.AsSpan())
        {
            // The gate stays where it is.
            vma = (long)vma.Start < 0 ? vma : vma with { Start = vma.Start + by, End = vma.End + by };
        }

        return space is null ? null : new AddressSpace(vmas);
    }

    private static ProcessTree WithoutVmas(ProcessTree tree) =>
        tree with { Files = [], Processes = [.. tree.Processes.Select(process => process with { Space = null })] };
}
