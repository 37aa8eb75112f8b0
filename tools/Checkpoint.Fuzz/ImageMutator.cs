using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Checkpoint.Imaging;

namespace Checkpoint.Fuzz;

/// <summary>
/// Makes an image of a seed image and a number: the same two give the same bytes. Most are right on the outside, with
/// checksums and table as they should be, so that what was changed inside reaches the decoders.
/// </summary>
/// <param name="seeds">The images to begin with.</param>
internal sealed class ImageMutator(IReadOnlyList<SeedImage> seeds) : IDisposable
{
    /// <summary>Of so many files one asks for much (<see cref="HeavyImages"/>): each of these takes as long as hundreds of the others.</summary>
    private const int HeavyEach = 1000;

    private readonly SectionCompressor _compressor = new(level: 1);

    /// <summary>Whether a file is one of those that ask for much.</summary>
    /// <param name="number">Which.</param>
    /// <returns>Whether it is.</returns>
    internal static bool IsHeavy(long number) => number % HeavyEach == HeavyEach - 1;

    /// <summary>Makes one.</summary>
    /// <param name="number">Which.</param>
    /// <returns>The file.</returns>
    internal byte[] Make(long number)
    {
        Random random = new(HashOf(number));
        if (IsHeavy(number) && seeds.FirstOrDefault(whole => whole.Tree is { Processes.Count: > 0 }) is { } first)
        {
            return new HeavyImages(first).Make(random);
        }

        SeedImage seed = seeds[random.Next(seeds.Count)];
        if (random.Next(12) == 0)
        {
            return Damage(seed.Bytes, random);
        }

        SeedImage other = seeds[random.Next(seeds.Count)];
        List<CompressedSection> sections = [.. seed.Frames];
        int changes = random.Next(1, 4);
        for (int i = 0; i < changes; i++)
        {
            int at = random.Next(seed.Contents.Count);
            PackedNode content = seed.Contents[at].Clone();
            for (int left = random.Next(1, 4); left > 0; left--)
            {
                NodeMutator.Change(content, random, other.Contents[random.Next(other.Contents.Count)]);
            }

            sections[at] = Compress(seed.Frames[at].Name, content.Encode(), random);
        }

        if (random.Next(10) == 0)
        {
            ChangeSections(sections, random, other);
        }

        byte[] image = Build(sections, random);
        return random.Next(40) == 0 ? Damage(image, random) : image;
    }

    /// <inheritdoc/>
    public void Dispose() => _compressor.Dispose();

    private static int HashOf(long number)
    {
        ulong mixed = ((ulong)number + 1) * 0x9e3779b97f4a7c15;
        return (int)((mixed ^ (mixed >> 29)) * 0xbf58476d1ce4e5b9 >> 33);
    }

    private CompressedSection Compress(string name, byte[] content, Random random)
    {
        byte[] cut = random.Next(50) == 0 ? content[..random.Next(content.Length + 1)] : content;
        byte[] full = random.Next(50) == 0 ? [.. cut, .. OddValues.Next(random)] : cut;
        return InTable(_compressor.Compress(name, full), full);
    }

    /// <summary>Name and version that the table will tell, as far as the content tells them.</summary>
    private static CompressedSection InTable(CompressedSection section, byte[] content)
    {
        try
        {
            (string name, uint version) = SectionMap.ReadName(content, 0, ImageLimits.Default);
            return section with { Name = name, Version = version };
        }
        catch (ImageFormatException)
        {
            return section;
        }
    }

    private static void ChangeSections(List<CompressedSection> sections, Random random, SeedImage other)
    {
        int at = random.Next(sections.Count);
        switch (random.Next(5))
        {
            case 0:
                sections.RemoveAt(at);
                break;
            case 1:
                sections.Insert(random.Next(sections.Count + 1), sections[at]);
                break;
            case 2:
                (sections[at], sections[0]) = (sections[0], sections[at]);
                break;
            case 3:
                sections[at] = other.Frames[random.Next(other.Frames.Count)];
                break;
            default:
                while (sections.Count < 260)
                {
                    sections.Add(sections[at]);
                }

                break;
        }
    }

    private static byte[] Build(List<CompressedSection> sections, Random random)
    {
        using MemoryStream stream = new();
        ContainerWriter writer = new(stream);
        writer.WriteHeader();
        List<ImageSection> rows = [];
        foreach (CompressedSection section in sections)
        {
            if (random.Next(200) == 0)
            {
                writer.WriteSkippable([0x55, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
            }

            rows.Add(new ImageSection(
                section.Name, section.Version, stream.Position, section.Frame.Length, section.Length, Container.Crc32C(0, section.Frame.Span), section.Digest));
            writer.WriteSection(section);
        }

        if (random.Next(30) != 0)
        {
            writer.WriteTable();
            return stream.ToArray();
        }

        // A table that is whole and lies: rows overlap, pass the end, are missing or there twice.
        int at = random.Next(rows.Count);
        ImageSection row = rows[at];
        rows[at] = random.Next(6) switch
        {
            0 => row with { Offset = rows[random.Next(rows.Count)].Offset },
            1 => row with { Offset = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64) },
            2 => row with { CompressedLength = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64) },
            3 => row with { Length = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64) },
            4 => row with { Name = rows[random.Next(rows.Count)].Name, Version = (uint)random.Next(3) },
            _ => rows[random.Next(rows.Count)],
        };
        if (random.Next(4) == 0)
        {
            rows.RemoveAt(at);
        }

        ByteBuffer table = new(1 << 20, "the section table");
        ContainerTable.Write(table, rows, []);
        stream.Write(table.Span);
        return stream.ToArray();
    }

    /// <summary>What needs no knowledge of the format: flipped, lost and doubled bytes.</summary>
    private static byte[] Damage(byte[] image, Random random)
    {
        List<byte> bytes = [.. image];
        for (int left = random.Next(1, 5); left > 0 && bytes.Count > 4; left--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes.RemoveRange(at, bytes.Count - at); break;
                case 1: bytes.RemoveRange(at, random.Next(Math.Min(64, bytes.Count - at))); break;
                case 2: bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count / 2), bytes.Count / 4)); break;
                case 3 when at < bytes.Count - 4:
                    byte[] word = new byte[4];
                    BinaryPrimitives.WriteUInt32LittleEndian(word, uint.MaxValue >> random.Next(32));
                    bytes.RemoveRange(at, 4);
                    bytes.InsertRange(at, word);
                    break;
                default: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            }
        }

        return [.. bytes];
    }
}
