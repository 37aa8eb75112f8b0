using System;
using System.IO;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Writes images (<c>images/README.md</c>).</summary>
public static class ImageWriter
{
    /// <summary>Writes a whole image; needs no seeking.</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="tree">What to write.</param>
    /// <exception cref="IOException">The output failed.</exception>
    public static void Write(Stream output, ProcessTree tree) => throw new NotSupportedException();
}
