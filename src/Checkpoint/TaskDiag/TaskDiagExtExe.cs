using System;

namespace Checkpoint.TaskDiag;

/// <summary>Extension: the executable. Sent with the group leader only.</summary>
/// <param name="path">The path without NUL and without the kernel's " (deleted)".</param>
/// <param name="deleted">Whether the path no longer leads to it.</param>
public readonly ref struct TaskDiagExtExe(ReadOnlySpan<byte> path, bool deleted)
{
    /// <summary>Bytes before the path: the u32 of flags.</summary>
    public const int HeadSize = 4;

    private const uint FlagDeleted = 1;

    /// <summary>The path without NUL and without the kernel's " (deleted)".</summary>
    public ReadOnlySpan<byte> Path { get; } = path;

    /// <summary>Whether the path no longer leads to it.</summary>
    public bool Deleted { get; } = deleted;

    /// <summary>Encoded size in bytes.</summary>
    public int Size => HeadSize + Path.Length;

    /// <summary>Decodes the attribute.</summary>
    /// <param name="payload">At least <see cref="HeadSize"/> bytes, all of the attribute.</param>
    /// <returns>The value, pointing into the payload.</returns>
    /// <exception cref="WireFormatException">The payload is shorter.</exception>
    public static TaskDiagExtExe Read(ReadOnlySpan<byte> payload)
    {
        WireFormatException.ThrowIfShorter(payload, HeadSize, "EXT_EXE");
        return new TaskDiagExtExe(payload[HeadSize..], (LittleEndian.U32(payload, 0) & FlagDeleted) != 0);
    }

    /// <summary>Encodes the attribute.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        LittleEndian.Put(destination, 0, Deleted ? FlagDeleted : 0u);
        Path.CopyTo(destination[HeadSize..]);
    }
}
