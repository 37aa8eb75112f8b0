using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Checkpoint.Imaging;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Imaging;

/// <summary>Reading by the section table, where the stream can be sought in.</summary>
public class ImageIndexTests
{
    [Fact]
    public void What_is_not_asked_for_is_not_read()
    {
        byte[] image = Images.Write(SampleTrees.Large(50, 5000));
        using WatchedStream stream = new(image);
        Image read = ImageReader.Read(stream, ImageParts.Tasks);
        Assert.Equal(50, read.Tree.Processes.Count);
        ImageSection spaces = read.File.Sections.Single(section => section.Name == "spaces");
        Assert.True(spaces.CompressedLength > image.Length / 2, "the sample should be VMAs for the most part");
        Assert.DoesNotContain(stream.Reads, r => r.Offset < spaces.Offset + spaces.CompressedLength && r.Offset + r.Length > spaces.Offset);
        Assert.Equal(image.Length, stream.Position);
        Assert.Empty(read.Tree.Files);
    }

    [Theory]
    [InlineData(ImageParts.Tasks)]
    [InlineData(ImageParts.Vmas)]
    [InlineData(ImageParts.Notes)]
    [InlineData(ImageParts.All)]
    public void A_file_and_a_pipe_give_the_same(ImageParts parts)
    {
        for (int seed = 0; seed < 10; seed++)
        {
            byte[] image = Images.Write(SampleTrees.Random(seed));
            using MemoryStream file = new(image);
            using OneByteStream pipe = new(image);
            Image one = ImageReader.Read(file, parts);
            Image other = ImageReader.Read(pipe, parts);
            Assert.Equal(TreeText.Of(one.Tree), TreeText.Of(other.Tree));
            Assert.Equal(one.File.Digest, other.File.Digest);
            Assert.Equal(one.File.Sections, other.File.Sections);
            Assert.Equal((image.Length, image.Length), (one.File.Length, other.File.Length));
        }
    }

    [Fact]
    public void Lists_that_are_not_read_are_still_shared_as_they_were()
    {
        ProcessTree whole = SampleTrees.Rich();
        using MemoryStream stream = new(Images.Write(whole));
        IReadOnlyList<ProcessEntry> read = ImageReader.Read(stream, ImageParts.Tasks).Tree.Processes;
        for (int i = 0; i < read.Count; i++)
        {
            for (int j = 0; j < read.Count; j++)
            {
                Assert.Equal(ReferenceEquals(whole.Processes[i].Space, whole.Processes[j].Space), ReferenceEquals(read[i].Space, read[j].Space));
            }
        }
    }

    [Theory]
    [InlineData(ImageParts.Tasks)]
    [InlineData(ImageParts.All)]
    public void Every_changed_byte_is_refused_or_lies_in_what_is_not_read(ImageParts parts)
    {
        byte[] image = Images.Write(SampleTrees.Rich());
        string text = TreeText.Of(Read(image, parts));
        using MemoryStream stream = new(image);
        ImageSection[] unread = [.. ImageScan.Read(stream).Sections.Where(s => s.Name is "files" or "spaces" or "gaps" or "events")];
        Random random = new(2);
        for (int i = 0; i < image.Length; i++)
        {
            byte[] changed = [.. image];
            changed[i] ^= (byte)random.Next(1, 256);
            if (parts == ImageParts.Tasks && unread.Any(s => i >= s.Offset && i < s.Offset + s.CompressedLength))
            {
                Assert.Equal(text, TreeText.Of(Read(changed, parts)));
            }
            else
            {
                Assert.Throws<ImageFormatException>(() => Read(changed, parts));
            }
        }
    }

    [Theory]
    [InlineData("files", 1, 0, "where one at")]
    [InlineData("files", -1, 0, "where one at")]
    [InlineData("users", 0, -1, "says nothing of the bytes")]
    [InlineData("users", 0, 1, "where one at")]
    [InlineData("capture", 0, long.MaxValue / 2, "where one at")]
    [InlineData("spaces", long.MinValue, 0, "where one at")]
    public void A_table_that_does_not_cover_the_file_without_gap_or_overlap_is_refused(string section, long moved, long grown, string said)
    {
        byte[] image = WithRows(row => row.Name == section ? row with { Offset = row.Offset + moved, CompressedLength = row.CompressedLength + grown } : row);
        Assert.Contains(said, Assert.Throws<ImageFormatException>(() => Read(image, ImageParts.Tasks)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_promises_more_than_a_frame_can_hold_is_refused_before_memory_is_taken()
    {
        byte[] image = WithRows(row => row.Name == "users" ? row with { Length = 200 << 20 } : row);
        Read(Images.Write(SampleTrees.Rich()), ImageParts.Tasks);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Assert.Contains("cannot be a frame", Assert.Throws<ImageFormatException>(() => Read(image, ImageParts.Tasks)).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 8 << 20);
    }

    [Fact]
    public void A_row_that_says_something_else_than_its_section_is_refused()
    {
        Assert.Throws<ImageFormatException>(() => Read(WithRows(row => row with { Length = row.Length + 1 }), ImageParts.Tasks));
        Assert.Throws<ImageFormatException>(() => Read(WithRows(row => row with { Version = row.Version + 1 }), ImageParts.Tasks));
        Assert.Throws<ImageFormatException>(() => Read(WithRows(row => row with { Crc32C = row.Crc32C + 1 }), ImageParts.Tasks));
        Assert.Throws<ImageFormatException>(() => Read(WithRows(row => row.Name == "gaps" ? row with { Name = "gape" } : row), ImageParts.All));
        Assert.Throws<ImageFormatException>(() => Read(WithRows(row => row with { Name = "capture" }), ImageParts.Tasks));
    }

    [Fact]
    public void An_image_may_begin_in_the_middle_of_a_stream()
    {
        byte[] image = Images.Write(SampleTrees.Rich());
        using MemoryStream stream = new([.. "before"u8, .. image]) { Position = 6 };
        Assert.Equal(TreeText.Of(SampleTrees.Rich()), TreeText.Of(ImageReader.Read(stream)));
    }

    private static ProcessTree Read(byte[] image, ImageParts parts)
    {
        using MemoryStream stream = new(image);
        return ImageReader.Read(stream, parts).Tree;
    }

    /// <summary>An image with a table that is right in itself, but says something else.</summary>
    private static byte[] WithRows(Func<ImageSection, ImageSection> change)
    {
        byte[] image = Images.Write(SampleTrees.Rich());
        List<ImageSection> rows = [.. Images.Sections(image).Select(s => change(s.Section))];
        ByteBuffer table = new(int.MaxValue, "a table");
        ContainerTable.Write(table, rows, []);
        int length = (int)ContainerTable.FrameLength(image.AsSpan(image.Length - 8));
        return [.. image[..^length], .. table.Span];
    }

    private sealed class WatchedStream(byte[] bytes) : MemoryStream(bytes)
    {
        public List<(long Offset, long Length)> Reads { get; } = [];

        public override int Read(byte[] buffer, int offset, int count)
        {
            Reads.Add((Position, count));
            return base.Read(buffer, offset, count);
        }

        public override int Read(Span<byte> buffer)
        {
            Reads.Add((Position, buffer.Length));
            return base.Read(buffer);
        }
    }
}
