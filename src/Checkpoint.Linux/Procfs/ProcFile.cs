using System;
using System.Runtime.InteropServices;
using Checkpoint.Linux.Interop;

namespace Checkpoint.Linux.Procfs;

/// <summary>
/// Reads below a directory descriptor with as few system calls as procfs allows. Results are lengths, or a negative
/// errno: a task that vanishes in between is normal here and must not cost an exception.
/// </summary>
internal static unsafe class ProcFile
{
    /// <summary>
    /// Longest file that is read, in bytes: more than exec accepts as arguments and environment (6 MiB). A process may claim
    /// any size for them (PR_SET_MM_MAP), and that must not decide our memory.
    /// </summary>
    internal const int MaxLength = 8 * 1024 * 1024;

    /// <summary>Opens a path below a directory.</summary>
    /// <param name="dirfd">Directory descriptor.</param>
    /// <param name="path">Path, NUL-terminated.</param>
    /// <param name="flags">O_* beside O_CLOEXEC.</param>
    /// <param name="mode">Permissions of a file that is made.</param>
    /// <returns>A descriptor, or a negative errno.</returns>
    internal static int Open(int dirfd, ReadOnlySpan<byte> path, int flags = Libc.O_RDONLY, uint mode = 0)
    {
        // SAFETY: path is NUL-terminated by contract and pinned for the call.
        fixed (byte* p = path)
        {
            while (true)
            {
                int fd = Libc.openat(dirfd, p, flags | Libc.O_CLOEXEC, mode);
                if (fd >= 0)
                {
                    return fd;
                }

                int errno = Marshal.GetLastPInvokeError();
                if (errno != Errno.EINTR)
                {
                    return -errno;
                }
            }
        }
    }

    /// <summary>Reads a short file with one read: right for the files that the kernel makes in one go (stat, status, cmdline…).</summary>
    /// <param name="dirfd">Directory descriptor.</param>
    /// <param name="path">Path, NUL-terminated.</param>
    /// <param name="buffer">Grown when the file fills it.</param>
    /// <returns>Length, or a negative errno; EFBIG from <see cref="MaxLength"/> on.</returns>
    internal static int ReadOnce(int dirfd, ReadOnlySpan<byte> path, ref byte[] buffer)
    {
        int length = ReadStart(dirfd, path, ref buffer, MaxLength);
        return length < MaxLength ? length : -Errno.EFBIG;
    }

    /// <summary>As <see cref="ReadOnce"/>, but reads no more than the start of a longer file.</summary>
    /// <param name="dirfd">Directory descriptor.</param>
    /// <param name="path">Path, NUL-terminated.</param>
    /// <param name="buffer">Grown when the file fills it.</param>
    /// <param name="most">Bytes that are read at the most.</param>
    /// <returns>Length of what was read, or a negative errno.</returns>
    internal static int ReadStart(int dirfd, ReadOnlySpan<byte> path, ref byte[] buffer, int most)
    {
        int fd = Open(dirfd, path);
        if (fd < 0)
        {
            return fd;
        }

        int length = 0;
        while (true)
        {
            int room = Math.Min(buffer.Length, most) - length;
            int got = Read(fd, buffer.AsSpan(length, room));
            if (got < 0)
            {
                length = got;
                break;
            }

            length += got;
            if (got < room || length == most)
            {
                break;
            }

            Array.Resize(ref buffer, buffer.Length * 2);
        }

        _ = Libc.close(fd);
        return length;
    }

    /// <summary>Reads until the end: for files that the kernel makes record by record (children, maps).</summary>
    /// <param name="dirfd">Directory descriptor.</param>
    /// <param name="path">Path, NUL-terminated.</param>
    /// <param name="buffer">Grown as needed.</param>
    /// <returns>Length, or a negative errno.</returns>
    internal static int ReadAll(int dirfd, ReadOnlySpan<byte> path, ref byte[] buffer)
    {
        int fd = Open(dirfd, path);
        if (fd < 0)
        {
            return fd;
        }

        int length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            int got = Read(fd, buffer.AsSpan(length));
            if (got <= 0)
            {
                length = got < 0 ? got : length;
                break;
            }

            length += got;
        }

        _ = Libc.close(fd);
        return length;
    }

    /// <summary>read(2), EINTR retried.</summary>
    /// <param name="fd">Descriptor.</param>
    /// <param name="into">Where to.</param>
    /// <returns>Bytes read, 0 at the end, or a negative errno.</returns>
    internal static int Read(int fd, Span<byte> into)
    {
        // SAFETY: the span bounds the call.
        fixed (byte* p = into)
        {
            while (true)
            {
                nint got = Libc.read(fd, p, (nuint)into.Length);
                if (got >= 0)
                {
                    return (int)got;
                }

                int errno = Marshal.GetLastPInvokeError();
                if (errno != Errno.EINTR)
                {
                    return -errno;
                }
            }
        }
    }

    /// <summary>readlinkat(2).</summary>
    /// <param name="dirfd">Directory descriptor.</param>
    /// <param name="path">Path, NUL-terminated.</param>
    /// <param name="into">Where to; a text that fills it was cut.</param>
    /// <returns>Length, or a negative errno.</returns>
    internal static int ReadLink(int dirfd, ReadOnlySpan<byte> path, Span<byte> into)
    {
        // SAFETY: path is NUL-terminated by contract; the span bounds the answer.
        fixed (byte* p = path, to = into)
        {
            nint got = Libc.readlinkat(dirfd, p, to, (nuint)into.Length);
            return got >= 0 ? (int)got : -Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>statx(2), links followed. Says what the kernel knows: no file system is asked, nothing is mounted for it.</summary>
    /// <param name="dirfd">Directory descriptor.</param>
    /// <param name="path">Path, NUL-terminated.</param>
    /// <param name="result">The answer.</param>
    /// <param name="flags">AT_* beside these.</param>
    /// <returns>Whether there was one.</returns>
    internal static bool TryStat(int dirfd, ReadOnlySpan<byte> path, out Statx result, int flags = 0)
    {
        // SAFETY: path is NUL-terminated by contract; the struct has the kernel's size.
        fixed (byte* p = path)
        fixed (Statx* to = &result)
        {
            *to = default;
            return Libc.statx(dirfd, p, flags | Libc.AT_STATX_DONT_SYNC | Libc.AT_NO_AUTOMOUNT, Statx.BasicStats, to) == 0;
        }
    }
}
