using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Interop;

/// <summary>
/// <c>struct pidfd_info</c> as it first was, 64 bytes: argument of the PIDFD_GET_INFO ioctl on a pidfd (<c>linux/pidfd.h</c>,
/// Linux 6.13). The request's number holds the size, and later kernels go on taking this one.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PidfdInfo
{
    /// <summary>The ioctl's number, _IOWR(0xFF, 11, 64 bytes).</summary>
    internal const uint Request = 0xC040FF0B;

    /// <summary>Mask: pid, tgid and ppid; always answered while the process lives.</summary>
    internal const ulong MaskPid = 1;

    /// <summary>In: what is asked for. Out: what is told.</summary>
    internal ulong Mask;

    /// <summary>Inode of the cgroup v2.</summary>
    internal ulong Cgroupid;

    /// <summary>Task id.</summary>
    internal uint Pid;

    /// <summary>Process id.</summary>
    internal uint Tgid;

    /// <summary>Parent's process id.</summary>
    internal uint Ppid;

    /// <summary>Real user id.</summary>
    internal uint Ruid;

    /// <summary>Real group id.</summary>
    internal uint Rgid;

    /// <summary>Effective user id.</summary>
    internal uint Euid;

    /// <summary>Effective group id.</summary>
    internal uint Egid;

    /// <summary>Saved user id.</summary>
    internal uint Suid;

    /// <summary>Saved group id.</summary>
    internal uint Sgid;

    /// <summary>File-system user id.</summary>
    internal uint Fsuid;

    /// <summary>File-system group id.</summary>
    internal uint Fsgid;

    /// <summary>Wait status, after the process was reaped.</summary>
    internal int ExitCode;
}
