using System;

namespace Checkpoint.TaskDiag;

/// <summary>
/// Extension: one record of <see cref="TaskDiagAttribute.ExtBuildIds"/>, what is known of a mapped file: its build id, that it
/// has none, or why that is not known. The file is named by a VMA of the task's list that maps it, or by its number among the
/// files of the answer: device and inode are not one file's alone on every file system.
/// </summary>
/// <param name="start">Start of the first VMA of the list that maps the file; 0: it has a number.</param>
/// <param name="file">Its number in <see cref="TaskDiagAttribute.ExtFiles"/>; 0: it has a start.</param>
/// <param name="errno">Why its build id is not known; 0: it is, or the file has none.</param>
/// <param name="isCalledDeleted">Whether the file's name ends in " (deleted)" without the kernel's mark.</param>
/// <param name="id">The build id, at most <see cref="MaxIdLength"/> bytes; empty: none, or not known.</param>
public readonly ref struct TaskDiagExtBuildId(ulong start, uint file, ushort errno, bool isCalledDeleted, ReadOnlySpan<byte> id)
{
    /// <summary>Encoded size in bytes.</summary>
    public const int Size = 40;

    /// <summary>The kernel's BUILD_ID_SIZE_MAX: it passes over longer ids.</summary>
    public const int MaxIdLength = 20;

    private const int ErrnoOffset = 12;
    private const int FlagsOffset = 14;
    private const int LengthOffset = 16;
    private const int IdOffset = 20;
    internal const ushort CalledDeleted = 1;

    /// <summary>Start of the first VMA of the list that maps the file; 0: it has a number.</summary>
    public ulong Start { get; } = start;

    /// <summary>Its number in <see cref="TaskDiagAttribute.ExtFiles"/>; 0: it has a start.</summary>
    public uint File { get; } = file;

    /// <summary>Why its build id is not known; 0: it is, or the file has none.</summary>
    public ushort Errno { get; } = errno;

    /// <summary>Whether the file's name ends in " (deleted)" without the kernel's mark.</summary>
    public bool IsCalledDeleted { get; } = isCalledDeleted;

    /// <summary>The build id, at most <see cref="MaxIdLength"/> bytes; empty: none, or not known.</summary>
    public ReadOnlySpan<byte> Id { get; } = id;

    /// <summary>Decodes one record.</summary>
    /// <param name="payload">At least <see cref="Size"/> bytes; the next record follows.</param>
    /// <returns>The value, pointing into the payload.</returns>
    /// <exception cref="WireFormatException">The payload is shorter, or the id is longer than <see cref="MaxIdLength"/>.</exception>
    public static TaskDiagExtBuildId Read(ReadOnlySpan<byte> payload)
    {
        WireFormatException.ThrowIfShorter(payload, Size, "EXT_BUILD_IDS");
        uint length = LittleEndian.U32(payload, LengthOffset);
        if (length > MaxIdLength)
        {
            throw new WireFormatException(LengthOffset, $"build id of {length} bytes, allowed up to {MaxIdLength}");
        }

        return new TaskDiagExtBuildId(
            LittleEndian.U64(payload, 0), LittleEndian.U32(payload, 8), LittleEndian.U16(payload, ErrnoOffset),
            (LittleEndian.U16(payload, FlagsOffset) & CalledDeleted) != 0, payload.Slice(IdOffset, (int)length));
    }

    /// <summary>Encodes one record.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    /// <exception cref="InvalidOperationException">The id is longer than <see cref="MaxIdLength"/>.</exception>
    public void Write(Span<byte> destination)
    {
        if (Id.Length > MaxIdLength)
        {
            throw new InvalidOperationException($"build id of {Id.Length} bytes, allowed up to {MaxIdLength}");
        }

        Span<byte> bytes = destination[..Size];
        LittleEndian.Put(bytes, 0, Start);
        LittleEndian.Put(bytes, 8, File);
        LittleEndian.Put(bytes, ErrnoOffset, Errno);
        LittleEndian.Put(bytes, FlagsOffset, IsCalledDeleted ? CalledDeleted : (ushort)0);
        LittleEndian.Put(bytes, LengthOffset, (uint)Id.Length);
        Id.CopyTo(bytes[IdOffset..]);
        bytes[(IdOffset + Id.Length)..].Clear();
    }
}
