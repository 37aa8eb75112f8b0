using System;

namespace Checkpoint.TaskDiag;

/// <summary>Extension: start time, scheduling, terminal and exit, per thread. Sources are fields of <c>/proc/[pid]/stat</c>.</summary>
/// <param name="StartTimeTicks">Start time, clock ticks since boot (field 22): with boot id and pid the task's identity.</param>
/// <param name="Flags">PF_* (field 9).</param>
/// <param name="TtyNr">Controlling terminal's device number, 0 = none (field 7).</param>
/// <param name="TpGid">Foreground process group of the terminal, -1 = none (field 8).</param>
/// <param name="Priority">Priority as the kernel shows it (field 18).</param>
/// <param name="Nice">Nice value (field 19).</param>
/// <param name="RtPriority">Real-time priority (field 40).</param>
/// <param name="Policy">SCHED_* (field 41), with SCHED_RESET_ON_FORK as sched_getscheduler(2) has it.</param>
/// <param name="Processor">CPU last run on (field 39).</param>
/// <param name="ExitSignal">Signal to the parent on exit (field 38).</param>
/// <param name="ExitCode">Exit status in wait(2) form (field 52): the process's with its leader, else the thread's.</param>
public readonly record struct TaskDiagExtSched(
    ulong StartTimeTicks, uint Flags, int TtyNr, int TpGid, int Priority, int Nice,
    uint RtPriority, uint Policy, int Processor, int ExitSignal, int ExitCode)
{
    /// <summary>Encoded size in bytes.</summary>
    public const int Size = 48;

    /// <summary>Decodes the attribute.</summary>
    /// <param name="payload">At least <see cref="Size"/> bytes.</param>
    /// <returns>The value.</returns>
    /// <exception cref="WireFormatException">The payload is shorter.</exception>
    public static TaskDiagExtSched Read(ReadOnlySpan<byte> payload)
    {
        WireFormatException.ThrowIfShorter(payload, Size, "EXT_SCHED");
        return new TaskDiagExtSched(
            LittleEndian.U64(payload, 0), LittleEndian.U32(payload, 8), LittleEndian.S32(payload, 12),
            LittleEndian.S32(payload, 16), LittleEndian.S32(payload, 20), LittleEndian.S32(payload, 24),
            LittleEndian.U32(payload, 28), LittleEndian.U32(payload, 32), LittleEndian.S32(payload, 36),
            LittleEndian.S32(payload, 40), LittleEndian.S32(payload, 44));
    }

    /// <summary>Encodes the attribute.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        Span<byte> bytes = destination[..Size];
        LittleEndian.Put(bytes, 0, StartTimeTicks);
        LittleEndian.Put(bytes, 8, Flags);
        LittleEndian.Put(bytes, 12, TtyNr);
        LittleEndian.Put(bytes, 16, TpGid);
        LittleEndian.Put(bytes, 20, Priority);
        LittleEndian.Put(bytes, 24, Nice);
        LittleEndian.Put(bytes, 28, RtPriority);
        LittleEndian.Put(bytes, 32, Policy);
        LittleEndian.Put(bytes, 36, Processor);
        LittleEndian.Put(bytes, 40, ExitSignal);
        LittleEndian.Put(bytes, 44, ExitCode);
    }
}
