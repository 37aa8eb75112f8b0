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
    public static ProcessTree Read(Stream input) => throw new NotSupportedException();
}
