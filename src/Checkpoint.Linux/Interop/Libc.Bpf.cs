using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Interop;

/// <content>bpf(2), for which the C library has no wrapper.</content>
internal static unsafe partial class Libc
{
    internal const int BPF_MAP_CREATE = 0;
    internal const int BPF_MAP_UPDATE_ELEM = 2;
    internal const int BPF_PROG_LOAD = 5;
    internal const int BPF_OBJ_PIN = 6;
    internal const int BPF_OBJ_GET = 7;
    internal const int BPF_PROG_TEST_RUN = 10;
    internal const int BPF_LINK_CREATE = 28;
    internal const int BPF_ITER_CREATE = 33;
    internal const uint BPF_MAP_TYPE_ARRAY = 2;
    internal const uint BPF_PROG_TYPE_TRACING = 26;
    internal const uint BPF_PROG_TYPE_SYSCALL = 31;
    internal const uint BPF_TRACE_ITER = 28;
    internal const uint BPF_F_SLEEPABLE = 1u << 4;
    internal const uint BPF_F_MMAPABLE = 1u << 10;

    internal const int LOCK_EX = 2;
    internal const int LOCK_NB = 4;

    /// <summary>f_type of a BPF file system (<c>linux/magic.h</c>).</summary>
    internal const long BPF_FS_MAGIC = 0xcafe4a11;

    /// <summary>The call's number: one of those that depend on the machine.</summary>
    private static readonly nint SYS_bpf = NumberOf(x64: 321, others: 280);

    /// <summary>gettid(2): of the kernel's thread that runs the caller now.</summary>
    [LibraryImport(Library)]
    internal static partial int gettid();

    /// <summary>flock(2).</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int flock(int fd, int operation);

    /// <summary>bpf(2), EINTR and EAGAIN retried.</summary>
    /// <param name="command">BPF_*.</param>
    /// <param name="attr">Its arguments and answers.</param>
    /// <returns>0 or a descriptor (close-on-exec), or a negative errno.</returns>
    internal static int Bpf(int command, BpfAttr* attr)
    {
        // EAGAIN: the verifier was interrupted by a signal, of which a managed process gets some.
        const int MaxTries = 16;
        int errno = 0;
        for (int i = 0; i < MaxTries; i++)
        {
            // SAFETY: the struct is as long as is said; addresses in it are the caller's care.
            nint result = syscall(SYS_bpf, command, (nint)attr, sizeof(BpfAttr));
            if (result >= 0)
            {
                return (int)result;
            }

            errno = Marshal.GetLastPInvokeError();
            if (errno is not (Errno.EINTR or Errno.EAGAIN))
            {
                break;
            }
        }

        return -errno;
    }
}
