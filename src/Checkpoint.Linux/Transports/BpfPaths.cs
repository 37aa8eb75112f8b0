using System;
using System.Collections.Generic;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;

namespace Checkpoint.Linux.Transports;

/// <summary>The texts of paths that a program knows by where their dentry and mount are; each is asked once.</summary>
internal sealed class BpfPaths
{
    private readonly Dictionary<(string Link, ulong Mount, ulong Dentry, ulong Inode), byte[]> _texts = [];
    private readonly byte[] _link = new byte[ExePath.Room];

    /// <summary>The text of a path.</summary>
    /// <param name="link">The link that shows it: exe, cwd or root.</param>
    /// <param name="mount">Key of its mount.</param>
    /// <param name="dentry">Key of its dentry.</param>
    /// <param name="inode">Inode it leads to.</param>
    /// <param name="directory">The process's directory, or a negative errno.</param>
    /// <returns>The text; empty when the process is gone.</returns>
    internal byte[] Text(string link, ulong mount, ulong dentry, ulong inode, int directory)
    {
        if (_texts.TryGetValue((link, mount, dentry, inode), out byte[]? text))
        {
            return text;
        }

        Span<byte> path = stackalloc byte[8];
        int end = System.Text.Encoding.ASCII.GetBytes(link, path);
        path[end] = 0;
        int length = directory < 0 ? 0 : Math.Max(0, ProcFile.ReadLink(directory, path[..(end + 1)], _link));
        text = _link.AsSpan(0, length).ToArray();

        // Another program or directory since, or a file system that shows other inodes: true of this process, but not kept.
        if (length > 0 && ProcFile.TryStat(directory, path[..(end + 1)], out Statx found) && found.StxIno == inode)
        {
            _texts.Add((link, mount, dentry, inode), text);
        }

        return text;
    }
}
