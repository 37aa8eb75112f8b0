using System;
using System.Runtime.InteropServices;
using Checkpoint.Model;

namespace Checkpoint.TaskDiag;

/// <summary>struct task_diag_creds: what the task may do. Ids are those of the reader's user namespace. The ambient set and groups are extensions.</summary>
/// <param name="CapInheritable">Inheritable capabilities, bit n = capability n.</param>
/// <param name="CapPermitted">Permitted capabilities.</param>
/// <param name="CapEffective">Effective capabilities.</param>
/// <param name="CapBounding">Bounding set.</param>
/// <param name="Uid">User ids.</param>
/// <param name="Gid">Group ids.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct TaskDiagCred(
    ulong CapInheritable, ulong CapPermitted, ulong CapEffective, ulong CapBounding, IdSet Uid, IdSet Gid)
{
    /// <summary>Encoded size in bytes.</summary>
    public const int Size = 64;

    /// <summary>Decodes the attribute. A set is two u32, low word first: one little-endian u64.</summary>
    /// <param name="payload">At least <see cref="Size"/> bytes.</param>
    /// <returns>The value.</returns>
    /// <exception cref="WireFormatException">The payload is shorter.</exception>
    public static TaskDiagCred Read(ReadOnlySpan<byte> payload)
    {
        WireFormatException.ThrowIfShorter(payload, Size, "CRED");
        // The fields lie as on the wire, and this runs once per task.
        return BitConverter.IsLittleEndian ? MemoryMarshal.Read<TaskDiagCred>(payload) : new TaskDiagCred(
            LittleEndian.U64(payload, 0), LittleEndian.U64(payload, 8), LittleEndian.U64(payload, 16), LittleEndian.U64(payload, 24),
            ReadIds(payload[32..]), ReadIds(payload[48..]));
    }

    /// <summary>Encodes the attribute.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        Span<byte> bytes = destination[..Size];
        LittleEndian.Put(bytes, 0, CapInheritable);
        LittleEndian.Put(bytes, 8, CapPermitted);
        LittleEndian.Put(bytes, 16, CapEffective);
        LittleEndian.Put(bytes, 24, CapBounding);
        WriteIds(bytes[32..], Uid);
        WriteIds(bytes[48..], Gid);
    }

    private static IdSet ReadIds(ReadOnlySpan<byte> ids) => new(
        LittleEndian.U32(ids, 0), LittleEndian.U32(ids, 4), LittleEndian.U32(ids, 8), LittleEndian.U32(ids, 12));

    private static void WriteIds(Span<byte> destination, IdSet ids)
    {
        LittleEndian.Put(destination, 0, ids.Real);
        LittleEndian.Put(destination, 4, ids.Effective);
        LittleEndian.Put(destination, 8, ids.Saved);
        LittleEndian.Put(destination, 12, ids.FileSystem);
    }
}
