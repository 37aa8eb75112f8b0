using System;
using System.Collections.Generic;
using System.IO;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>What is whole of a damaged image, ready to be written as a valid one.</summary>
public sealed class ImageSalvage
{
    /// <summary>Half of the frames that a file may have: there must be room for the sections of the format.</summary>
    private static readonly int MostUnknown = ImageLimits.Default.Frames / 2;

    private readonly List<CompressedSection> _unknown;

    private ImageSalvage(ProcessTree tree, List<CompressedSection> unknown)
    {
        Tree = tree;
        _unknown = unknown;
    }

    /// <summary>The tree; <see cref="CaptureInfo.Lost"/> says which sections it is without.</summary>
    public ProcessTree Tree { get; }

    /// <summary>Looks for whole sections.</summary>
    /// <param name="input">A file that can seek; not closed.</param>
    /// <returns>What was found; null when nothing was.</returns>
    /// <exception cref="IOException">The input failed.</exception>
    /// <exception cref="DllNotFoundException">libzstd is missing.</exception>
    public static ImageSalvage? Read(Stream input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using FrameSearch search = new(input, ImageLimits.Default);
        RescueDecoder decoder = new(ImageLimits.Default);
        List<CompressedSection> unknown = [];
        while (search.Next() is ImageSection section)
        {
            int before = decoder.Unknown.Count;
            decoder.Take(section, search.Body);
            if (decoder.Unknown.Count > before && unknown.Count < MostUnknown)
            {
                unknown.Add(search.Frame(section));
            }
        }

        return decoder.HasAny ? new ImageSalvage(decoder.Finish(isCutShort: true), unknown) : null;
    }

    /// <summary>Writes the image: the sections of the format, then those that this program does not know, byte for byte.</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <exception cref="IOException">The output failed.</exception>
    public void Write(Stream output) => ImageWriter.Write(output, Tree, ImageLimits.Default, more: _unknown);
}
