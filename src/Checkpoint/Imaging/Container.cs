using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Checkpoint.Imaging;

/// <summary>Constants of the file around the sections.</summary>
internal static class Container
{
    /// <summary>Version of the format; a reader refuses others.</summary>
    public const ushort Version = 1;

    /// <summary>Version of each section's layout.</summary>
    public const uint SectionVersion = 1;

    /// <summary>Magic of the skippable frame that the file begins with.</summary>
    public const uint HeaderMagic = Zstd.SkippableMagic;

    /// <summary>Magic of the skippable frame with the section table, which the file ends with.</summary>
    public const uint TableMagic = Zstd.SkippableMagic + 1;

    /// <summary>Length of a skippable frame's magic and length.</summary>
    public const int SkippableHeader = 8;

    /// <summary>Length of the first frame's content: mark, version, flags.</summary>
    public const int HeaderLength = 8;

    /// <summary>Length of what ends the table's frame: the frame's length, mark.</summary>
    public const int TrailerLength = 8;

    /// <summary>First bytes of the first frame's content.</summary>
    public static ReadOnlySpan<byte> StartMark => "CKPT"u8;

    /// <summary>Last bytes of the file.</summary>
    public static ReadOnlySpan<byte> EndMark => "CKPE"u8;

    /// <summary>Carries a CRC-32C on over more bytes.</summary>
    /// <param name="crc">The checksum so far, 0 at the start.</param>
    /// <param name="bytes">The bytes.</param>
    /// <returns>The checksum.</returns>
    public static uint Crc32C(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        ReadOnlySpan<ulong> words = BitConverter.IsLittleEndian ? MemoryMarshal.Cast<byte, ulong>(bytes) : [];
        foreach (ulong word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (byte b in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }
}
