using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Interop;

/// <content>The calls that put a file into place (<see cref="AtomicOutput"/>).</content>
internal static unsafe partial class Libc
{
    internal const int O_WRONLY = 1;
    internal const int O_CREAT = 0x40;
    internal const int O_EXCL = 0x80;
    internal const int O_NOCTTY = 0x100;
    internal const int AT_SYMLINK_NOFOLLOW = 0x100;
    internal const int AT_SYMLINK_FOLLOW = 0x400;
    internal const int AT_REMOVEDIR = 0x200;
    internal const uint S_IFMT = 0xF000;
    internal const uint S_IFDIR = 0x4000;
    internal const uint S_IFREG = 0x8000;

    /// <summary>An unnamed file in a folder, gone with its last descriptor unless linked.</summary>
    internal static int O_TMPFILE => 0x400000 | O_DIRECTORY;

    /// <summary>openat(2) with a mode for what is created; EINTR is not retried here.</summary>
    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int openat(int dirfd, string path, int flags, uint mode);

    /// <summary>fsync(2).</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fsync(int fd);

    /// <summary>linkat(2).</summary>
    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int linkat(int fromDirfd, string from, int toDirfd, string to, int flags);

    /// <summary>renameat(2).</summary>
    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int renameat(int fromDirfd, string from, int toDirfd, string to);

    /// <summary>unlinkat(2).</summary>
    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int unlinkat(int dirfd, string path, int flags);

    /// <summary>statx(2) with a path as text.</summary>
    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int statx(int dirfd, string path, int flags, uint mask, Statx* buffer);

    /// <summary>The mode of a file, with its kind.</summary>
    /// <param name="path">The file.</param>
    /// <param name="followLink">Whether a symbolic link stands for its target.</param>
    /// <param name="mode">The mode, <c>stx_mode</c>.</param>
    /// <returns>0 or errno.</returns>
    internal static int ModeOf(string path, bool followLink, out uint mode)
    {
        Statx found = default;
        // SAFETY: the struct has the kernel's size.
        int result = statx(AT_FDCWD, path, followLink ? 0 : AT_SYMLINK_NOFOLLOW, Statx.BasicStats, &found);
        mode = found.StxMode;
        return result == 0 ? 0 : Marshal.GetLastPInvokeError();
    }
}
