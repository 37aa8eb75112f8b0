using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Interop;

/// <content>Calls that find out what the kernel has and permits.</content>
internal static unsafe partial class Libc
{
    internal const int PROT_READ = 1;
    internal const int PROT_WRITE = 2;
    internal const int MAP_SHARED = 1;
    internal const nint PTRACE_INTERRUPT = 0x4207;

    /// <summary>One of the calls that have the same number on every machine.</summary>
    internal const nint SYS_pidfd_open = 434;

    private static readonly nint SYS_ptrace = NumberOf(x64: 101, others: 117);

    /// <summary>The number of a system call on this machine; -1, which every kernel answers with ENOSYS, on those that number them otherwise.</summary>
    /// <param name="x64">On x86_64.</param>
    /// <param name="others">In the kernel's list for newer machines (asm-generic/unistd.h).</param>
    private static nint NumberOf(int x64, int others) => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => x64,
        Architecture.Arm64 or Architecture.RiscV64 or Architecture.LoongArch64 => others,
        _ => -1,
    };

    /// <summary>syscall(2) with up to five arguments.</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint syscall(nint number, nint first = 0, nint second = 0, nint third = 0, nint fourth = 0, nint fifth = 0);

    /// <summary>statfs(2); the answer takes 120 bytes on 64-bit machines, of which the first eight are f_type.</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int statfs(byte* path, long* buffer);

    /// <summary>mmap(2).</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial void* mmap(void* address, nuint length, int protection, int flags, int fd, long offset);

    /// <summary>munmap(2).</summary>
    [LibraryImport(Library)]
    internal static partial int munmap(void* address, nuint length);

    /// <summary>ptrace(2) by number: the C library's wrapper takes variable arguments.</summary>
    /// <param name="request">PTRACE_*.</param>
    /// <param name="pid">Whom.</param>
    /// <returns>0 or a negative errno.</returns>
    internal static int Ptrace(nint request, int pid) => syscall(SYS_ptrace, request, pid) == 0 ? 0 : -Marshal.GetLastPInvokeError();

    /// <summary>pidfd_open(2).</summary>
    /// <param name="pid">A process.</param>
    /// <returns>A descriptor (close-on-exec), or a negative errno.</returns>
    internal static int OpenPidfd(int pid)
    {
        nint fd = syscall(SYS_pidfd_open, pid);
        return fd >= 0 ? (int)fd : -Marshal.GetLastPInvokeError();
    }
}
