using System.Collections.Generic;
using System.Linq;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>An image that was read.</summary>
/// <param name="Tree">Its content, as far as it was asked for and is there.</param>
/// <param name="File">The file it was in.</param>
/// <param name="Missing">Names of the sections that a truncated file lost; empty for a whole one.</param>
public sealed record Image(ProcessTree Tree, ImageScan File, IReadOnlyList<string> Missing)
{
    /// <summary>Bytes that may be taken for it: a small file must not ask for much, whatever is in it.</summary>
    public long AllowedMemory => ImageLimits.Default.MemoryFor(File.Length);

    /// <summary>What showing the VMA lists of all processes costs, those that processes share once for each; to be held against <see cref="AllowedMemory"/>.</summary>
    /// <returns>Bytes.</returns>
    public long CostOfLists()
    {
        int[] names = [.. Tree.Files.Select(SectionCost.OfName)];
        Dictionary<AddressSpace, long> costs = [];
        long sum = 0;
        foreach (ProcessEntry process in Tree.Processes)
        {
            if (process.Space is not { } space)
            {
                continue;
            }

            if (!costs.TryGetValue(space, out long cost))
            {
                costs.Add(space, cost = SectionCost.OfView(space, names));
            }

            sum += cost;
        }

        return sum;
    }

    /// <summary>Whether what a section says is not known: lost here, or before the image was salvaged.</summary>
    /// <param name="section">The section's name.</param>
    /// <returns>Whether it is lost.</returns>
    public bool Lacks(string section) => Missing.Contains(section) || Tree.Capture.Lost.Contains(section);
}
