using System;
using Checkpoint.Model;

namespace Checkpoint.TaskDiag;

/// <summary>struct task_diag_stat: faults and CPU times, of one thread under the thread strategies, else summed over the process.</summary>
/// <param name="Counters">Faults and CPU times in clock ticks.</param>
/// <param name="Threads">Number of threads of the process.</param>
public readonly record struct TaskDiagStat(TaskCounters Counters, uint Threads)
{
    /// <summary>Encoded size in bytes, with four bytes of padding.</summary>
    public const int Size = 72;

    /// <summary>Decodes the attribute.</summary>
    /// <param name="payload">At least <see cref="Size"/> bytes.</param>
    /// <returns>The value.</returns>
    /// <exception cref="WireFormatException">The payload is shorter.</exception>
    public static TaskDiagStat Read(ReadOnlySpan<byte> payload)
    {
        WireFormatException.ThrowIfShorter(payload, Size, "STAT");
        return new TaskDiagStat(
            new TaskCounters(
                LittleEndian.U64(payload, 0), LittleEndian.U64(payload, 8), LittleEndian.U64(payload, 16), LittleEndian.U64(payload, 24),
                LittleEndian.U64(payload, 32), LittleEndian.U64(payload, 40), LittleEndian.U64(payload, 48), LittleEndian.U64(payload, 56)),
            LittleEndian.U32(payload, 64));
    }

    /// <summary>Encodes the attribute.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        Span<byte> bytes = destination[..Size];
        LittleEndian.Put(bytes, 0, Counters.MinFlt);
        LittleEndian.Put(bytes, 8, Counters.CMinFlt);
        LittleEndian.Put(bytes, 16, Counters.MajFlt);
        LittleEndian.Put(bytes, 24, Counters.CMajFlt);
        LittleEndian.Put(bytes, 32, Counters.UTimeTicks);
        LittleEndian.Put(bytes, 40, Counters.STimeTicks);
        LittleEndian.Put(bytes, 48, Counters.CUTimeTicks);
        LittleEndian.Put(bytes, 56, Counters.CSTimeTicks);
        LittleEndian.Put(bytes, 64, Threads);
        LittleEndian.Put(bytes, 68, 0u);
    }
}
