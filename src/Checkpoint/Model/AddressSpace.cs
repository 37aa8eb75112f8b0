using System;

namespace Checkpoint.Model;

/// <summary>The VMAs of one address space by ascending address. Processes with equal lists share one instance.</summary>
/// <param name="vmas">The list, sorted and disjoint; kept, not copied.</param>
/// <param name="stats">Page statistics of each VMA, or empty when they were not captured; kept, not copied.</param>
public sealed class AddressSpace(Vma[] vmas, VmaStats[]? stats = null)
{
    /// <summary>The VMAs, sorted and disjoint.</summary>
    public ReadOnlySpan<Vma> Vmas => vmas;

    /// <summary>Page statistics, one for each VMA; empty when they were not captured.</summary>
    public ReadOnlySpan<VmaStats> Stats => stats;
}
