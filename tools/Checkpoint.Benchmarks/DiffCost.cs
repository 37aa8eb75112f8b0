using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Checkpoint.Diffing;
using Checkpoint.Imaging;
using Checkpoint.Linux;
using Checkpoint.Model;

namespace Checkpoint.Benchmarks;

/// <summary>
/// What comparing two images costs next to reading them both. The images are made of real processes, no two lists of VMAs
/// equal; in the second every process has grown: one VMA and several counters of each differ.
/// </summary>
internal static class DiffCost
{
    /// <summary>Makes the images, and has a process of its own measure, so that only comparing counts as its memory.</summary>
    /// <param name="size">The processes, as <see cref="Crowd"/> takes it.</param>
    /// <param name="rounds">How often.</param>
    internal static void Print(string size, int rounds)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ckpt-bench-");
        try
        {
            string old = Path.Combine(folder.FullName, "old.ckpt");
            string @new = Path.Combine(folder.FullName, "new.ckpt");
            WriteImages(old, @new, size);
            foreach (string match in (string[])["identity", "role"])
            {
                using Process measured = Process.Start(Environment.ProcessPath!, ["diff-files", old, @new, match, rounds.ToString(CultureInfo.InvariantCulture)]);
                measured.WaitForExit();
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Writes the two images.</summary>
    /// <param name="old">The old image's path.</param>
    /// <param name="new">The new image's path.</param>
    /// <param name="size">The processes, as <see cref="Crowd"/> takes it.</param>
    internal static void WriteImages(string old, string @new, string size)
    {
        using Crowd crowd = new(size);
        ProcessTree tree = VmaShare.Scattered(Collector.Collect(new CollectOptions { Pid = crowd.Pid }));
        Write(old, tree);
        Write(@new, Later(tree));
    }

    /// <summary>Compares two images.</summary>
    /// <param name="old">The old image's path.</param>
    /// <param name="new">The new image's path.</param>
    /// <param name="match">identity, role or auto.</param>
    /// <param name="rounds">How often.</param>
    internal static void PrintFiles(string old, string @new, string match, int rounds)
    {
        MatchMode mode = Enum.Parse<MatchMode>(match, ignoreCase: true);
        List<(double Read, double Diff)> times = [];
        string found = "";
        for (int i = 0; i < rounds + 2; i++)
        {
            long start = Stopwatch.GetTimestamp();
            ProcessTree a = Read(old);
            ProcessTree b = Read(@new);
            long read = Stopwatch.GetTimestamp();
            TreeDiff diff = TreeDiff.Of(a, b, mode);
            long done = Stopwatch.GetTimestamp();
            if (i >= 2)
            {
                times.Add((Stopwatch.GetElapsedTime(start, read).TotalMilliseconds, Stopwatch.GetElapsedTime(read, done).TotalMilliseconds));
            }

            found = $"{a.Processes.Count} and {b.Processes.Count} processes, {Vmas(a)} and {Vmas(b)} VMAs; by {mode}: {diff.Processes.Count(p => p.Action == ChangeAction.Changed)} processes and {diff.Processes.Sum(p => p.Vmas.Count)} VMAs changed";
        }

        using Process self = Process.GetCurrentProcess();
        Console.WriteLine(found);
        Console.WriteLine(
            $"read both {Median(times.Select(t => t.Read)):F0} ms, compare {Median(times.Select(t => t.Diff)):F0} ms, ratio {Median(times.Select(t => t.Diff / t.Read)):F2} (medians of {rounds}); peak memory {self.PeakWorkingSet64 >> 20} MiB");
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private static int Vmas(ProcessTree tree) => tree.Processes.Sum(process => process.Space?.Vmas.Length ?? 0);

    private static ProcessTree Read(string path)
    {
        using FileStream input = File.OpenRead(path);
        return ImageReader.Read(input);
    }

    private static void Write(string path, ProcessTree tree)
    {
        using FileStream output = File.Create(path);
        ImageWriter.Write(output, tree);
    }

    private static ProcessTree Later(ProcessTree tree) => tree with { Processes = [.. tree.Processes.Select(Later)] };

    private static ProcessEntry Later(ProcessEntry process)
    {
        Vma[] vmas = process.Space is null ? [] : process.Space.Vmas.ToArray();
        for (int i = 0; i + 1 < vmas.Length; i++)
        {
            if (vmas[i + 1].Start - vmas[i].End >= 4096)
            {
                vmas[i] = vmas[i] with { End = vmas[i].End + 4096 };
                break;
            }
        }

        return process with
        {
            Space = process.Space is null ? null : new AddressSpace(vmas),
            Memory = process.Memory is { } memory ? memory with { VmRss = memory.VmRss + 4096, VmSize = memory.VmSize + 4096 } : null,
            Counters = process.Counters with { MinFlt = process.Counters.MinFlt + 1, UTimeTicks = process.Counters.UTimeTicks + 1 },
        };
    }
}
