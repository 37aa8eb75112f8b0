using System;
using System.Buffers.Binary;

namespace Checkpoint.TaskDiag;

/// <summary>
/// Unaligned little-endian fields at an offset. The wire is the kernel's own byte order, and every kernel this
/// project meets is little-endian; saying so keeps recorded frames readable everywhere.
/// </summary>
internal static class LittleEndian
{
    /// <summary>Reads a u16.</summary>
    public static ushort U16(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    /// <summary>Reads a u32.</summary>
    public static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    /// <summary>Reads an s32.</summary>
    public static int S32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadInt32LittleEndian(bytes[offset..]);

    /// <summary>Reads a u64.</summary>
    public static ulong U64(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);

    /// <summary>Writes a u16.</summary>
    public static void Put(Span<byte> bytes, int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes[offset..], value);

    /// <summary>Writes a u32.</summary>
    public static void Put(Span<byte> bytes, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[offset..], value);

    /// <summary>Writes an s32.</summary>
    public static void Put(Span<byte> bytes, int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes[offset..], value);

    /// <summary>Writes a u64.</summary>
    public static void Put(Span<byte> bytes, int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes[offset..], value);
}
