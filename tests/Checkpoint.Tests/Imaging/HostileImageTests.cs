using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Checkpoint.Imaging;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Imaging;

/// <summary>Bytes that someone damaged or made to harm: only the format exception may come of them, and no memory beyond the caps.</summary>
public class HostileImageTests
{
    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] image = Images.Write(SampleTrees.Rich());
        for (int length = 0; length < image.Length; length++)
        {
            byte[] cut = image[..length];
            ImageFormatException exception = Assert.Throws<ImageFormatException>(() => Images.Read(cut));
            Assert.Contains(length == 0 ? "empty" : "truncated", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_bit_flip_is_refused()
    {
        byte[] image = Images.Write(SampleTrees.Empty());
        for (int bit = 0; bit < image.Length * 8; bit++)
        {
            byte[] flipped = [.. image];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<ImageFormatException>(() => Images.Read(flipped));
        }
    }

    [Fact]
    public void Every_changed_byte_is_refused_or_changes_nothing()
    {
        ProcessTree tree = SampleTrees.Rich();
        byte[] image = Images.Write(tree);
        string text = TreeText.Of(tree);
        Random random = new(1);
        for (int i = 0; i < image.Length; i++)
        {
            byte[] changed = [.. image];
            changed[i] ^= (byte)random.Next(1, 256);
            AssertRefusedOr(() => Images.Read(changed), read => Assert.Equal(text, TreeText.Of(read)));
        }
    }

    /// <summary>Past the checksums, which anyone can compute: what the decoder itself makes of wrong values.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Changed_bytes_inside_sections_give_a_tree_or_the_format_exception(int seed)
    {
        Random random = new(seed);
        List<(ImageSection Section, byte[] Body)> sections = Images.Sections(Images.Write(SampleTrees.Rich()));
        int refused = 0;
        for (int i = 0; i < 15000; i++)
        {
            SectionDecoder decoder = new(ImageLimits.Default);
            int target = random.Next(sections.Count);
            try
            {
                for (int s = 0; s < sections.Count; s++)
                {
                    decoder.Take(sections[s].Section, s == target ? Damaged(sections[s].Body, random) : sections[s].Body);
                }

                // What is accepted is whole: it can be used.
                TreeText.Of(decoder.Finish());
            }
            catch (ImageFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 5000, 14999);
    }

    [Fact]
    public void A_tiny_frame_that_promises_too_much_is_refused_before_memory_is_taken()
    {
        // 300 MiB of zeros in 2,400 blocks of 4 bytes: magic, descriptor (4-byte size, checksum), window, size.
        byte[] frame = new byte[10 + (2400 * 4)];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Zstd.FrameMagic);
        frame[4] = 0x84;
        frame[5] = 10 << 3;
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(6), 300u << 20);
        for (int i = 0; i < 2400; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(10 + (4 * i)), (128u << 10 << 3) | (1 << 1));
        }

        AssertRefusedWithLittleMemory(frame, "too large");

        // Within the cap, but too far ahead of what it has.
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(6), 250u << 20);
        frame[10] |= 1;
        AssertRefusedWithLittleMemory(frame, "damaged");

        // No size at all.
        frame[4] = 0x04;
        AssertRefusedWithLittleMemory(frame, "no content size");

        // A window of 1 GiB.
        frame[4] = 0x84;
        frame[5] = 20 << 3;
        AssertRefusedWithLittleMemory(frame, "damaged");
    }

    [Fact]
    public void All_sections_together_have_a_cap()
    {
        byte[] image = Images.Write(SampleTrees.Rich());
        long total = Images.Sections(image).Sum(s => s.Body.LongLength);
        Read(image, new ImageLimits { TotalBytes = total });
        Assert.Throws<ImageFormatException>(() => Read(image, new ImageLimits { TotalBytes = total - 1 }));
        Assert.Throws<ImageTooLargeException>(() => ImageWriter.Write(Stream.Null, SampleTrees.Rich(), new ImageLimits { TotalBytes = total - 1 }));
    }

    [Fact]
    public void Every_cap_is_kept_by_reader_and_writer()
    {
        byte[] image = Images.Write(SampleTrees.Rich());
        string[] readerOnly = [nameof(ImageLimits.Frames), nameof(ImageLimits.WindowLog), nameof(ImageLimits.TableBytes), nameof(ImageLimits.Nesting), nameof(ImageLimits.Keys), nameof(ImageLimits.NameBytes)];
        foreach (PropertyInfo cap in typeof(ImageLimits).GetProperties().Where(p => p.PropertyType == typeof(int)))
        {
            ImageLimits limits = new();
            cap.SetValue(limits, cap.Name == nameof(ImageLimits.Nesting) ? 2 : 1);
            if (cap.Name != nameof(ImageLimits.WindowLog))
            {
                AssertThrows<ImageFormatException>(() => Read(image, limits), cap.Name);
            }

            if (!readerOnly.Contains(cap.Name))
            {
                AssertThrows<ArgumentException>(() => ImageWriter.Write(Stream.Null, SampleTrees.Rich(), limits), cap.Name);
            }
        }
    }

    [Theory]
    [InlineData("threads", "comm", 63)]
    [InlineData("processes", "exe", 4112)]
    [InlineData("processes", "cwd", 4112)]
    [InlineData("processes", "root", 4112)]
    [InlineData("processes", "cmdline", 6 << 20)]
    [InlineData("processes", "environ", 6 << 20)]
    [InlineData("files", "name", 64 << 10)]
    [InlineData("users", "name", 4112)]
    public void A_text_is_as_long_as_the_kernel_allows_and_no_longer(string section, string column, int most)
    {
        ProcessTree tree = SampleTrees.Rich();
        foreach (int length in (int[])[most, most + 1])
        {
            SectionEditor editor = new(Images.Write(tree));
            editor.Set("strings", "values", (ref writer) =>
            {
                // As many as there were, and the long one, which is the last.
                const int Others = 200;
                writer.WriteArrayHeader(Others + 1);
                for (int i = 0; i < Others; i++)
                {
                    writer.WriteString("x"u8);
                }

                writer.WriteString(new byte[length]);
            });
            editor.SetRow(section, column, 0, 200);
            byte[] image = Images.Build(editor.Sections);
            if (length == most)
            {
                Images.Read(image);
                continue;
            }

            ImageFormatException exception = Assert.Throws<ImageFormatException>(() => Images.Read(image));
            Assert.Contains("too long", exception.Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Damaged(byte[] body, Random random)
    {
        byte[] damaged = [.. body];
        for (int n = random.Next(1, 4); n > 0; n--)
        {
            damaged[random.Next(damaged.Length)] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)random.Next(0xc0, 0xe0),
                _ => (byte)(damaged[random.Next(damaged.Length)] ^ (1 << random.Next(8))),
            };
        }

        return random.Next(8) == 0 ? damaged[..random.Next(damaged.Length)] : damaged;
    }

    private static void AssertRefusedWithLittleMemory(byte[] frame, string said)
    {
        byte[] image = [.. Images.Write(SampleTrees.Empty())[..16], .. frame];
        long before = GC.GetAllocatedBytesForCurrentThread();
        ImageFormatException exception = Assert.Throws<ImageFormatException>(() => Images.Read(image));
        Assert.Contains(said, exception.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static ProcessTree Read(byte[] image, ImageLimits limits)
    {
        using MemoryStream stream = new(image);
        return ImageReader.Read(stream, limits);
    }

    private static void AssertThrows<T>(Action action, string what)
        where T : Exception
    {
        Exception? exception = Record.Exception(action);
        Assert.True(exception is T, $"{what}: {exception}");
    }

    private static void AssertRefusedOr(Func<ProcessTree> read, Action<ProcessTree> check)
    {
        ProcessTree tree;
        try
        {
            tree = read();
        }
        catch (ImageFormatException)
        {
            return;
        }

        check(tree);
    }
}
