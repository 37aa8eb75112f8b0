using System;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;

namespace Checkpoint.Linux.Transports;

/// <summary>What the text of an <c>exe</c> link says.</summary>
internal static class ExePath
{
    /// <summary>The longest text of a link: PATH_MAX with its " (deleted)".</summary>
    internal const int Room = 4096 + 16;

    /// <summary>
    /// Takes the kernel's mark off. The mark is text: a file may really be called so; then the path, mark included, leads to
    /// the same file below the process's root.
    /// </summary>
    /// <param name="directory">The process's directory.</param>
    /// <param name="link">The link below it, NUL-terminated.</param>
    /// <param name="path">The link's text; shortened by the mark.</param>
    /// <returns>Whether the executable was deleted.</returns>
    internal static bool TakeMark(int directory, ReadOnlySpan<byte> link, ref ReadOnlySpan<byte> path)
    {
        if (!path.EndsWith(TargetFile.DeletedMark) || SameFile(directory, link, path))
        {
            return false;
        }

        path = path[..^TargetFile.DeletedMark.Length];
        return true;
    }

    private static bool SameFile(int directory, ReadOnlySpan<byte> link, ReadOnlySpan<byte> path) =>
        TargetFile.TryFind(directory, path, out Statx byName)
        && ProcFile.TryStat(directory, link, out Statx byLink)
        && byName.StxIno == byLink.StxIno && byName.StxDevMajor == byLink.StxDevMajor && byName.StxDevMinor == byLink.StxDevMinor;
}
