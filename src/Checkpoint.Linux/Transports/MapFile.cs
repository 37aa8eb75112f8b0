using System;
using System.Buffers.Text;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>
/// Opens the very file that a VMA maps: through <c>map_files/START-END</c>, which is right for deleted and replaced files
/// too but needs CAP_CHECKPOINT_RESTORE, else by its name below the process's root, if that still leads to the same file.
/// </summary>
internal static class MapFile
{
    /// <summary>Reads its build ID.</summary>
    /// <param name="dirfd">The process's directory.</param>
    /// <param name="vma">The VMA.</param>
    /// <param name="name">Its name.</param>
    /// <param name="id">At least <see cref="ElfBuildId.MaxLength"/> bytes.</param>
    /// <returns>Its length, 0 when the file has none, or a negative errno when the VMA is gone or the file cannot be opened this way.</returns>
    internal static int ReadBuildId(int dirfd, in TaskDiagVma vma, ReadOnlySpan<byte> name, Span<byte> id)
    {
        int fd = OpenLink(dirfd, vma);
        if (fd is -Errno.EPERM or -Errno.EACCES)
        {
            fd = OpenByName(dirfd, vma, name);
        }

        if (fd < 0)
        {
            return fd;
        }

        int length = ElfBuildId.Read(fd, id);
        _ = Libc.close(fd);
        return length;
    }

    private static int OpenLink(int dirfd, in TaskDiagVma vma)
    {
        Span<byte> path = stackalloc byte[64];
        "map_files/"u8.CopyTo(path);
        int at = "map_files/".Length;
        _ = Utf8Formatter.TryFormat(vma.Start, path[at..], out int written, 'x');
        path[at + written] = (byte)'-';
        at += written + 1;
        _ = Utf8Formatter.TryFormat(vma.End, path[at..], out written, 'x');
        path[at + written] = 0;
        return ProcFile.Open(dirfd, path[..(at + written + 1)], Libc.O_NONBLOCK);
    }

    private static int OpenByName(int dirfd, in TaskDiagVma vma, ReadOnlySpan<byte> name)
    {
        const int Room = 4200;
        Span<byte> path = stackalloc byte[Room];
        if (name.IsEmpty || name[0] != (byte)'/' || name.Length + "root".Length >= Room)
        {
            return -Errno.EACCES;
        }

        "root"u8.CopyTo(path);
        name.CopyTo(path["root".Length..]);
        path["root".Length + name.Length] = 0;
        ReadOnlySpan<byte> end = path[..("root".Length + name.Length + 1)];
        return ProcFile.TryStat(dirfd, end, out Statx found)
            && found.StxIno == vma.Inode && found.StxDevMajor == vma.Major && found.StxDevMinor == vma.Minor
            ? ProcFile.Open(dirfd, end, Libc.O_NONBLOCK)
            : -Errno.EACCES;
    }
}
