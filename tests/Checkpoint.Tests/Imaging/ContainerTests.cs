using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Checkpoint.Imaging;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Imaging;

public class ContainerTests
{
    private static readonly string[] Names =
    [
        "capture", "strings", "files", "spaces", "credentials", "processes", "threads", "gaps", "events", "users",
    ];

    [Fact]
    public void An_image_begins_with_its_mark_and_version()
    {
        byte[] image = Images.Write(SampleTrees.Empty());
        Assert.Equal(Convert.FromHexString("502A4D18080000" + "00434B505401000000"), image[..16]);
    }

    [Fact]
    public void An_image_ends_with_the_way_to_its_section_table()
    {
        byte[] image = Images.Write(SampleTrees.Rich());
        Assert.Equal("CKPE"u8.ToArray(), image[^4..]);
        int length = (int)BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(image.Length - 8));
        ReadOnlySpan<byte> frame = image.AsSpan(image.Length - length);
        Assert.Equal(0x184D2A51u, BinaryPrimitives.ReadUInt32LittleEndian(frame));
        Assert.Equal((uint)length - 8, BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]));
    }

    [Fact]
    public void The_sections_come_in_the_order_in_which_a_pipe_reader_needs_them() =>
        Assert.Equal(Names, Images.Sections(Images.Write(SampleTrees.Rich())).Select(s => s.Section.Name));

    [Fact]
    public void The_checksum_is_CRC_32C()
    {
        // The check value of the catalogues of CRC algorithms.
        Assert.Equal(0xe3069283u, Container.Crc32C(0, "123456789"u8));
        Assert.Equal(0xe3069283u, Container.Crc32C(Container.Crc32C(0, "1234"u8), "56789"u8));
    }

    [RequiresFact("zstd")]
    public void The_zstd_command_accepts_an_image_and_gives_its_sections()
    {
        byte[] image = Images.Write(SampleTrees.Random(1));
        Tool.Run(image, "zstd", "-tq");
        byte[] data = Tool.Run(image, "zstd", "-dcq");
        Assert.Equal([.. Images.Sections(image).SelectMany(s => s.Body)], data);
    }

    [RequiresFact("zstd")]
    public void Every_section_frame_has_its_size_and_checksum()
    {
        string list = Encoding.UTF8.GetString(Tool.Run(Images.Write(SampleTrees.Rich()), "sh", "-c", "f=$(mktemp) && cat > $f && zstd -lv $f; rm $f"));
        Assert.Contains("# Zstandard Frames: 10", list, StringComparison.Ordinal);
        Assert.Contains("# Skippable Frames: 2", list, StringComparison.Ordinal);
        Assert.Contains("Check: XXH64", list, StringComparison.Ordinal);
        Assert.Contains("Decompressed Size:", list, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_sections_keys_and_columns_are_passed_over()
    {
        ProcessTree tree = SampleTrees.Rich();
        byte[] image = Images.Write(tree);
        byte[] extra = Images.Encode((ref writer) =>
        {
            writer.WriteMapHeader(3);
            writer.WriteSectionName("sockets");
            writer.Write("anything");
            writer.WriteTimestamp(1, 2);
        });
        SectionEditor editor = new(image);
        editor.Set("processes", "later", (ref writer) => writer.Write(1.5));
        editor.SetColumn("threads", "later", (ref writer) => writer.Write("what"));
        byte[] edited = Images.Build([.. editor.Sections.Take(3), ("sockets", extra), .. editor.Sections.Skip(3)]);
        Assert.Equal(TreeText.Of(tree), TreeText.Of(Images.Read(edited)));
    }

    [Fact]
    public void A_skippable_frame_is_passed_over_where_the_table_knows_it()
    {
        ProcessTree tree = SampleTrees.Rich();
        byte[] image = Images.Write(tree);
        byte[] frame = Convert.FromHexString("5F2A4D18" + "03000000" + "010203");
        byte[] with = Images.Rebuild(image, frame);
        Assert.Equal(TreeText.Of(tree), TreeText.Of(Images.Read(with)));
        Assert.Equal(Scan(image).Digest, Scan(with).Digest);

        // Its bytes are covered too, and one that the table does not know is refused.
        int place = with.AsSpan().IndexOf(frame);
        byte[] changed = [.. with];
        changed[place + frame.Length - 1] ^= 1;
        Assert.Contains("skippable frame", Assert.Throws<ImageFormatException>(() => Images.Read(changed)).Message, StringComparison.Ordinal);
        int table = image.Length - (int)BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(image.Length - 8));
        Assert.Throws<ImageFormatException>(() => Images.Read([.. image[..table], .. frame, .. image[table..]]));
    }

    [Fact]
    public void The_digest_is_that_of_the_contents_and_not_of_their_compression()
    {
        byte[] image = Images.Write(SampleTrees.Rich());
        ImageScan scan = Scan(image);
        byte[] digests = [.. Images.Sections(image).SelectMany(s => SHA256.HashData(s.Body))];
        Assert.Equal(SHA256.HashData(digests), scan.Digest.Span.ToArray());
        Assert.Equal(image.Length, scan.Length);

        byte[] other = Images.Write(SampleTrees.Rich(), level: 19);
        Assert.NotEqual(image, other);
        Assert.Equal(scan.Digest, Scan(other).Digest);
        Assert.NotEqual(scan.Digest, Scan(Images.Write(SampleTrees.Small())).Digest);
    }

    [Fact]
    public void A_table_whose_digests_are_others_is_refused()
    {
        byte[] image = Images.Write(SampleTrees.Rich());
        ReadOnlySpan<byte> digest = Scan(image).Sections[5].Digest.Span;
        int place = image.AsSpan().IndexOf(digest);
        byte[] changed = [.. image];
        changed[place] ^= 1;
        Assert.Contains("damaged", Assert.Throws<ImageFormatException>(() => Images.Read(changed)).Message, StringComparison.Ordinal);

        // With a table that is right in itself, it is the content that does not fit.
        Images.RepairTable(changed);
        Assert.Contains("'processes'", Assert.Throws<ImageFormatException>(() => Images.Read(changed)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_is_nil_in_every_row_may_be_missing()
    {
        ProcessTree tree = SampleTrees.Rich();
        ProcessTree plain = tree with { Processes = [.. tree.Processes.Select(p => p with { Environ = null })] };
        SectionEditor editor = new(Images.Write(plain));
        Assert.DoesNotContain("environ", editor.Columns("processes"));
        Assert.Contains("cmdline", editor.Columns("processes"));
        Assert.All(Images.Read(Images.Write(plain)).Processes, p => Assert.Null(p.Environ));
    }

    [Theory]
    [InlineData(12, 2, "format version 2")]
    [InlineData(12, 0, "format version 0")]
    [InlineData(14, 1, "flags 0x1")]
    [InlineData(8, 0x58, "CKPT")]
    public void Another_version_or_mark_is_refused_by_name(int offset, byte value, string said)
    {
        byte[] image = Images.Write(SampleTrees.Empty());
        image[offset] = value;
        Assert.Contains(said, Assert.Throws<ImageFormatException>(() => Images.Read(image)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_section_of_a_later_version_is_refused_by_name()
    {
        SectionEditor editor = new(Images.Write(SampleTrees.Empty()));
        editor.Set("gaps", "version", (ref writer) => writer.Write(2));
        ImageFormatException exception = Assert.Throws<ImageFormatException>(() => Images.Read(Images.Build(editor.Sections)));
        Assert.Contains("section 'gaps' has version 2", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("#!/bin/sh\necho an ordinary file\n")]
    [InlineData("CKPT")]
    public void What_is_no_image_is_refused_as_such(string text) => Assert.Contains(
        "not an image", Assert.Throws<ImageFormatException>(() => Images.Read(Encoding.ASCII.GetBytes(text))).Message, StringComparison.Ordinal);

    [Fact]
    public void Sections_that_are_missing_doubled_or_out_of_order_are_refused()
    {
        (string Name, byte[] Body)[] sections = [.. new SectionEditor(Images.Write(SampleTrees.Rich())).Sections];
        for (int i = 0; i < sections.Length; i++)
        {
            byte[] without = Images.Build([.. sections[..i], .. sections[(i + 1)..]]);
            byte[] doubled = Images.Build([.. sections[..i], sections[i], .. sections[i..]]);
            Assert.Contains($"section '{sections[i].Name}'", Assert.Throws<ImageFormatException>(() => Images.Read(without)).Message, StringComparison.Ordinal);
            Assert.Contains("is there twice", Assert.Throws<ImageFormatException>(() => Images.Read(doubled)).Message, StringComparison.Ordinal);
        }

        Assert.Throws<ImageFormatException>(() => Images.Read(Images.Build([sections[0], .. sections[2..], sections[1]])));
    }

    [Fact]
    public void What_follows_the_table_is_refused() =>
        Assert.Contains("follows", Assert.Throws<ImageFormatException>(() => Images.Read([.. Images.Write(SampleTrees.Empty()), 0])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_scan_gives_the_whole_sections_of_a_truncated_image()
    {
        byte[] image = Images.Write(SampleTrees.Rich());
        ImageScan whole = Scan(image);
        Assert.Null(whole.Problem);
        Assert.False(whole.IsTruncated);
        Assert.Equal(Names, whole.Sections.Select(s => s.Name));

        int cut = (int)whole.Sections[4].Offset + 5;
        ImageScan part = Scan(image[..cut]);
        Assert.True(part.IsTruncated);
        Assert.Equal(whole.Sections.Take(4), part.Sections);
        Assert.Contains("truncated", part.Problem!.Message, StringComparison.Ordinal);
        Assert.Contains("after 4 whole sections", part.Problem.Message, StringComparison.Ordinal);
        Assert.Equal(cut, part.Problem.Offset);
    }

    [Fact]
    public void A_missing_library_is_named_with_its_package()
    {
        DllNotFoundException exception = Assert.Throws<DllNotFoundException>(() => Zstd.Load(typeof(ContainerTests).Assembly, ["libnothing.so.9"]));
        Assert.Contains("libzstd1", exception.Message, StringComparison.Ordinal);
    }

    private static ImageScan Scan(byte[] image)
    {
        using MemoryStream stream = new(image);
        return ImageScan.Read(stream);
    }
}
