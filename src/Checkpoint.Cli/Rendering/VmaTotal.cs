using System;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>How much a number of VMAs takes. Sums that only a made-up image can have stay at 2^64 - 1.</summary>
/// <param name="Vmas">How many they are.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="Rss">Resident bytes; null when statistics were not captured for any.</param>
internal readonly record struct VmaTotal(long Vmas, ulong Bytes, ulong? Rss)
{
    /// <summary>The total with one VMA of a list more.</summary>
    /// <param name="space">The list.</param>
    /// <param name="index">Which VMA.</param>
    /// <returns>The sum.</returns>
    internal VmaTotal With(AddressSpace space, int index) => this + new VmaTotal(
        1, space.Vmas[index].End - space.Vmas[index].Start, space.Stats.IsEmpty ? null : space.Stats[index].Rss);

    /// <summary>The total of so many times the same.</summary>
    internal VmaTotal Times(int count) => new(Vmas * count, Multiply(Bytes, (ulong)count), Rss is { } rss ? Multiply(rss, (ulong)count) : null);

    /// <summary>Both together.</summary>
    public static VmaTotal operator +(VmaTotal left, VmaTotal right) => new(
        left.Vmas + right.Vmas, Add(left.Bytes, right.Bytes), left.Rss is null && right.Rss is null ? null : Add(left.Rss ?? 0, right.Rss ?? 0));

    private static ulong Add(ulong left, ulong right) => left + right < left ? ulong.MaxValue : left + right;

    private static ulong Multiply(ulong value, ulong count) => Math.BigMul(value, count, out ulong low) == 0 ? low : ulong.MaxValue;
}
