using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace Checkpoint.Fuzz;

/// <summary>Tries files on everything that reads images.</summary>
internal static class FuzzProgram
{
    private const string Usage = """
        Checkpoint.Fuzz run FOLDER COUNT [FIRST]   tries COUNT files made of the images below FOLDER, from number FIRST (0) on
        Checkpoint.Fuzz make FOLDER NUMBER OUT     writes the file of a number
        Checkpoint.Fuzz hostile SMALL FOLDER       writes the files of images/hostile, made of the image SMALL, into FOLDER
        Checkpoint.Fuzz heavy SEED FOLDER          writes small files that ask for much, two of each shape, made of the image SEED
        Checkpoint.Fuzz try FILE…                  tries files
        Exit code 1: a law is broken (another exception than the format's, more than 2 s for one file, more than 256 MB of memory).
        """;

    private const long MostMemory = 256L << 20;

    private static int Main(string[] args)
    {
        switch (args)
        {
            case ["run", string folder, string count, .. string[] rest] when rest.Length <= 1:
                return Run(SeedImage.Below(folder), Number(count), rest.Length > 0 ? Number(rest[0]) : 0);
            case ["make", string folder, string number, string path]:
                using (ImageMutator mutator = new(SeedImage.Below(folder)))
                {
                    File.WriteAllBytes(path, mutator.Make(Number(number)));
                }

                return 0;
            case ["hostile", string small, string folder]:
                HostileImages.Write(File.ReadAllBytes(small), folder);
                return 0;
            case ["heavy", string seed, string folder]:
                HeavyImages heavy = new(SeedImage.Read(File.ReadAllBytes(seed)));
                foreach (string name in HeavyImages.Names)
                {
                    File.WriteAllBytes(Path.Combine(folder, name + ".ckpt"), heavy.Make(name, 0));
                    File.WriteAllBytes(Path.Combine(folder, name + "-other.ckpt"), heavy.Make(name, 1));
                }

                return 0;
            case ["try", .. string[] paths] when paths.Length > 0:
                foreach (string path in paths)
                {
                    Stopwatch time = Stopwatch.StartNew();
                    bool isValid = Laws.Check(File.ReadAllBytes(path), 0);
                    Console.WriteLine($"{path}: {(isValid ? "valid" : "refused")}, {time.ElapsedMilliseconds} ms");
                }

                return Memory();
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static int Run(List<SeedImage> seeds, long count, long first)
    {
        const int Step = 10_000;
        const int StepsToTell = 10;
        Stopwatch time = Stopwatch.StartNew();
        Campaign campaign = new(seeds, (number, image, why) =>
        {
            string path = $"broken-{number}.ckpt";
            File.WriteAllBytes(path, image);
            Console.WriteLine($"{path}: {why}");
        });
        for (long done = 0; done < count; done += Step)
        {
            campaign.Run(first + done, Math.Min(Step, count - done));
            if (done / Step % StepsToTell == StepsToTell - 1)
            {
                Console.WriteLine($"{campaign.Tried} tried, {campaign.Valid} valid, {campaign.Failed} failed, {time.Elapsed.TotalSeconds:f0} s");
            }
        }

        Console.WriteLine(
            $"{campaign.Tried} tried, {campaign.Valid} valid, {campaign.Failed} failed; longest {campaign.Longest.TotalMilliseconds:f0} ms, {time.Elapsed.TotalSeconds:f0} s in all");
        return Memory() | (campaign.Failed > 0 ? 1 : 0);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static int Memory()
    {
        using Process self = Process.GetCurrentProcess();
        Console.WriteLine($"peak memory {self.PeakWorkingSet64 >> 20} MB");
        return self.PeakWorkingSet64 <= MostMemory ? 0 : 1;
    }
}
