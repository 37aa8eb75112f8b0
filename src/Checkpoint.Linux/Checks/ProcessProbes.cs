using System;
using System.Runtime.InteropServices;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;

namespace Checkpoint.Linux.Checks;

/// <summary>Calls about processes other than reading <c>/proc</c>, made on this process itself or on nobody.</summary>
internal static unsafe class ProcessProbes
{
    /// <summary>Whether pidfd_open(2) works.</summary>
    internal static CheckFinding Pidfd()
    {
        int fd = Libc.OpenPidfd(Environment.ProcessId);
        if (fd >= 0)
        {
            _ = Libc.close(fd);
        }

        return ProcfsProbes.Answered(CheckFeature.Pidfd, Math.Max(0, -fd));
    }

    /// <summary>Whether a pidfd tells whose it is.</summary>
    internal static CheckFinding PidfdInfo()
    {
        int fd = Libc.OpenPidfd(Environment.ProcessId);
        if (fd < 0)
        {
            return new(CheckFeature.PidfdInfo, CheckStatus.Missing, CheckCause.NeedsOther, -fd, CheckFeature.Pidfd);
        }

        PidfdInfo info = new() { Mask = Interop.PidfdInfo.MaskPid };
        // SAFETY: the struct has the size that the request's number says.
        int errno = Libc.ioctl(fd, Interop.PidfdInfo.Request, &info) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Libc.close(fd);
        bool wrong = errno == 0 && ((info.Mask & Interop.PidfdInfo.MaskPid) == 0 || info.Tgid != (uint)Environment.ProcessId);
        return ProcfsProbes.Answered(CheckFeature.PidfdInfo, wrong ? Errno.EPROTO : errno);
    }

    /// <summary>Whether ptrace(2) is there, and whom the Yama module (if there is one) lets the caller attach to.</summary>
    /// <param name="caller">Who asks.</param>
    internal static CheckFinding Ptrace(CallerFacts caller)
    {
        // Nobody has the number 0: a ptrace that works says so before it looks at anything else.
        int result = Libc.Ptrace(Libc.PTRACE_INTERRUPT, 0);
        if (result != -Errno.ESRCH)
        {
            return new(CheckFeature.Ptrace, CheckStatus.Missing, result == -Errno.ENOSYS ? CheckCause.KernelLacks : CheckCause.Blocked, -result);
        }

        byte[] text = new byte[16];
        int length = ProcFile.ReadOnce(Libc.AT_FDCWD, "/proc/sys/kernel/yama/ptrace_scope\0"u8, ref text);
        return length > 0 ? Scope(text[0] - '0', caller.Holds(CallerFacts.CapSysPtrace)) : new(CheckFeature.Ptrace, CheckStatus.Ok);
    }

    /// <summary>What the values of ptrace_scope mean (<c>Documentation/admin-guide/LSM/Yama.rst</c>).</summary>
    internal static CheckFinding Scope(int scope, bool privileged) => scope switch
    {
        3 => new(CheckFeature.Ptrace, CheckStatus.Missing, CheckCause.AttachingIsOff),
        2 when !privileged => new(CheckFeature.Ptrace, CheckStatus.Missing, CheckCause.NotPermitted),
        1 when !privileged => new(CheckFeature.Ptrace, CheckStatus.Limited, CheckCause.DescendantsOnly),
        _ => new(CheckFeature.Ptrace, CheckStatus.Ok),
    };

    /// <summary>Whether libzstd can be loaded and has the calls that images need (1.4.0).</summary>
    internal static CheckFinding Libzstd()
    {
        if (!NativeLibrary.TryLoad("libzstd.so.1", typeof(ProcessProbes).Assembly, DllImportSearchPath.SafeDirectories, out nint library))
        {
            return new(CheckFeature.Libzstd, CheckStatus.Missing, CheckCause.NotInstalled);
        }

        bool complete = NativeLibrary.TryGetExport(library, "ZSTD_compressStream2", out _)
            && NativeLibrary.TryGetExport(library, "ZSTD_decompressStream", out _);
        NativeLibrary.Free(library);
        return complete
            ? new(CheckFeature.Libzstd, CheckStatus.Ok)
            : new(CheckFeature.Libzstd, CheckStatus.Missing, CheckCause.NotInstalled);
    }
}
