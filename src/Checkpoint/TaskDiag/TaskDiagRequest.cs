using System;

namespace Checkpoint.TaskDiag;

/// <summary>A request as written to <c>/proc/task-diag</c>: nlmsghdr and struct task_diag_pid, no attribute around it.</summary>
/// <param name="Show">What to tell of each task.</param>
/// <param name="Strategy">Which tasks; the value is not checked, an unknown one is the transport's EINVAL.</param>
/// <param name="Pid">Which task; ignored by <see cref="TaskDiagStrategy.All"/> and <see cref="TaskDiagStrategy.AllThread"/>.</param>
/// <param name="Sequence">Echoed in every message of the response.</param>
public readonly record struct TaskDiagRequest(TaskDiagShow Show, TaskDiagStrategy Strategy, uint Pid, uint Sequence)
{
    /// <summary>Encoded size in bytes.</summary>
    public const int Size = 40;

    /// <summary>NLM_F_REQUEST; not examined by the kernel.</summary>
    private const ushort FlagRequest = 1;

    /// <summary>Encodes the request.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The destination is shorter.</exception>
    public void Write(Span<byte> destination)
    {
        Span<byte> bytes = destination[..Size];
        LittleEndian.Put(bytes, 0, (uint)Size);
        LittleEndian.Put(bytes, 4, TaskDiagWire.MessageType);
        LittleEndian.Put(bytes, 6, FlagRequest);
        LittleEndian.Put(bytes, 8, Sequence);
        LittleEndian.Put(bytes, 12, 0u);
        LittleEndian.Put(bytes, 16, (ulong)Show);
        LittleEndian.Put(bytes, 24, (ulong)Strategy);
        LittleEndian.Put(bytes, 32, Pid);
        LittleEndian.Put(bytes, 36, 0u);
    }

    /// <summary>Decodes a request as the kernel does: type and flags are not examined, surplus is ignored.</summary>
    /// <param name="bytes">What was written.</param>
    /// <returns>The request.</returns>
    /// <exception cref="WireFormatException">Fewer than <see cref="Size"/> bytes, there or stated by nlmsg_len (the kernel's EINVAL).</exception>
    public static TaskDiagRequest Read(ReadOnlySpan<byte> bytes)
    {
        WireFormatException.ThrowIfShorter(bytes, Size, "request");
        uint length = LittleEndian.U32(bytes, 0);
        if (length < Size)
        {
            throw new WireFormatException(0, $"request states {length} bytes, needs at least {Size}");
        }

        return new TaskDiagRequest(
            (TaskDiagShow)LittleEndian.U64(bytes, 16),
            (TaskDiagStrategy)LittleEndian.U64(bytes, 24),
            LittleEndian.U32(bytes, 32),
            LittleEndian.U32(bytes, 8));
    }
}
