using System;
using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Interop;

/// <content>The calls that put a file into place (<see cref="AtomicOutput"/>).</content>
internal static unsafe partial class Libc
{
    internal const int O_WRONLY = 1;
    internal const int O_CREAT = 0x40;
    internal const int O_EXCL = 0x80;
    internal const int O_NOCTTY = 0x100;
    internal const int AT_SYMLINK_FOLLOW = 0x400;
    internal const int AT_REMOVEDIR = 0x200;
    internal const uint S_IFMT = 0xF000;
    internal const uint S_IFIFO = 0x1000;
    internal const uint S_IFDIR = 0x4000;
    internal const uint S_IFREG = 0x8000;
    internal const uint S_IFLNK = 0xA000;
    internal const uint S_IFSOCK = 0xC000;
    private const int RENAME_NOREPLACE = 1;

    private static readonly nint SYS_renameat2 = NumberOf(x64: 316, others: 276);

    /// <summary>An unnamed file in a folder, gone with its last descriptor unless linked.</summary>
    internal static int O_TMPFILE => 0x400000 | O_DIRECTORY;

    /// <summary>fsync(2).</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fsync(int fd);

    /// <summary>fchmod(2).</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fchmod(int fd, uint mode);

    /// <summary>linkat(2), paths NUL-terminated.</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int linkat(int fromDirfd, ReadOnlySpan<byte> from, int toDirfd, ReadOnlySpan<byte> to, int flags);

    /// <summary>renameat(2), paths NUL-terminated.</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int renameat(int fromDirfd, ReadOnlySpan<byte> from, int toDirfd, ReadOnlySpan<byte> to);

    /// <summary>renameat(2) with paths as text.</summary>
    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int renameat(int fromDirfd, string from, int toDirfd, string to);

    /// <summary>unlinkat(2), the path NUL-terminated.</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int unlinkat(int dirfd, ReadOnlySpan<byte> path, int flags);

    /// <summary>unlinkat(2) with a path as text.</summary>
    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int unlinkat(int dirfd, string path, int flags);

    /// <summary>Renames within a folder and refuses a name that is taken: renameat2(2) with RENAME_NOREPLACE.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="from">The name, NUL-terminated.</param>
    /// <param name="to">The new name, NUL-terminated.</param>
    /// <returns>0 or errno: EEXIST, or EINVAL and ENOSYS where file system or kernel do not know it.</returns>
    internal static int RenameNoReplace(int folder, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        // SAFETY: both names are NUL-terminated by contract and pinned for the call.
        fixed (byte* old = from, name = to)
        {
            return syscall(SYS_renameat2, folder, (nint)old, folder, (nint)name, RENAME_NOREPLACE) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>What an open descriptor leads to.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="found">Kind, owner, device and inode.</param>
    /// <returns>0 or errno.</returns>
    internal static int StatOf(int fd, out Statx found)
    {
        found = default;
        byte none = 0;

        // SAFETY: an empty path; the struct has the kernel's size.
        fixed (Statx* to = &found)
        {
            return statx(fd, &none, AT_EMPTY_PATH, Statx.BasicStats, to) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }
}
