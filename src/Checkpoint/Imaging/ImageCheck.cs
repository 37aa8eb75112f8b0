using System;
using System.Collections.Generic;
using System.IO;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Everything that is wrong with the bytes of an image, as data; what the content means is not judged here.</summary>
public sealed record ImageCheck
{
    /// <summary>The whole sections by their place in the file.</summary>
    public required IReadOnlyList<ImageSection> Sections { get; init; }

    /// <summary>What is wrong with frames, table, and (if they were read) sections.</summary>
    public required IReadOnlyList<ImageFormatException> Problems { get; init; }

    /// <summary>Sections that this program does not know; empty when they were not read.</summary>
    public required IReadOnlyList<ImageSection> Unknown { get; init; }

    /// <summary>The tree; null when something is wrong, or sections were not read.</summary>
    public ProcessTree? Tree { get; init; }

    /// <summary>Checks an image.</summary>
    /// <param name="input">A file or pipe; not closed.</param>
    /// <param name="readSections">Whether the sections are read too, or only frames, checksums and table.</param>
    /// <returns>What was found; wrong bytes are an answer, not an exception.</returns>
    /// <exception cref="IOException">The input failed.</exception>
    /// <exception cref="DllNotFoundException">libzstd is missing.</exception>
    public static ImageCheck Read(Stream input, bool readSections)
    {
        ArgumentNullException.ThrowIfNull(input);
        using ContainerReader container = new(input, ImageLimits.Default);
        RescueDecoder decoder = new(ImageLimits.Default);
        List<ImageFormatException> problems = [];
        try
        {
            while (container.ReadSection() is ImageSection section)
            {
                if (readSections)
                {
                    decoder.Take(section, container.Body);
                }
            }
        }
        catch (ImageFormatException e)
        {
            // What has no kind of its own is MessagePack of the table, whose exceptions know the place in it alone.
            problems.Add(e.Fault == ImageFault.Content ? new ImageFormatException(container.Length + e.Offset, e.What) { Fault = ImageFault.Table } : e);
        }

        ProcessTree? tree = readSections ? decoder.Finish(isCutShort: problems.Count > 0) : null;
        problems.AddRange(decoder.Problems);
        return new ImageCheck
        {
            Sections = container.Sections,
            Problems = problems,
            Unknown = decoder.Unknown,
            Tree = problems.Count == 0 ? tree : null,
        };
    }
}
