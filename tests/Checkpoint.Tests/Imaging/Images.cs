using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using Checkpoint.Imaging;
using Checkpoint.Model;

namespace Checkpoint.Tests.Imaging;

/// <summary>Images in memory.</summary>
internal static class Images
{
    /// <summary>The image of a tree.</summary>
    public static byte[] Write(ProcessTree tree, int level = ImageWriter.DefaultLevel)
    {
        using MemoryStream stream = new();
        ImageWriter.Write(stream, tree, level);
        return stream.ToArray();
    }

    /// <summary>Writes values.</summary>
    public delegate void WriteAction(ref MessagePackWriter writer);

    /// <summary>MessagePack in memory.</summary>
    public static byte[] Encode(WriteAction write)
    {
        ByteBuffer buffer = new(int.MaxValue, "a test");
        MessagePackWriter writer = new(buffer);
        write(ref writer);
        writer.Flush();
        return buffer.Span.ToArray();
    }

    /// <summary>The sections of an image by name, decompressed, in the order of the file.</summary>
    public static List<(ImageSection Section, byte[] Body)> Sections(byte[] image)
    {
        using MemoryStream stream = new(image);
        using ContainerReader reader = new(stream, ImageLimits.Default);
        List<(ImageSection Section, byte[] Body)> sections = [];
        while (reader.ReadSection() is ImageSection section)
        {
            sections.Add((section, reader.Body.ToArray()));
        }

        return sections;
    }

    /// <summary>An image of sections, whatever they hold.</summary>
    public static byte[] Build(IEnumerable<(string Name, byte[] Body)> sections)
    {
        using MemoryStream stream = new();
        using SectionCompressor compressor = new();
        ContainerWriter writer = new(stream);
        writer.WriteHeader();
        foreach ((string name, byte[] body) in sections)
        {
            uint version = SectionMap.ReadName(body, 0, ImageLimits.Default).Version;
            writer.WriteSection(compressor.Compress(name, body) with { Version = version });
        }

        writer.WriteTable();
        return stream.ToArray();
    }

    /// <summary>An image of the same sections with a skippable frame after the first of them.</summary>
    public static byte[] Rebuild(byte[] image, byte[] skippable)
    {
        using MemoryStream input = new(image);
        using ContainerReader reader = new(input, ImageLimits.Default, keepFrames: true);
        using MemoryStream stream = new();
        ContainerWriter writer = new(stream);
        writer.WriteHeader();
        while (reader.ReadSection() is ImageSection section)
        {
            writer.WriteSection(reader.Frame);
            if (section.Name == "capture")
            {
                writer.WriteSkippable(skippable);
            }
        }

        writer.WriteTable();
        return stream.ToArray();
    }

    /// <summary>The map of an image's section table.</summary>
    public static byte[] Table(byte[] image)
    {
        int length = (int)ContainerTable.FrameLength(image.AsSpan(image.Length - 8));
        return image[(image.Length - length + 8)..^8];
    }

    /// <summary>What a table says that does not depend on compression: keys, row lengths, names, digests, versions.</summary>
    public static string Rows(byte[] table)
    {
        MessagePackReader reader = new(table);
        int keys = reader.ReadMapHeader();
        string text = $"{keys} {reader.ReadString()}:";
        for (int rows = reader.ReadArrayHeader(); rows > 0; rows--)
        {
            int values = reader.ReadArrayHeader();
            text += $"\n{values} {reader.ReadString()}";
            for (int i = 0; i < 4; i++)
            {
                reader.Skip(1);
            }

            text += $" {Convert.ToHexStringLower(reader.ReadBytes())} {reader.ReadUInt32()}";
        }

        return $"{text}\n{reader.ReadString()}";
    }

    /// <summary>Computes the table's checksum anew, as anyone can who changes a table on purpose.</summary>
    public static void RepairTable(byte[] image)
    {
        int end = image.Length - 8;
        int start = image.Length - (int)BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(end)) + 8;
        int crc = start + image.AsSpan(start, end - start).LastIndexOf("crc"u8) + 3;
        byte[] value = Encode((ref writer) => writer.Write((ulong)Container.Crc32C(0, image.AsSpan(start, crc - start))));
        if (value.Length != end - crc)
        {
            throw new InvalidOperationException("the checksum's shortest form has another length now: change something else");
        }

        value.CopyTo(image, crc);
    }

    /// <summary>The tree of an image.</summary>
    public static ProcessTree Read(byte[] image)
    {
        using MemoryStream stream = new(image);
        return ImageReader.Read(stream);
    }
}

/// <summary>A pipe at its slowest: cannot seek, one byte a read.</summary>
internal sealed class OneByteStream(byte[] bytes) : Stream
{
    private int _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_position == bytes.Length || count == 0)
        {
            return 0;
        }

        buffer[offset] = bytes[_position++];
        return 1;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
