using System;
using System.Collections.Generic;
using System.Diagnostics;
using Checkpoint.Model;

namespace Checkpoint.Fuzz;

/// <summary>Tries files with ascending numbers, and keeps count.</summary>
/// <param name="seeds">The images to begin with.</param>
/// <param name="failed">Told of each file that breaks a law: number, file, why.</param>
internal sealed class Campaign(IReadOnlyList<SeedImage> seeds, Action<long, byte[], string> failed)
{
    /// <summary>How long one file may take.</summary>
    internal static readonly TimeSpan MostTime = TimeSpan.FromSeconds(2);

    /// <summary>How long one may take that asks for much: it is read, written, shown and compared a dozen times, each within <see cref="MostTime"/>.</summary>
    internal static readonly TimeSpan MostTimeOfHeavy = 12 * MostTime;

    /// <summary>Bytes that one may take, what is not collected yet included.</summary>
    internal const long MostMemory = 512L << 20;

    /// <summary>Files that were tried.</summary>
    internal long Tried { get; private set; }

    /// <summary>Files that were valid.</summary>
    internal long Valid { get; private set; }

    /// <summary>Files that broke a law.</summary>
    internal long Failed { get; private set; }

    /// <summary>The longest that one file took.</summary>
    internal TimeSpan Longest { get; private set; }

    /// <summary>Tries files.</summary>
    /// <param name="first">Number of the first.</param>
    /// <param name="count">How many.</param>
    internal void Run(long first, long count)
    {
        using ImageMutator mutator = new(seeds);
        for (long number = first; number < first + count; number++)
        {
            byte[] image = mutator.Make(number);
            long began = Stopwatch.GetTimestamp();
            string? broken = null;
            TimeSpan most = ImageMutator.IsHeavy(number) ? MostTimeOfHeavy : MostTime;
            using PeakMemory? memory = ImageMutator.IsHeavy(number) ? new PeakMemory() : null;
            ProcessTree? other = seeds[(int)(number % seeds.Count)].Tree;
            try
            {
                Valid += Laws.Check(image, number, other) ? 1 : 0;
            }
#pragma warning disable CA1031 // Whatever comes out is what this looks for.
            catch (Exception e)
#pragma warning restore CA1031
            {
                broken = e.ToString();
            }

            TimeSpan took = Stopwatch.GetElapsedTime(began);
            if (took > most && broken is null)
            {
                // A machine that is busy with something else is no fault of the file's: again, by processor time.
                TimeSpan used = Environment.CpuUsage.TotalTime;
                _ = Laws.Check(image, number, other);
                took = Environment.CpuUsage.TotalTime - used;
                broken = took > most ? $"took {took.TotalSeconds:f1} s of processor time" : null;
            }

            if (memory?.Bytes > MostMemory)
            {
                broken ??= $"took {memory.Bytes >> 20} MB of memory";
            }

            Longest = took > Longest ? took : Longest;
            Tried++;
            if (broken is not null)
            {
                Failed++;
                failed(number, image, broken);
            }
        }
    }
}
