using System;

namespace Checkpoint.Benchmarks;

/// <summary>One of two ways to do the same, measured in turn with the other.</summary>
internal interface IBenchmarkSide : IDisposable
{
    /// <summary>What it is, for the report.</summary>
    string Name { get; }

    /// <summary>Does it once.</summary>
    /// <returns>What it took.</returns>
    SideCost Run();
}
