using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>How much an image holds.</summary>
/// <param name="Processes">Processes.</param>
/// <param name="Threads">Captured threads.</param>
/// <param name="Vmas">VMAs, those of shared lists once for each process.</param>
/// <param name="ResidentBytes">Sum of the resident sizes; pages that processes share count for each.</param>
internal readonly record struct TreeTotals(int Processes, long Threads, long Vmas, ulong ResidentBytes)
{
    /// <summary>The counts in words.</summary>
    internal string Summary =>
        $"{Quantity.Count(Processes, "process", "processes")}, {Quantity.Count(Threads, "thread")}, {Quantity.Count(Vmas, "VMA")}";

    /// <summary>Counts a tree.</summary>
    internal static TreeTotals Of(ProcessTree tree)
    {
        long threads = 0;
        long vmas = 0;
        ulong resident = 0;
        foreach (ProcessEntry process in tree.Processes)
        {
            threads += process.Threads.Count;
            vmas += process.Space is { } space ? space.Vmas.Length : 0;
            resident += process.Memory?.VmRss ?? 0;
        }

        return new TreeTotals(tree.Processes.Count, threads, vmas, resident);
    }
}
