using System;
using System.Runtime.InteropServices;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;

namespace Checkpoint.Linux.Checks;

/// <summary>What <c>/proc</c> shows here. Everything is asked of this process itself.</summary>
internal static unsafe class ProcfsProbes
{
    /// <summary>Whether the kernel has the transaction file, and lets the caller in.</summary>
    internal static CheckFinding TaskDiag()
    {
        int fd = ProcFile.Open(Libc.AT_FDCWD, "/proc/task-diag\0"u8, Libc.O_RDWR);
        return Opened(CheckFeature.TaskDiag, fd);
    }

    /// <summary>Whether <c>/proc</c> is there, and shows the pids that the caller knows.</summary>
    internal static CheckFinding Procfs()
    {
        Span<byte> self = stackalloc byte[32];
        int length = ProcFile.ReadLink(Libc.AT_FDCWD, "/proc/self\0"u8, self);
        if (length < 0)
        {
            // A /proc of a namespace that the caller is not in has no "self" either.
            return new(CheckFeature.Procfs, CheckStatus.Missing, CheckCause.NotMounted, -length);
        }

        byte[] text = new byte[64];
        int bootId = ProcFile.ReadOnce(Libc.AT_FDCWD, "/proc/sys/kernel/random/boot_id\0"u8, ref text);
        if (bootId < 0)
        {
            // Every image says which boot it is of; a /proc mounted with subset=pid does not tell.
            return new(CheckFeature.Procfs, CheckStatus.Missing, CheckCause.Hidden, -bootId);
        }

        return ProcMount.ShowsOwnPid(self[..length])
            ? new(CheckFeature.Procfs, CheckStatus.Ok)
            : new(CheckFeature.Procfs, CheckStatus.Missing, CheckCause.OtherPidNamespace);
    }

    /// <summary>Whether other users' processes are visible.</summary>
    /// <param name="caller">Who asks.</param>
    internal static CheckFinding Hidepid(CallerFacts caller)
    {
        byte[] text = new byte[16 * 1024];
        int length = ProcFile.ReadAll(Libc.AT_FDCWD, "/proc/self/mountinfo\0"u8, ref text);
        bool option = length > 0 && MountOptions.HidesPids(text.AsSpan(0, length));
        if (!option && length >= 0)
        {
            return new(CheckFeature.Hidepid, CheckStatus.Ok);
        }

        // Pid 1 is always there. Seeing it proves nothing to its own user.
        byte[] stat = new byte[1024];
        int seen = ProcFile.ReadOnce(Libc.AT_FDCWD, "/proc/1/stat\0"u8, ref stat);
        if (seen < 0)
        {
            return new(CheckFeature.Hidepid, CheckStatus.Limited, CheckCause.Hidden, -seen);
        }

        bool foreign = ProcFile.TryStat(Libc.AT_FDCWD, "/proc/1\0"u8, out Statx first) && first.StxUid != Libc.geteuid();
        return foreign || caller.Holds(CallerFacts.CapSysPtrace)
            ? new(CheckFeature.Hidepid, CheckStatus.Ok, CheckCause.ExemptFromHiding)
            : new(CheckFeature.Hidepid, CheckStatus.Limited, CheckCause.Hidden);
    }

    /// <summary>Whether a text file of VMAs can be read; its beginning is enough to know.</summary>
    /// <param name="feature">For the finding.</param>
    /// <param name="path">NUL-terminated.</param>
    internal static CheckFinding Text(CheckFeature feature, ReadOnlySpan<byte> path)
    {
        int fd = ProcFile.Open(Libc.AT_FDCWD, path);
        if (fd < 0)
        {
            return Opened(feature, fd);
        }

        Span<byte> beginning = stackalloc byte[256];
        int got = ProcFile.Read(fd, beginning);
        _ = Libc.close(fd);
        return got > 0 ? new(feature, CheckStatus.Ok) : new(feature, CheckStatus.Missing, CheckCause.Blocked, Math.Max(0, -got));
    }

    /// <summary>Whether the kernel lists children; a process without any has an empty file.</summary>
    internal static CheckFinding Children() =>
        Opened(CheckFeature.Children, ProcFile.Open(Libc.AT_FDCWD, "/proc/thread-self/children\0"u8));

    /// <summary>Asks for our own first VMA, with name and build ID.</summary>
    internal static CheckFinding ProcmapQuery()
    {
        int fd = ProcFile.Open(Libc.AT_FDCWD, "/proc/self/maps\0"u8);
        if (fd < 0)
        {
            return new(CheckFeature.ProcmapQuery, CheckStatus.Missing, CheckCause.NeedsOther, -fd, CheckFeature.Maps);
        }

        const int NameRoom = 8192;
        const int BuildIdRoom = 64;
        byte[] room = new byte[NameRoom + BuildIdRoom];
        int errno;
        // SAFETY: the buffers are pinned for the call, and their sizes are told to the kernel.
        fixed (byte* p = room)
        {
            ProcmapQuery query = new()
            {
                Size = (ulong)sizeof(ProcmapQuery),
                QueryFlags = Interop.ProcmapQuery.CoveringOrNextVma,
                VmaNameSize = NameRoom,
                VmaNameAddr = (ulong)p,
                BuildIdSize = BuildIdRoom,
                BuildIdAddr = (ulong)(p + NameRoom),
            };
            errno = Libc.ioctl(fd, Interop.ProcmapQuery.Request, &query) == 0 ? 0 : Marshal.GetLastPInvokeError();
            errno = errno == 0 && query.VmaEnd <= query.VmaStart ? Errno.EPROTO : errno;
        }

        _ = Libc.close(fd);
        return Answered(CheckFeature.ProcmapQuery, errno);
    }

    /// <summary>A descriptor that was only to be had, or the errno for it.</summary>
    private static CheckFinding Opened(CheckFeature feature, int fd)
    {
        if (fd < 0)
        {
            return new(feature, CheckStatus.Missing, fd == -Errno.ENOENT ? CheckCause.KernelLacks : CheckCause.Blocked, -fd);
        }

        _ = Libc.close(fd);
        return new(feature, CheckStatus.Ok);
    }

    /// <summary>What an ioctl or another call of a younger kernel answered.</summary>
    internal static CheckFinding Answered(CheckFeature feature, int errno) => errno switch
    {
        0 => new(feature, CheckStatus.Ok),
        Errno.ENOTTY or Errno.ENOSYS or Errno.EINVAL => new(feature, CheckStatus.Missing, CheckCause.KernelLacks, errno),
        Errno.EPROTO => new(feature, CheckStatus.Missing, CheckCause.UnknownForm),
        _ => new(feature, CheckStatus.Missing, CheckCause.Blocked, errno),
    };
}
