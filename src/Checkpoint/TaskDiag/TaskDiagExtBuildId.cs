using System;

namespace Checkpoint.TaskDiag;

/// <summary>
/// Extension: one record of <see cref="TaskDiagAttribute.ExtBuildIds"/>, the build id of a mapped ELF file. A file is told once
/// in an answer, however many VMAs and processes map it; one without a build id, or whose id could not be read, is left out.
/// </summary>
/// <param name="major">Device major of the file, as in <see cref="TaskDiagVma.Major"/>.</param>
/// <param name="minor">Device minor.</param>
/// <param name="inode">Inode.</param>
/// <param name="id">The build id, 1 to <see cref="MaxIdLength"/> bytes.</param>
public readonly ref struct TaskDiagExtBuildId(uint major, uint minor, ulong inode, ReadOnlySpan<byte> id)
{
    /// <summary>Encoded size in bytes.</summary>
    public const int Size = 40;

    /// <summary>The kernel's BUILD_ID_SIZE_MAX: it passes over longer ids.</summary>
    public const int MaxIdLength = 20;

    private const int LengthOffset = 16;
    private const int IdOffset = 20;

    /// <summary>Device major of the file, as in <see cref="TaskDiagVma.Major"/>.</summary>
    public uint Major { get; } = major;

    /// <summary>Device minor.</summary>
    public uint Minor { get; } = minor;

    /// <summary>Inode.</summary>
    public ulong Inode { get; } = inode;

    /// <summary>The build id, 1 to <see cref="MaxIdLength"/> bytes.</summary>
    public ReadOnlySpan<byte> Id { get; } = id;

    /// <summary>Decodes one record.</summary>
    /// <param name="payload">At least <see cref="Size"/> bytes; the next record follows.</param>
    /// <returns>The value, pointing into the payload.</returns>
    /// <exception cref="WireFormatException">The payload is shorter, or the id is empty or longer than <see cref="MaxIdLength"/>.</exception>
    public static TaskDiagExtBuildId Read(ReadOnlySpan<byte> payload)
    {
        WireFormatException.ThrowIfShorter(payload, Size, "EXT_BUILD_IDS");
        uint length = LittleEndian.U32(payload, LengthOffset);
        if (length is 0 or > MaxIdLength)
        {
            throw new WireFormatException(LengthOffset, $"build id of {length} bytes, allowed 1 to {MaxIdLength}");
        }

        return new TaskDiagExtBuildId(
            LittleEndian.U32(payload, 0), LittleEndian.U32(payload, 4), LittleEndian.U64(payload, 8),
            payload.Slice(IdOffset, (int)length));
    }

    /// <summary>Encodes one record.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    /// <exception cref="InvalidOperationException">The id is empty or longer than <see cref="MaxIdLength"/>.</exception>
    public void Write(Span<byte> destination)
    {
        if (Id.Length is 0 or > MaxIdLength)
        {
            throw new InvalidOperationException($"build id of {Id.Length} bytes, allowed 1 to {MaxIdLength}");
        }

        Span<byte> bytes = destination[..Size];
        LittleEndian.Put(bytes, 0, Major);
        LittleEndian.Put(bytes, 4, Minor);
        LittleEndian.Put(bytes, 8, Inode);
        LittleEndian.Put(bytes, LengthOffset, (uint)Id.Length);
        Id.CopyTo(bytes[IdOffset..]);
        bytes[(IdOffset + Id.Length)..].Clear();
    }
}
