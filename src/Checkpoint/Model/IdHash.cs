using System;
using System.Collections.Generic;

namespace Checkpoint.Model;

/// <summary>
/// Hashes of numbers that an image decides, such as pids, with a seed of each run. The number itself, which is what .NET takes
/// for a hash, lets whoever makes an image choose them so that they all fall into one bucket of a table.
/// </summary>
public sealed class IdHash : IEqualityComparer<int>, IEqualityComparer<uint>, IEqualityComparer<ulong>
{
    private IdHash()
    {
    }

    /// <summary>The comparer of tables with such numbers as keys.</summary>
    public static IdHash Comparer { get; } = new();

    /// <summary>A hash of a number of 64 bits; that of .NET is the same for all whose halves differ in the same bits.</summary>
    /// <param name="number">The number.</param>
    /// <returns>The hash.</returns>
    public static int Of(ulong number) => HashCode.Combine((uint)number, (uint)(number >> 32));

    /// <inheritdoc/>
    public bool Equals(int x, int y) => x == y;

    /// <inheritdoc/>
    public bool Equals(uint x, uint y) => x == y;

    /// <inheritdoc/>
    public bool Equals(ulong x, ulong y) => x == y;

    /// <inheritdoc/>
    public int GetHashCode(ulong obj) => Of(obj);

    /// <inheritdoc/>
    public int GetHashCode(int obj) => HashCode.Combine(obj);

    /// <inheritdoc/>
    public int GetHashCode(uint obj) => HashCode.Combine(obj);
}
