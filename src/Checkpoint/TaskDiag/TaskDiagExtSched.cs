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
/// <param name="Policy">SCHED_* (field 41), and SCHED_RESET_ON_FORK as sched_getscheduler(2) has it, where it is told.</param>
/// <param name="Processor">CPU last run on (field 39).</param>
/// <param name="ExitSignal">Signal to the parent on exit (field 38).</param>
/// <param name="ExitCode">Exit status in wait(2) form (field 52), of the process as a whole with it or its leader.</param>
/// <param name="ExecId">Counts up with each exec, modulo 2^32; null: not told.</param>
public readonly record struct TaskDiagExtSched(
    ulong StartTimeTicks, uint Flags, int TtyNr, int TpGid, int Priority, int Nice,
    uint RtPriority, uint Policy, int Processor, int ExitSignal, int ExitCode, uint? ExecId = null)
{
    /// <summary>Encoded size in bytes without <see cref="ExecId"/>.</summary>
    public const int Size = 48;

    /// <summary>Encoded size in bytes with <see cref="ExecId"/>.</summary>
    public const int SizeWithExecId = 56;

    /// <summary>Decodes the attribute, in the layout that its length tells.</summary>
    /// <param name="payload">At least <see cref="Size"/> bytes; fewer than <see cref="SizeWithExecId"/> tell no exec id.</param>
    /// <returns>The value.</returns>
    /// <exception cref="WireFormatException">The payload is shorter.</exception>
    public static TaskDiagExtSched Read(ReadOnlySpan<byte> payload)
    {
        WireFormatException.ThrowIfShorter(payload, Size, "EXT_SCHED");
        return new TaskDiagExtSched(
            LittleEndian.U64(payload, 0), LittleEndian.U32(payload, 8), LittleEndian.S32(payload, 12),
            LittleEndian.S32(payload, 16), LittleEndian.S32(payload, 20), LittleEndian.S32(payload, 24),
            LittleEndian.U32(payload, 28), LittleEndian.U32(payload, 32), LittleEndian.S32(payload, 36),
            LittleEndian.S32(payload, 40), LittleEndian.S32(payload, 44),
            payload.Length >= SizeWithExecId ? LittleEndian.U32(payload, 48) : null);
    }

    /// <summary>Encodes the attribute.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes, <see cref="SizeWithExecId"/> where there is an exec id.</param>
    public void Write(Span<byte> destination)
    {
        Span<byte> bytes = destination[..(ExecId is null ? Size : SizeWithExecId)];
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
        if (ExecId is uint id)
        {
            LittleEndian.Put(bytes, 48, id);
            LittleEndian.Put(bytes, 52, 0u);
        }
    }
}
