using System;

namespace Checkpoint.Model;

/// <summary>The VMAs of one address space by ascending address. Processes with equal lists share one instance.</summary>
/// <param name="vmas">The list, sorted and disjoint; kept, not copied.</param>
public sealed class AddressSpace(Vma[] vmas)
{
    /// <summary>The VMAs, sorted and disjoint. Not to be modified.</summary>
    public ReadOnlySpan<Vma> Vmas => vmas;
}
