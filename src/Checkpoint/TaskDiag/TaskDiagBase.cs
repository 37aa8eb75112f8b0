using System;
using Checkpoint.Model;

namespace Checkpoint.TaskDiag;

/// <summary>struct task_diag_base: who the task is. Ids are those of the transport's pid namespace.</summary>
/// <param name="Tgid">Process id.</param>
/// <param name="Pid">Thread id.</param>
/// <param name="Ppid">Parent's tgid; 0 = outside the pid namespace, or dead.</param>
/// <param name="TracerPid">The tracer's pid, 0 = none.</param>
/// <param name="Sid">Session.</param>
/// <param name="Pgid">Process group.</param>
/// <param name="State">Scheduler state.</param>
/// <param name="Comm">Name.</param>
public readonly record struct TaskDiagBase(
    uint Tgid, uint Pid, uint Ppid, uint TracerPid, uint Sid, uint Pgid, TaskState State, TaskComm Comm)
{
    /// <summary>Encoded size in bytes, with three bytes of padding.</summary>
    public const int Size = 44;

    /// <summary>Decodes the attribute.</summary>
    /// <param name="payload">At least <see cref="Size"/> bytes.</param>
    /// <returns>The value.</returns>
    /// <exception cref="WireFormatException">The payload is shorter, or the state is not one of <see cref="TaskState"/>.</exception>
    public static TaskDiagBase Read(ReadOnlySpan<byte> payload)
    {
        WireFormatException.ThrowIfShorter(payload, Size, "BASE");
        payload = payload[..Size]; // of a length that the compiler knows: no further checks
        byte state = payload[24];
        if (state > (byte)TaskState.Idle)
        {
            throw new WireFormatException(24, $"task state {state}, allowed 0 to {(byte)TaskState.Idle}");
        }

        return new TaskDiagBase(
            LittleEndian.U32(payload, 0), LittleEndian.U32(payload, 4), LittleEndian.U32(payload, 8),
            LittleEndian.U32(payload, 12), LittleEndian.U32(payload, 16), LittleEndian.U32(payload, 20),
            (TaskState)state, TaskComm.Read(payload[25..]));
    }

    /// <summary>Encodes the attribute.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        Span<byte> bytes = destination[..Size];
        LittleEndian.Put(bytes, 0, Tgid);
        LittleEndian.Put(bytes, 4, Pid);
        LittleEndian.Put(bytes, 8, Ppid);
        LittleEndian.Put(bytes, 12, TracerPid);
        LittleEndian.Put(bytes, 16, Sid);
        LittleEndian.Put(bytes, 20, Pgid);
        bytes[24] = (byte)State;
        Comm.Write(bytes[25..]);
        bytes[41..].Clear();
    }
}
