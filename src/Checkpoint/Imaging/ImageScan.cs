using System;
using System.Collections.Generic;
using System.IO;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>What frames an image consists of, as far as they are whole. Contents are not interpreted.</summary>
public sealed record ImageScan
{
    /// <summary>Version of the format, the only one there is.</summary>
    public const int FormatVersion = Container.Version;

    /// <summary>The whole sections by their place in the file.</summary>
    public required IReadOnlyList<ImageSection> Sections { get; init; }

    /// <summary>
    /// What identifies the image: SHA-256 over the SHA-256 of each section's content, in the order of the file; 32 bytes.
    /// Equal for equal content, however it was compressed. When the image is not whole, of what is.
    /// </summary>
    public ByteString Digest => Container.Digest(Sections);

    /// <summary>Bytes up to the end of the last whole frame: the file's length when nothing is wrong.</summary>
    public required long Length { get; init; }

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
        return Read(container, static (_, _) => { });
    }

    /// <summary>The same, and gives the sections away.</summary>
    /// <param name="container">Reads the image from its start.</param>
    /// <param name="take">Takes the whole sections.</param>
    /// <returns>What was found.</returns>
    internal static ImageScan Read(ContainerReader container, SectionTaker take)
    {
        ImageFormatException? problem;
        while (Next(container, out problem) is ImageSection section)
        {
            take(section, container.Body);
        }

        return new ImageScan { Sections = container.Sections, Length = container.Length, Problem = problem, IsTruncated = container.IsTruncated };
    }

    private static ImageSection? Next(ContainerReader container, out ImageFormatException? problem)
    {
        problem = null;
        try
        {
            return container.ReadSection();
        }
        catch (ImageFormatException e)
        {
            problem = e;
            return null;
        }
    }
}
