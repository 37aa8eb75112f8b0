using System;
using System.Collections.Generic;
using System.IO;
using Checkpoint.Imaging;
using Checkpoint.Model;

namespace Checkpoint.Fuzz;

/// <summary>An image taken apart, to make others of.</summary>
internal sealed class SeedImage
{
    private SeedImage(byte[] bytes) => Bytes = bytes;

    /// <summary>The whole file.</summary>
    internal byte[] Bytes { get; }

    /// <summary>Its sections as they lie in it.</summary>
    internal List<CompressedSection> Frames { get; } = [];

    /// <summary>Their content.</summary>
    internal List<PackedNode> Contents { get; } = [];

    /// <summary>Its tree; null when it is not whole.</summary>
    internal ProcessTree? Tree { get; private set; }

    /// <summary>Takes an image apart; of a truncated one, what is whole.</summary>
    internal static SeedImage Read(byte[] bytes)
    {
        SeedImage seed = new(bytes);
        using MemoryStream stream = new(bytes);
        using ContainerReader reader = new(stream, ImageLimits.Default, keepFrames: true);
        try
        {
            while (reader.ReadSection() is not null)
            {
                CompressedSection frame = reader.Frame;
                seed.Frames.Add(frame with { Frame = frame.Frame.ToArray() });
                seed.Contents.Add(PackedNode.Parse(reader.Body.ToArray()));
            }
        }
        catch (ImageFormatException) when (reader.IsTruncated)
        {
            return seed;
        }

        stream.Position = 0;
        seed.Tree = ImageReader.Read(stream);

        return seed;
    }

    /// <summary>The images below a folder that are small enough to be read a million times.</summary>
    internal static List<SeedImage> Below(string folder)
    {
        const int Small = 32 << 10;
        List<string> paths = [.. Directory.EnumerateFiles(folder, "*.ckpt", SearchOption.AllDirectories)];
        paths.Sort(StringComparer.Ordinal);
        List<SeedImage> seeds = [];
        foreach (string path in paths)
        {
            if (new FileInfo(path).Length <= Small)
            {
                seeds.Add(Read(File.ReadAllBytes(path)));
            }
        }

        return seeds;
    }
}
