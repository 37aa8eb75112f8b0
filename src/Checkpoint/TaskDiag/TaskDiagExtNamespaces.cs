using System;
using Checkpoint.Model;

namespace Checkpoint.TaskDiag;

/// <summary>Extension: inode numbers of the namespaces. Sent with the group leader only.</summary>
/// <param name="Inodes">The numbers, 0 = not known.</param>
public readonly record struct TaskDiagExtNamespaces(Namespaces Inodes)
{
    /// <summary>Encoded size in bytes.</summary>
    public const int Size = 64;

    /// <summary>Decodes the attribute.</summary>
    /// <param name="payload">At least <see cref="Size"/> bytes.</param>
    /// <returns>The value.</returns>
    /// <exception cref="WireFormatException">The payload is shorter.</exception>
    public static TaskDiagExtNamespaces Read(ReadOnlySpan<byte> payload)
    {
        WireFormatException.ThrowIfShorter(payload, Size, "EXT_NAMESPACES");
        return new TaskDiagExtNamespaces(new Namespaces(
            LittleEndian.U64(payload, 0), LittleEndian.U64(payload, 8), LittleEndian.U64(payload, 16), LittleEndian.U64(payload, 24),
            LittleEndian.U64(payload, 32), LittleEndian.U64(payload, 40), LittleEndian.U64(payload, 48), LittleEndian.U64(payload, 56)));
    }

    /// <summary>Encodes the attribute.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        Span<byte> bytes = destination[..Size];
        LittleEndian.Put(bytes, 0, Inodes.Cgroup);
        LittleEndian.Put(bytes, 8, Inodes.Ipc);
        LittleEndian.Put(bytes, 16, Inodes.Mnt);
        LittleEndian.Put(bytes, 24, Inodes.Net);
        LittleEndian.Put(bytes, 32, Inodes.Pid);
        LittleEndian.Put(bytes, 40, Inodes.Time);
        LittleEndian.Put(bytes, 48, Inodes.User);
        LittleEndian.Put(bytes, 56, Inodes.Uts);
    }
}
