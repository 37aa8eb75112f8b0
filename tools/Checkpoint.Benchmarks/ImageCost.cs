using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Checkpoint.Imaging;
using Checkpoint.Linux.Interop;
using Checkpoint.Model;

namespace Checkpoint.Benchmarks;

/// <summary>
/// What writing and reading an image cost, which part of that is zstd's, and how much longer <c>ckpt inspect --ps --json</c>
/// takes than <c>ckpt --version</c>: of an image as it is, and with each process's VMAs moved, so that no two lists are equal.
/// </summary>
internal static class ImageCost
{
    private const int ProcessCpuClock = 2; // CLOCK_PROCESS_CPUTIME_ID: all threads

    /// <summary>Measures, and prints medians.</summary>
    /// <param name="path">An image.</param>
    /// <param name="ckpt">The program to try.</param>
    /// <param name="rounds">How often.</param>
    internal static void Print(string path, string ckpt, int rounds)
    {
        ProcessTree tree = ImageReader.Read(new MemoryStream(File.ReadAllBytes(path)));
        string copy = Path.GetTempFileName();
        try
        {
            foreach ((string what, ProcessTree each) in (ReadOnlySpan<(string, ProcessTree)>)[("as it is", tree), ("no two lists equal", VmaShare.Scattered(tree))])
            {
                using MemoryStream image = new();
                ImageWriter.Write(image, each);
                File.WriteAllBytes(copy, image.ToArray());
                Console.WriteLine($"{what}: {each.Processes.Count} processes, {each.Processes.Sum(process => process.Space?.Vmas.Length ?? 0)} VMAs, {image.Length} bytes");
                PrintThroughput(each, image, rounds);
                PrintLevels(each, rounds);
                PrintStart(ckpt, copy, rounds);
            }
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static void PrintThroughput(ProcessTree tree, MemoryStream image, int rounds)
    {
        List<CompressedSection> frames = [];
        List<byte[]> contents = [];
        image.Position = 0;
        using (ContainerReader reader = new(image, ImageLimits.Default, keepFrames: true))
        {
            while (reader.ReadSection() is not null)
            {
                CompressedSection frame = reader.Frame;
                frames.Add(frame with { Frame = frame.Frame.ToArray() });
                contents.Add(reader.Body.ToArray());
            }
        }

        double megabytes = contents.Sum(content => (double)content.Length) / 1e6;
        using Zstd.Compressor compressor = Zstd.CreateCompressor();
        using Zstd.Decompressor decompressor = Zstd.CreateDecompressor();
        _ = Zstd.SetParameter(compressor, Zstd.CompressionParameter.Level, ImageWriter.DefaultLevel);
        _ = Zstd.SetParameter(compressor, Zstd.CompressionParameter.ChecksumFlag, 1);
        byte[] space = new byte[contents.Max(content => (int)Zstd.CompressBound((nuint)content.Length))];
        List<(Cost Write, Cost Compress, Cost Read, Cost Decompress)> all = [];
        for (int round = -2; round < rounds; round++)
        {
            Cost write = Measure(() => ImageWriter.Write(new MemoryStream(), tree));
            Cost compress = Measure(() => contents.ForEach(content => Zstd.Compress(compressor, space, (nuint)space.Length, content, (nuint)content.Length)));
            Cost read = Measure(() => ImageReader.Read(new MemoryStream(image.GetBuffer(), 0, (int)image.Length)));
            Cost decompress = Measure(() => frames.ForEach(frame => Zstd.DecompressWhole(decompressor, space, (nuint)space.Length, frame.Frame.Span, (nuint)frame.Frame.Length)));
            if (round >= 0)
            {
                all.Add((write, compress, read, decompress));
            }
        }

        PrintSide("write", megabytes, [.. all.Select(each => each.Write)], [.. all.Select(each => each.Compress)]);
        PrintSide("read", megabytes, [.. all.Select(each => each.Read)], [.. all.Select(each => each.Decompress)]);
    }

    private static void PrintSide(string what, double megabytes, List<Cost> whole, List<Cost> zstd)
    {
        double elapsed = Median(whole.Select(cost => cost.Elapsed));
        double cpu = Median(whole.Select(cost => cost.Cpu));
        double share = Median(whole.Zip(zstd, (all, part) => part.Cpu / all.Cpu));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {what}: {megabytes:F1} MB of MessagePack in {elapsed:F1} ms ({megabytes / elapsed * 1000:F0} MB/s), processor {cpu:F1} ms ({megabytes / cpu * 1000:F0} MB/s), of it zstd {share:P0}"));
    }

    private static void PrintLevels(ProcessTree tree, int rounds)
    {
        foreach (int level in (ReadOnlySpan<int>)[1, 3, 6, 9, 15, 19])
        {
            long bytes = 0;
            List<Cost> costs = [];
            for (int round = 0; round < rounds; round++)
            {
                costs.Add(Measure(() =>
                {
                    using MemoryStream image = new();
                    ImageWriter.Write(image, tree, level);
                    bytes = image.Length;
                }));
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  level {level}: {bytes} bytes, {Median(costs.Select(cost => cost.Elapsed)):F1} ms, processor {Median(costs.Select(cost => cost.Cpu)):F1} ms"));
        }
    }

    private static void PrintStart(string ckpt, string image, int rounds)
    {
        List<(double Version, double Inspect)> times = [];
        for (int round = -2; round < rounds; round++)
        {
            double version = Run(ckpt, "--version");
            double inspect = Run(ckpt, "inspect", "--ps", "--json", image);
            if (round >= 0)
            {
                times.Add((version, inspect));
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  inspect --ps --json {Median(times.Select(t => t.Inspect)):F1} ms, --version {Median(times.Select(t => t.Version)):F1} ms, difference {Median(times.Select(t => t.Inspect - t.Version)):F1} ms (least {times.Min(t => t.Inspect) - times.Min(t => t.Version):F1})"));
    }

    /// <summary>Runs a program to its end; what it prints goes to a file that keeps nothing.</summary>
    private static double Run(string program, params string[] args)
    {
        long start = Stopwatch.GetTimestamp();
        using Process run = Process.Start("/bin/sh", ["-c", "exec \"$0\" \"$@\" > /dev/null", program, .. args]);
        run.WaitForExit();
        return run.ExitCode == 0 ? Stopwatch.GetElapsedTime(start).TotalMilliseconds : throw new InvalidOperationException($"{program} exits with {run.ExitCode}");
    }

    private static Cost Measure(Action work)
    {
        long cpu = Libc.Nanoseconds(ProcessCpuClock);
        long start = Stopwatch.GetTimestamp();
        work();
        return new Cost(Stopwatch.GetElapsedTime(start).TotalMilliseconds, (Libc.Nanoseconds(ProcessCpuClock) - cpu) / 1e6);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private readonly record struct Cost(double Elapsed, double Cpu);
}
