using System;
using System.Collections.Generic;
using System.Linq;

namespace Checkpoint.Benchmarks;

/// <summary>
/// Measures two sides in turn: A B A B … Noise of the machine hits both halves of a pair alike, so the median of the
/// pairs' ratios says more than any time.
/// </summary>
internal static class PairedRun
{
    private const int WarmUps = 6;

    // So many runs fill the caches with what a side reads again.
    private const int Repeated = 6;

    /// <summary>Runs the pairs and prints the medians.</summary>
    /// <param name="first">A.</param>
    /// <param name="second">B.</param>
    /// <param name="processes">How many processes to add to the machine's own, as <see cref="Crowd"/> takes it.</param>
    /// <param name="pairs">How many pairs count.</param>
    /// <param name="repeat">Whether each side runs several times in a row: first with what the other has left in the caches, in the end with its own.</param>
    internal static void Print(IBenchmarkSide first, IBenchmarkSide second, string processes, int pairs, bool repeat = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs, 1);
        using Crowd crowd = new(processes);
        List<(SideCost A, SideCost B)> measured = [], later = [];
        for (int pair = -WarmUps; pair < pairs; pair++)
        {
            SideCost a = first.Run();
            SideCost lastA = repeat ? Last(first) : a;
            SideCost b = second.Run();
            SideCost lastB = repeat ? Last(second) : b;
            if (pair >= 0)
            {
                measured.Add((a, b));
                later.Add((lastA, lastB));
            }
        }

        Console.WriteLine($"A: {first.Name}");
        Console.WriteLine($"B: {second.Name}");
        Console.WriteLine($"{measured[^1].A.Processes} processes, {pairs} pairs; nanoseconds per process and A/B are medians");
        PrintLine("cpu", measured, cost => (double)cost.Cpu / cost.Processes);
        PrintLine("elapsed", measured, cost => (double)cost.Elapsed / cost.Processes);
        if (repeat)
        {
            Console.WriteLine($"the last of {Repeated} runs in a row of each side, with the caches its own");
            PrintLine("cpu", later, cost => (double)cost.Cpu / cost.Processes);
            PrintLine("elapsed", later, cost => (double)cost.Elapsed / cost.Processes);
        }
    }

    private static SideCost Last(IBenchmarkSide side)
    {
        for (int run = 2; run < Repeated; run++)
        {
            _ = side.Run();
        }

        return side.Run();
    }

    private static void PrintLine(string what, List<(SideCost A, SideCost B)> measured, Func<SideCost, double> value)
    {
        double[] ratios = [.. measured.Select(pair => value(pair.A) / value(pair.B)).Order()];
        double a = Median(measured.Select(pair => value(pair.A)));
        double b = Median(measured.Select(pair => value(pair.B)));
        Console.WriteLine(
            $"{what,-8} A {a,7:F0}  B {b,7:F0}  A/B {Median(ratios):F3} (quartiles {ratios[ratios.Length / 4]:F3} to {ratios[ratios.Length * 3 / 4]:F3})");
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
