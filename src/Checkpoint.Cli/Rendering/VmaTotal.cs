using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>How much a number of VMAs takes.</summary>
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
    internal VmaTotal Times(int count) => new(Vmas * count, Bytes * (ulong)count, Rss * (ulong)count);

    /// <summary>Both together.</summary>
    public static VmaTotal operator +(VmaTotal left, VmaTotal right) => new(
        left.Vmas + right.Vmas, left.Bytes + right.Bytes, left.Rss is null && right.Rss is null ? null : (left.Rss ?? 0) + (right.Rss ?? 0));
}
