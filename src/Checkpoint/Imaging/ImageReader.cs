using System;
using System.Collections.Generic;
using System.IO;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Reads images (<c>images/README.md</c>).</summary>
public static class ImageReader
{
    /// <summary>Reads the tree of a whole image.</summary>
    /// <param name="input">A file or pipe; read to its end, not closed.</param>
    /// <returns>The captured tree.</returns>
    /// <exception cref="ImageFormatException">The bytes are not a valid image.</exception>
    /// <exception cref="IOException">The input failed.</exception>
    /// <exception cref="DllNotFoundException">libzstd is missing.</exception>
    public static ProcessTree Read(Stream input) => Read(input, ImageParts.All).Tree;

    /// <summary>
    /// Reads what is asked for. Where the stream can be sought in, the section table leads to it and the rest is passed
    /// over; a pipe is read from front to back. Sections are decompressed ahead, on other threads.
    /// </summary>
    /// <param name="input">A file or pipe; not closed.</param>
    /// <param name="parts">What is asked for.</param>
    /// <returns>The image.</returns>
    /// <exception cref="ImageFormatException">The bytes that were read are not a valid image.</exception>
    /// <exception cref="IOException">The input failed.</exception>
    /// <exception cref="DllNotFoundException">libzstd is missing.</exception>
    public static Image Read(Stream input, ImageParts parts) => Read(input, parts, ImageLimits.Default);

    /// <summary>
    /// Reads what a truncated or damaged file holds up to its last whole section: <see cref="ImageScan.Problem"/> says what is
    /// wrong after it, and <see cref="Image.Missing"/> what is lost. Processes without their threads are lost too.
    /// </summary>
    /// <param name="input">A file or pipe; not closed.</param>
    /// <returns>The image; a whole one without loss.</returns>
    /// <exception cref="ImageFormatException">Not even section <c>capture</c> is there, or a whole section is not valid.</exception>
    /// <exception cref="IOException">The input failed.</exception>
    /// <exception cref="DllNotFoundException">libzstd is missing.</exception>
    public static Image ReadPartial(Stream input)
    {
        ArgumentNullException.ThrowIfNull(input);
        SectionDecoder decoder = new(ImageLimits.Default, ImageParts.All);
        using ContainerReader container = new(input, ImageLimits.Default);
        ImageScan scan = ImageScan.Read(container, decoder.Take);
        return new Image(decoder.FinishPartial(out List<string> missing), scan, missing);
    }

    /// <summary>Reads a whole image with other caps.</summary>
    /// <param name="input">A file or pipe; read to its end, not closed.</param>
    /// <param name="limits">The caps.</param>
    /// <returns>The captured tree.</returns>
    internal static ProcessTree Read(Stream input, ImageLimits limits) => Read(input, ImageParts.All, limits).Tree;

    private static Image Read(Stream input, ImageParts parts, ImageLimits limits)
    {
        ArgumentNullException.ThrowIfNull(input);
        SectionDecoder decoder = new(limits, parts);
        if (ContainerIndex.Open(input, limits) is ContainerIndex index)
        {
            index.Read(decoder.Wants, decoder.Take, verify: parts.HasFlag(ImageParts.Digests));
            return new Image(decoder.Finish(), index.Scan, []);
        }

        using ContainerReader container = new(input, limits);
        while (container.ReadSection() is ImageSection section)
        {
            decoder.Take(section, container.Body);
        }

        return new Image(decoder.Finish(), new ImageScan { Sections = container.Sections, Length = container.Length }, []);
    }
}
