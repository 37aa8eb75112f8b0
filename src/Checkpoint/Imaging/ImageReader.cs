using System;
using System.IO;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Reads images (<c>images/README.md</c>).</summary>
public static class ImageReader
{
    /// <summary>Reads a whole image.</summary>
    /// <param name="input">A file or pipe; read to its end, not closed.</param>
    /// <returns>The captured tree.</returns>
    /// <exception cref="ImageFormatException">The bytes are not a valid image.</exception>
    /// <exception cref="IOException">The input failed.</exception>
    /// <exception cref="DllNotFoundException">libzstd is missing.</exception>
    public static ProcessTree Read(Stream input) => Read(input, ImageLimits.Default);

    /// <summary>The same with other caps.</summary>
    /// <param name="input">A file or pipe; read to its end, not closed.</param>
    /// <param name="limits">The caps.</param>
    /// <returns>The captured tree.</returns>
    internal static ProcessTree Read(Stream input, ImageLimits limits)
    {
        ArgumentNullException.ThrowIfNull(input);
        using ContainerReader container = new(input, limits);
        SectionDecoder decoder = new(limits);
        while (container.ReadSection() is ImageSection section)
        {
            decoder.Take(section, container.Body);
        }

        return decoder.Finish();
    }
}
