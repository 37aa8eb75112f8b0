using System;

namespace Checkpoint.Imaging;

/// <summary>The bytes are not a valid image. The only exception that reading an image throws because of its content.</summary>
public sealed class ImageFormatException : Exception
{
    /// <summary>Describes what is wrong in one line.</summary>
    /// <param name="offset">Where, in bytes from the start of the file, or of the section when <paramref name="section"/> is given.</param>
    /// <param name="what">What is wrong, with value and allowed range.</param>
    /// <param name="section">The section it is in, if any.</param>
    public ImageFormatException(long offset, string what, string? section = null)
        : base(section is null ? $"at byte {offset}: {what}" : $"section '{section}' at byte {offset}: {what}")
    {
        Offset = offset;
        Section = section;
        What = what;
    }

    /// <summary>Where it is wrong.</summary>
    public long Offset { get; }

    /// <summary>Whether what is wrong is that the file ends too early; what is before the end may be whole (<see cref="ImageReader.ReadPartial"/>).</summary>
    public bool IsTruncation { get; init; }

    /// <summary>The section, or null for the container.</summary>
    public string? Section { get; }

    /// <summary>What is wrong, without the place.</summary>
    public string What { get; }

    /// <summary>What kind of thing is wrong.</summary>
    public ImageFault Fault { get; init; }
}
