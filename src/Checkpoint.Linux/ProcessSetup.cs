using System;
using Checkpoint.Linux.Interop;

namespace Checkpoint.Linux;

/// <summary>What this process sets for itself before it does anything else, and while it holds what is secret.</summary>
public static unsafe class ProcessSetup
{
    private static int s_foreign; // bit n: descriptor n is the runtime's own

    /// <summary>
    /// Makes descriptors 0 to 2, the limit of open files and signals what the rest of the program relies on. To be called
    /// first of all.
    /// </summary>
    public static void Prepare()
    {
        FillStandardDescriptors();
        RaiseOpenFiles();

        // A limit of file sizes is then an error of the write (EFBIG), after which the unfinished file is removed.
        _ = Libc.signal(Libc.SIGXFSZ, Libc.SIG_IGN);

        // The runtime has handlers of its own, which run on a thread that may be waiting for a target that does not answer.
        foreach (int number in (ReadOnlySpan<int>)[Libc.SIGHUP, Libc.SIGINT, Libc.SIGTERM])
        {
            if (!IsIgnored(number))
            {
                _ = Libc.signal(number, Libc.SIG_DFL);
            }
        }
    }

    /// <summary>Whether the caller has a signal ignored, as nohup(1) does.</summary>
    /// <param name="number">The signal.</param>
    public static bool IsIgnored(int number)
    {
        nint* before = stackalloc nint[19];

        // SAFETY: room for the C library's struct sigaction.
        return Libc.sigaction(number, null, before) == 0 && before[0] == Libc.SIG_IGN;
    }

    /// <summary>
    /// Keeps the signals that interrupt away from this thread and those that it starts: of a process's threads the kernel
    /// chooses one that takes them, and one that waits in the kernel would not.
    /// </summary>
    public static void LeaveInterruptsToOthers()
    {
        ulong* set = stackalloc ulong[16];
        new Span<ulong>(set, 16).Clear();
        set[0] = (1UL << (Libc.SIGHUP - 1)) | (1UL << (Libc.SIGINT - 1)) | (1UL << (Libc.SIGTERM - 1));

        // SAFETY: a set of the C library's size.
        _ = Libc.pthread_sigmask(Libc.SIG_BLOCK, set, null);
    }

    /// <summary>
    /// While secrets of other processes are in memory: no core dump of it, and no other process of the same user may read it.
    /// </summary>
    public static void KeepSecrets() => _ = Libc.prctl(Libc.PR_SET_DUMPABLE, 0);

    /// <summary>Whether the caller is root, perhaps of a user namespace.</summary>
    public static bool IsRoot => OperatingSystem.IsLinux() && Libc.geteuid() == 0;

    /// <summary>Ends the process at once, whatever its threads wait for.</summary>
    /// <param name="code">The exit code.</param>
    public static void EndNow(int code) => Libc._exit(code);

    /// <summary>Whether a descriptor is one that the caller handed over.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <returns>False when it is closed, or when the runtime opened it for itself in the place of a closed one.</returns>
    public static bool IsInherited(int fd)
    {
        // What the caller hands over survived an exec; what the runtime opens is marked not to.
        int flags = Libc.fcntl(fd, Libc.F_GETFD, 0);
        return flags >= 0 && (flags & Libc.FD_CLOEXEC) == 0 && (fd > 2 || (s_foreign >> fd & 1) == 0);
    }

    /// <summary>A standard descriptor for reading or writing.</summary>
    /// <param name="fd">0 to 2.</param>
    /// <returns>The descriptor, or -1 (which the kernel refuses) where the runtime's own has its number.</returns>
    internal static int Standard(int fd) => (s_foreign >> fd & 1) == 0 ? fd : -1;

    /// <summary>
    /// Puts something in the place of closed descriptors, so that no file that is opened later gets their number and
    /// messages with it. What is put there can be neither read nor written: data for a closed output is an error, as it was.
    /// </summary>
    private static void FillStandardDescriptors()
    {
        for (int fd = 0; fd <= 2; fd++)
        {
            int flags = Libc.fcntl(fd, Libc.F_GETFD, 0);
            if (flags >= 0)
            {
                s_foreign |= (flags & Libc.FD_CLOEXEC) != 0 ? 1 << fd : 0;
                continue;
            }

            // The lowest free number is the one that is given. The root folder is there even where /dev/null is not.
            fixed (byte* nothing = "/dev/null\0"u8, root = "/\0"u8)
            {
                if (Libc.openat(Libc.AT_FDCWD, nothing, Libc.O_PATH, 0) < 0)
                {
                    _ = Libc.openat(Libc.AT_FDCWD, root, Libc.O_PATH, 0);
                }
            }
        }
    }

    /// <summary>Open files up to what the caller may have at the most.</summary>
    private static void RaiseOpenFiles()
    {
        nuint* limits = stackalloc nuint[2];

        // SAFETY: struct rlimit is two words.
        if (Libc.getrlimit(Libc.RLIMIT_NOFILE, limits) == 0 && limits[0] < limits[1])
        {
            limits[0] = limits[1];
            _ = Libc.setrlimit(Libc.RLIMIT_NOFILE, limits);
        }
    }
}
