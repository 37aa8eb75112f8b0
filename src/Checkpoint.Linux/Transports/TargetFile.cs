using System;
using System.Buffers.Text;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>
/// What the kernel knows of a file that a process has, without opening it, asking its file system or following anything that
/// the process could have put in the way: no lease is broken, no event caused, nothing waited for.
/// </summary>
internal static unsafe class TargetFile
{
    /// <summary>The kernel's mark behind the path of a file that was deleted.</summary>
    internal static ReadOnlySpan<byte> DeletedMark => " (deleted)"u8;

    /// <summary>
    /// Whether a VMA maps a regular file, and no device or socket: by <c>map_files/START-END</c>, which needs
    /// CAP_CHECKPOINT_RESTORE, else by its name. To be asked of local file systems only.
    /// </summary>
    /// <param name="directory">The process's directory.</param>
    /// <param name="vma">The VMA.</param>
    /// <param name="name">Its name.</param>
    internal static bool IsRegular(int directory, in TaskDiagVma vma, ReadOnlySpan<byte> name)
    {
        Span<byte> path = stackalloc byte[64];
        "map_files/"u8.CopyTo(path);
        int at = "map_files/".Length;
        _ = Utf8Formatter.TryFormat(vma.Start, path[at..], out int written, 'x');
        path[at + written] = (byte)'-';
        at += written + 1;
        _ = Utf8Formatter.TryFormat(vma.End, path[at..], out written, 'x');
        path[at + written] = 0;
        return ProcFile.TryStat(directory, path[..(at + written + 1)], out Statx found)
            ? found.IsRegular && found.StxIno == vma.Inode
            : TryFind(directory, name, out found) && found.IsRegular && IsSame(vma, found);
    }

    /// <summary>Whether what was found is the file that a VMA maps.</summary>
    internal static bool IsSame(in TaskDiagVma vma, in Statx found) => found.StxIno == vma.Inode
        // The device that stat shows is a subvolume's, that of maps the file system's: neither is a disk's.
        && ((found.StxDevMajor == vma.Major && found.StxDevMinor == vma.Minor) || (found.StxDevMajor == 0 && vma.Major == 0));

    /// <summary>
    /// Looks a path up below a process's root, in the kernel's cache alone (RESOLVE_CACHED, Linux 5.12): what is mapped or
    /// executed is always there, and no file system is asked.
    /// </summary>
    /// <param name="directory">The process's directory.</param>
    /// <param name="name">An absolute path, as the kernel shows it.</param>
    /// <param name="found">What it leads to.</param>
    /// <returns>Whether it leads anywhere.</returns>
    internal static bool TryFind(int directory, ReadOnlySpan<byte> name, out Statx found)
    {
        const int Room = 4096;
        Span<byte> path = stackalloc byte[Room];
        found = default;
        if (name.Length is 0 or >= Room || name[0] != (byte)'/')
        {
            return false;
        }

        name.CopyTo(path);
        path[name.Length] = 0;
        int root = ProcFile.Open(directory, "root\0"u8, Libc.O_PATH | Libc.O_DIRECTORY);
        if (root < 0)
        {
            return false;
        }

        OpenHow how = new()
        {
            Flags = Libc.O_PATH | Libc.O_CLOEXEC,
            Resolve = OpenHow.InRoot | OpenHow.NoSymlinks | OpenHow.NoMagicLinks | OpenHow.Cached,
        };
        int fd;
        // SAFETY: the path is NUL-terminated and, as the struct, lives until the call is over; the struct's size is told.
        fixed (byte* p = path)
        {
            fd = (int)Libc.syscall(OpenHow.SYS_openat2, root, (nint)p, (nint)(&how), sizeof(OpenHow));
        }

        _ = Libc.close(root);
        if (fd < 0)
        {
            return false;
        }

        bool told = ProcFile.TryStat(fd, "\0"u8, out found, Libc.AT_EMPTY_PATH);
        _ = Libc.close(fd);
        return told;
    }
}
