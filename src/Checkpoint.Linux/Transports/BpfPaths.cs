using System;
using Checkpoint.Linux.Procfs;

namespace Checkpoint.Linux.Transports;

/// <summary>
/// The texts of the paths that a program knows only by where their dentry and mount are. They are read of each process: to
/// keep one for others it would have to be certain that the link still led to that dentry, and to ask may wait for ever.
/// </summary>
internal sealed class BpfPaths
{
    private readonly byte[] _link = new byte[ExePath.Room];

    /// <summary>The text of a path.</summary>
    /// <param name="link">The link that shows it: exe, cwd or root, NUL-terminated.</param>
    /// <param name="directory">The process's directory, or a negative errno.</param>
    /// <returns>The text, valid until the next call; empty when the process is gone.</returns>
    internal ReadOnlySpan<byte> Text(ReadOnlySpan<byte> link, int directory) =>
        _link.AsSpan(0, directory < 0 ? 0 : Math.Max(0, ProcFile.ReadLink(directory, link, _link)));
}
