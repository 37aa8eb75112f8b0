using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Checkpoint.Imaging;

namespace Checkpoint.Fuzz;

/// <summary>Makes the files of <c>images/hostile</c>, each wrong in one way, of a valid image.</summary>
internal static class HostileImages
{
    /// <summary>Writes all of them.</summary>
    /// <param name="small">A valid image with VMAs.</param>
    /// <param name="folder">Where to.</param>
    internal static void Write(byte[] small, string folder)
    {
        SeedImage seed = SeedImage.Read(small);
        foreach ((string name, Func<SeedImage, byte[]> make) in All)
        {
            File.WriteAllBytes(Path.Combine(folder, name + ".ckpt"), make(seed));
        }
    }

    private static readonly (string Name, Func<SeedImage, byte[]> Make)[] All =
    [
        ("page-size-2-31", seed => With(seed, "capture", content => content.Find("page_size")!.Become(Number(1UL << 31)))),
        ("many-unknown-truncated", seed => Sections([.. seed.Frames, .. Enumerable.Repeat(Raw("more", 0), 240)])[..^30]),
        ("table-order", seed => Table(seed, rows => (rows[2], rows[3]) = (rows[3], rows[2]))),
        ("table-overlap", seed => Table(seed, rows => rows[3] = rows[3] with { Offset = rows[2].Offset })),
        ("table-past-end", seed => Table(seed, rows => rows[3] = rows[3] with { CompressedLength = long.MaxValue })),
        ("table-negative", seed => Table(seed, rows => rows[3] = rows[3] with { Length = -1 })),
        ("table-row-missing", seed => Table(seed, rows => rows.RemoveAt(3))),
        ("table-claims", seed => [.. Body(seed), .. Frame(TableContent([0x81, 0xa8, .. "sections"u8, 0xdd, 0xff, 0xff, 0xff, 0xff]))]),
        ("frames-300", seed => [.. Body(seed), .. Enumerable.Repeat<byte[]>([0x55, 0x2a, 0x4d, 0x18, 0, 0, 0, 0], 300).SelectMany(frame => frame)]),
        ("bomb-promise", Promise),
        ("bomb-unknown-section", seed => Sections([.. seed.Frames, Raw("more", 200 << 20)])),
        ("bomb-strings", seed => Replaced(seed, "strings", Map("strings", ("values", Many(4 << 20, 0xa0))))),
        ("bomb-vmas", seed => Replaced(seed, "spaces", Spaces(8 << 20))),
        ("bomb-credentials", seed => Replaced(seed, "credentials", Credentials(1 << 20))),
        ("bomb-gaps", seed => Replaced(seed, "gaps", Rows("gaps", 4 << 20, ("tgid", 1), ("tid", 1), ("part", 0xa0), ("errno", 1)))),
        ("nesting-40", seed => With(seed, "capture", content => content.Find("host")!.Become(Nested(40)))),
        ("claims-array", seed => With(seed, "strings", content => content.Find("values")!.Claimed = uint.MaxValue)),
        ("claims-map", seed => With(seed, "files", content => content.Claimed = int.MaxValue)),
        ("claims-string", seed => With(seed, "capture", content => content.Find("host")!.Leaf = [0xdb, 0xff, 0xff, 0xff, 0xff])),
        ("count-2-63", seed => With(seed, "processes", content => content.Find("count")!.Become(Number(1UL << 63)))),
        ("count-other", seed => With(seed, "threads", content => content.Find("count")!.Become(Number(2)))),
        ("lengths-2-64", seed => With(seed, "spaces", content => content.Find("lengths")!.Children[0].Become(Number(ulong.MaxValue)))),
        ("key-twice", seed => With(seed, "capture", content => content.Children.AddRange([content.Children[^2], content.Children[^1]]))),
        ("nan", seed => With(seed, "credentials", content => content.Find("columns")!.Find("uid")!.Children[0].Leaf = [0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0])),
        ("float", seed => With(seed, "threads", content => content.Find("columns")!.Find("start_time")!.Children[0].Leaf = [0xca, 0x3f, 0x80, 0, 0])),
        ("wrong-type", seed => With(seed, "processes", content => content.Find("columns")!.Find("tgid")!.Children[0].Leaf = [0xa1, (byte)'1'])),
        ("never-used-code", seed => With(seed, "credentials", content => content.Find("columns")!.Find("euid")!.Children[0].Leaf = [0xc1])),
        ("string-index", seed => With(seed, "threads", content => content.Find("columns")!.Find("comm")!.Children[0].Become(Number(uint.MaxValue)))),
        ("file-index", seed => With(seed, "spaces", content => content.Find("columns")!.Find("file")!.Children[0].Become(Number(2)))),
        ("vma-past-end", seed => With(seed, "spaces", content => content.Find("columns")!.Find("pages")!.Children[2].Become(Number(ulong.MaxValue >> 12)))),
        ("vma-empty", seed => With(seed, "spaces", content => content.Find("columns")!.Find("pages")!.Children[0].Become(Number(0)))),
        ("tgid-zero", seed => With(seed, "processes", content => content.Find("columns")!.Find("tgid")!.Children[0].Become(Number(0)))),
        ("section-twice", seed => Sections([.. seed.Frames, seed.Frames[^1]])),
        ("section-missing", seed => Sections(seed.Frames.Where(frame => frame.Name != "credentials" && frame.Name != "threads"))),
        ("section-order", seed => Sections([seed.Frames[0], seed.Frames[2], seed.Frames[1], .. seed.Frames.Skip(3)])),
        ("section-version-2", seed => With(seed, "gaps", content => content.Find("version")!.Become(Number(2)))),
        ("section-no-map", seed => Sections([.. seed.Frames, Compress("more", [0xc0])])),
        ("section-trailing", seed => Replaced(seed, "events", [.. seed.Contents[8].Encode(), 0xc0])),
    ];

    private static PackedNode Number(ulong value) => PackedNode.Of(OddValues.Number(value));

    private static PackedNode Nested(int depth)
    {
        PackedNode node = new();
        return depth == 0 ? node : Add(node, Nested(depth - 1));

        static PackedNode Add(PackedNode outer, PackedNode inner)
        {
            outer.Children.Add(inner);
            return outer;
        }
    }

    private static byte[] With(SeedImage seed, string section, Action<PackedNode> change)
    {
        int at = seed.Frames.FindIndex(frame => frame.Name == section);
        PackedNode content = seed.Contents[at].Clone();
        change(content);
        return Replaced(seed, section, content.Encode());
    }

    private static byte[] Replaced(SeedImage seed, string section, byte[] content) =>
        Sections(seed.Frames.Select(frame => frame.Name == section ? Compress(section, content) : frame));

    private static CompressedSection Raw(string name, int zeros) => Compress(name, Map(name, ("zeros", Bin(zeros))));

    private static CompressedSection Compress(string name, byte[] content)
    {
        using SectionCompressor compressor = new(level: 19);
        CompressedSection section = compressor.Compress(name, content);
        try
        {
            return section with { Version = SectionMap.ReadName(content, 0, ImageLimits.Default).Version };
        }
        catch (ImageFormatException)
        {
            return section;
        }
    }

    private static byte[] Sections(IEnumerable<CompressedSection> sections)
    {
        using MemoryStream stream = new();
        ContainerWriter writer = new(stream);
        writer.WriteHeader();
        foreach (CompressedSection section in sections)
        {
            writer.WriteSection(section);
        }

        writer.WriteTable();
        return stream.ToArray();
    }

    /// <summary>The sections with their header, without a table.</summary>
    private static byte[] Body(SeedImage seed)
    {
        byte[] whole = Sections(seed.Frames);
        return whole[..^(int)BinaryPrimitives.ReadUInt32LittleEndian(whole.AsSpan(whole.Length - 8))];
    }

    private static byte[] Table(SeedImage seed, Action<List<ImageSection>> change)
    {
        long offset = Container.HeaderFrameLength;
        List<ImageSection> rows = [];
        foreach (CompressedSection frame in seed.Frames)
        {
            rows.Add(new ImageSection(frame.Name, frame.Version, offset, frame.Frame.Length, frame.Length, Container.Crc32C(0, frame.Frame.Span), frame.Digest));
            offset += frame.Frame.Length;
        }

        change(rows);
        ByteBuffer table = new(1 << 20, "the section table");
        ContainerTable.Write(table, rows, []);
        return [.. Body(seed), .. table.Span];
    }

    private static byte[] TableContent(byte[] map)
    {
        byte[] content = [.. map, .. new byte[4], .. "CKPE"u8];
        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(map.Length), (uint)content.Length + 8);
        return content;
    }

    private static byte[] Frame(byte[] content)
    {
        byte[] frame = [0x51, 0x2a, 0x4d, 0x18, 0, 0, 0, 0, .. content];
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), (uint)content.Length);
        return frame;
    }

    /// <summary>A frame of 10 KB that promises 300 MiB and has them: runs of zeros.</summary>
    private static byte[] Promise(SeedImage seed)
    {
        const int Blocks = 2400;
        byte[] frame = new byte[10 + (Blocks * 4)];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Zstd.FrameMagic);
        frame[4] = 0x84;
        frame[5] = 10 << 3;
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(6), 300u << 20);
        for (int i = 0; i < Blocks; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(10 + (4 * i)), (128u << 10 << 3) | (1 << 1));
        }

        return [.. seed.Bytes[..Container.HeaderFrameLength], .. frame];
    }

    private static byte[] Map(string section, params (string Key, byte[] Value)[] more)
    {
        List<byte> map = [(byte)(0x80 | (more.Length + 2)), .. Text("section"), .. Text(section), .. Text("version"), 1];
        foreach ((string key, byte[] value) in more)
        {
            map.AddRange(Text(key));
            map.AddRange(value);
        }

        return [.. map];
    }

    private static byte[] Rows(string section, int count, params (string Column, byte Value)[] columns)
    {
        List<byte> map = [0xde, (byte)(columns.Length >> 8), (byte)columns.Length];
        foreach ((string column, byte value) in columns)
        {
            map.AddRange(Text(column));
            map.AddRange(Many(count, value));
        }

        return Map(section, ("count", OddValues.Number((ulong)count)), ("columns", [.. map]));
    }

    private static byte[] Credentials(int count) => Rows(
        "credentials", count,
        [.. ((string[])["uid", "euid", "suid", "fsuid", "gid", "egid", "sgid", "fsgid", "cap_inh", "cap_prm", "cap_eff", "cap_bnd"]).Select(name => (name, (byte)0))]);

    private static byte[] Spaces(int vmas)
    {
        List<byte> columns = [0x84];
        foreach ((string name, byte value) in (ReadOnlySpan<(string, byte)>)[("gap", 0), ("pages", 1), ("flags", 1), ("offset", 0)])
        {
            columns.AddRange(Text(name));
            columns.AddRange(Many(vmas, value));
        }

        return Map("spaces", ("count", [1]), ("lengths", [0x91, .. OddValues.Number((ulong)vmas)]), ("columns", [.. columns]));
    }

    private static byte[] Many(int count, byte value)
    {
        byte[] array = new byte[5 + count];
        array.AsSpan().Fill(value);
        array[0] = MessagePackCode.Array32;
        BinaryPrimitives.WriteUInt32BigEndian(array.AsSpan(1), (uint)count);
        return array;
    }

    private static byte[] Bin(int length)
    {
        byte[] bin = new byte[5 + length];
        bin[0] = MessagePackCode.Bin32;
        BinaryPrimitives.WriteUInt32BigEndian(bin.AsSpan(1), (uint)length);
        return bin;
    }

    private static byte[] Text(string text) => [(byte)(0xa0 | text.Length), .. Encoding.UTF8.GetBytes(text)];
}
