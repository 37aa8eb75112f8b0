using System;
using System.Collections.Generic;
using System.IO;

namespace Checkpoint.Imaging;

/// <summary>What frames an image consists of, as far as they are whole. Contents are not interpreted.</summary>
public sealed record ImageScan
{
    /// <summary>The whole sections by their place in the file.</summary>
    public required IReadOnlyList<ImageSection> Sections { get; init; }

    /// <summary>What is wrong after the last of them; null when nothing is.</summary>
    public ImageFormatException? Problem { get; init; }

    /// <summary>Whether what is wrong is that the file ends too early.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>Reads frames up to the first that is not whole and valid.</summary>
    /// <param name="input">A file or pipe; not closed.</param>
    /// <returns>What was found; wrong bytes are an answer, not an exception.</returns>
    /// <exception cref="IOException">The input failed.</exception>
    /// <exception cref="DllNotFoundException">libzstd is missing.</exception>
    public static ImageScan Read(Stream input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using ContainerReader container = new(input, ImageLimits.Default);
        ImageFormatException? problem = null;
        try
        {
            while (container.ReadSection() is not null)
            {
            }
        }
        catch (ImageFormatException e)
        {
            problem = e;
        }

        return new ImageScan { Sections = container.Sections, Problem = problem, IsTruncated = container.IsTruncated };
    }
}
