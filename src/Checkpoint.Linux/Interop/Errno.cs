using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Interop;

/// <summary>The errno values that decide something here (<c>asm-generic/errno-base.h</c>, <c>errno.h</c>), and their texts.</summary>
public static class Errno
{
    /// <summary>Operation not permitted.</summary>
    public const int EPERM = 1;

    /// <summary>No such file or directory.</summary>
    public const int ENOENT = 2;

    /// <summary>No such process.</summary>
    public const int ESRCH = 3;

    /// <summary>Interrupted system call.</summary>
    public const int EINTR = 4;

    /// <summary>I/O error.</summary>
    public const int EIO = 5;

    /// <summary>Argument list too long; here: an answer that does not fit.</summary>
    public const int E2BIG = 7;

    /// <summary>Bad file descriptor.</summary>
    public const int EBADF = 9;

    /// <summary>Try again.</summary>
    public const int EAGAIN = 11;

    /// <summary>Permission denied.</summary>
    public const int EACCES = 13;

    /// <summary>Device or resource busy.</summary>
    public const int EBUSY = 16;

    /// <summary>File exists.</summary>
    public const int EEXIST = 17;

    /// <summary>No such device; here: no such file system is mounted.</summary>
    public const int ENODEV = 19;

    /// <summary>Not a directory.</summary>
    public const int ENOTDIR = 20;

    /// <summary>Is a directory.</summary>
    public const int EISDIR = 21;

    /// <summary>Invalid argument.</summary>
    public const int EINVAL = 22;

    /// <summary>Too many open files in system.</summary>
    public const int ENFILE = 23;

    /// <summary>Too many open files: of this process.</summary>
    public const int EMFILE = 24;

    /// <summary>Inappropriate ioctl for device.</summary>
    public const int ENOTTY = 25;

    /// <summary>File too large.</summary>
    public const int EFBIG = 27;

    /// <summary>No space left on device.</summary>
    public const int ENOSPC = 28;

    /// <summary>Broken pipe.</summary>
    public const int EPIPE = 32;

    /// <summary>File name too long; also a name buffer too small for PROCMAP_QUERY.</summary>
    public const int ENAMETOOLONG = 36;

    /// <summary>Function not implemented.</summary>
    public const int ENOSYS = 38;

    /// <summary>Too many levels of symbolic links; also a link where none may be.</summary>
    public const int ELOOP = 40;

    /// <summary>No data available; here: the source left out what was asked for, or what would tell is not in memory.</summary>
    public const int ENODATA = 61;

    /// <summary>Protocol error; here: a file of procfs that has not the kernel's form.</summary>
    public const int EPROTO = 71;

    /// <summary>Operation not supported.</summary>
    public const int EOPNOTSUPP = 95;

    /// <summary>Connection timed out; here: a read that did not come back.</summary>
    public const int ETIMEDOUT = 110;

    /// <summary>The C library's text for an errno, such as "No such process".</summary>
    /// <param name="errno">The value.</param>
    /// <returns>English text.</returns>
    public static string Text(int errno) => Marshal.GetPInvokeErrorMessage(errno);
}
