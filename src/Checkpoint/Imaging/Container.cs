using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.InteropServices;
using Checkpoint.Model;

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

    /// <summary>Length of the whole first frame.</summary>
    public const int HeaderFrameLength = SkippableHeader + HeaderLength;

    /// <summary>Length of what ends the table's frame: the frame's length, mark.</summary>
    public const int TrailerLength = 8;

    /// <summary>First bytes of the first frame's content.</summary>
    public static ReadOnlySpan<byte> StartMark => "CKPT"u8;

    /// <summary>Last bytes of the file.</summary>
    public static ReadOnlySpan<byte> EndMark => "CKPE"u8;

    /// <summary>Checks the first frame, as far as it is there.</summary>
    /// <param name="bytes">What the file begins with.</param>
    /// <exception cref="ImageFormatException">This is no image, or one of another version.</exception>
    public static void CheckHeader(ReadOnlySpan<byte> bytes)
    {
        Span<byte> expected = stackalloc byte[12];
        BinaryPrimitives.WriteUInt32LittleEndian(expected, HeaderMagic);
        BinaryPrimitives.WriteUInt32LittleEndian(expected[4..], HeaderLength);
        StartMark.CopyTo(expected[8..]);
        int compared = Math.Min(expected.Length, bytes.Length);
        if (compared == 0 || !bytes[..compared].SequenceEqual(expected[..compared]))
        {
            throw new ImageFormatException(0, compared == 0 ? "this is not an image: it is empty" : "this is not an image: the mark CKPT is missing")
            {
                Fault = ImageFault.NotAnImage,
            };
        }

        if (bytes.Length >= HeaderFrameLength)
        {
            ushort version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]);
            ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]);
            if (version != Version || flags != 0)
            {
                throw new ImageFormatException(
                    12, $"the image has format version {version} and flags 0x{flags:x}; this program reads version {Version} without flags")
                {
                    Fault = ImageFault.Version,
                };
            }
        }
    }

    /// <summary>The digest that identifies an image: SHA-256 over the digests of its sections, one after the other.</summary>
    /// <param name="sections">The sections in the order of the file.</param>
    /// <returns>32 bytes.</returns>
    public static ByteString Digest(IEnumerable<ImageSection> sections)
    {
        Sha256 hash = new();
        foreach (ImageSection section in sections)
        {
            hash.Append(section.Digest.Span);
        }

        return new ByteString(hash.Finish());
    }

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
