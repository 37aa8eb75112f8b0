namespace Checkpoint.Model;

/// <summary>Faults and CPU times (<c>/proc/[pid]/stat</c> fields 10 to 17), of one thread or summed over a process.</summary>
/// <param name="MinFlt">Minor faults.</param>
/// <param name="CMinFlt">Minor faults of waited-for children.</param>
/// <param name="MajFlt">Major faults.</param>
/// <param name="CMajFlt">Major faults of waited-for children.</param>
/// <param name="UTimeTicks">User CPU time, clock ticks.</param>
/// <param name="STimeTicks">System CPU time, clock ticks.</param>
/// <param name="CUTimeTicks">User CPU time of waited-for children, clock ticks.</param>
/// <param name="CSTimeTicks">System CPU time of waited-for children, clock ticks.</param>
public readonly record struct TaskCounters(
    ulong MinFlt, ulong CMinFlt, ulong MajFlt, ulong CMajFlt,
    ulong UTimeTicks, ulong STimeTicks, ulong CUTimeTicks, ulong CSTimeTicks);
