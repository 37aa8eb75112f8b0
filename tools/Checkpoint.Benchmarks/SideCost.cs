namespace Checkpoint.Benchmarks;

/// <summary>What one run of a side took.</summary>
/// <param name="Processes">How many processes it looked at.</param>
/// <param name="Elapsed">Time that passed, in nanoseconds.</param>
/// <param name="Cpu">Time on a processor, in nanoseconds: what others run meanwhile does not count.</param>
internal readonly record struct SideCost(long Processes, long Elapsed, long Cpu);
