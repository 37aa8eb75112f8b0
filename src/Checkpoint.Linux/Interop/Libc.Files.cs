using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Interop;

/// <content>Files by descriptor. Paths are NUL-terminated bytes.</content>
internal static unsafe partial class Libc
{
    internal const int O_RDONLY = 0;
    internal const int O_RDWR = 2;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_CLOEXEC = 0x80000;
    internal const int O_PATH = 0x200000;
    internal const int AT_FDCWD = -100;
    internal const int AT_NO_AUTOMOUNT = 0x800;
    internal const int AT_EMPTY_PATH = 0x1000;
    internal const int AT_STATX_DONT_SYNC = 0x4000;

    /// <summary>One of the few flags whose number depends on the machine.</summary>
    internal static readonly int O_DIRECTORY =
        RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 ? 0x4000 : 0x10000;

    /// <summary>Another such flag.</summary>
    internal static readonly int O_NOFOLLOW =
        RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 ? 0x8000 : 0x20000;

    /// <summary>openat(2); the mode matters only where a file is created.</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int openat(int dirfd, byte* path, int flags, uint mode);

    /// <summary>close(2).</summary>
    [LibraryImport(Library)]
    internal static partial int close(int fd);

    /// <summary>read(2).</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint read(int fd, byte* buffer, nuint count);

    /// <summary>pread(2).</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint pread(int fd, byte* buffer, nuint count, long offset);

    /// <summary>write(2).</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint write(int fd, byte* buffer, nuint count);

    /// <summary>readlinkat(2): no NUL is added.</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint readlinkat(int dirfd, byte* path, byte* buffer, nuint size);

    /// <summary>getdents64(2) (glibc 2.30).</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint getdents64(int fd, byte* buffer, nuint count);

    /// <summary>ioctl(2).</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int ioctl(int fd, nuint request, void* argument);

    /// <summary>statx(2), links followed.</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int statx(int dirfd, byte* path, int flags, uint mask, Statx* buffer);

    /// <summary>mkdir(2).</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int mkdir(byte* path, uint mode);

    /// <summary>chmod(2).</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int chmod(byte* path, uint mode);
}
