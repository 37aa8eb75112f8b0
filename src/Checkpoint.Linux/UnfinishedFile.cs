using System;
using System.Globalization;
using System.Text;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Microsoft.Win32.SafeHandles;

namespace Checkpoint.Linux;

/// <summary>Makes the files that <see cref="AtomicOutput"/> writes before they get their names.</summary>
internal static class UnfinishedFile
{
    /// <summary>How many temporary names are tried.</summary>
    internal const int MaxNameTries = 100;

    private const uint OwnerReadWrite = 0x180; // 0600: an image can hold secrets of its processes.

    /// <summary>Null when the file system has no unnamed files: EOPNOTSUPP; EISDIR or EINVAL from older kernels and network file systems.</summary>
    internal static SafeFileHandle? OpenUnnamed(SafeFileHandle folder, string path)
    {
        int fd = OpenOwn((int)folder.DangerousGetHandle(), ".\0"u8, Libc.O_TMPFILE | Libc.O_RDWR);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true)
            : -fd is Errno.EOPNOTSUPP or Errno.EISDIR or Errno.EINVAL ? null
            : throw new OutputException("create", path, -fd);
    }

    /// <summary>Makes a file with a hidden name that nobody has.</summary>
    internal static (SafeFileHandle File, byte[] Name) OpenTemporary(SafeFileHandle folder, byte[] name, string path)
    {
        for (int attempt = 0; ; attempt++)
        {
            byte[] temporary = TemporaryName(name, attempt);
            int fd = OpenOwn((int)folder.DangerousGetHandle(), temporary, Libc.O_CREAT | Libc.O_EXCL | Libc.O_WRONLY);
            if (fd >= 0)
            {
                return (new SafeFileHandle(fd, ownsHandle: true), temporary);
            }

            if (fd != -Errno.EEXIST || attempt == MaxNameTries)
            {
                throw new OutputException("create", path, -fd);
            }
        }
    }

    /// <summary>Makes a file that only the caller may read, whatever the umask leaves of that.</summary>
    private static int OpenOwn(int folder, ReadOnlySpan<byte> name, int flags)
    {
        int fd = ProcFile.Open(folder, name, flags, OwnerReadWrite);
        if (fd >= 0)
        {
            _ = Libc.fchmod(fd, OwnerReadWrite);
        }

        return fd;
    }

    /// <summary>The name is shortened, since a file name may have 255 bytes at the most.</summary>
    internal static byte[] TemporaryName(ReadOnlySpan<byte> name, int attempt)
    {
        string count = attempt == 0 ? "" : "." + attempt.ToString(CultureInfo.InvariantCulture);
        return [(byte)'.', .. name[..Math.Min(name.Length - 1, 40)], .. Encoding.ASCII.GetBytes($".{Environment.ProcessId}{count}.tmp\0")];
    }
}
