using System;
using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Tests.Transports;

/// <summary>The system calls by which these tests play the kernel, interrupt threads and become another user.</summary>
internal static class NativeCalls
{
    private const int UnixDomain = 1;
    private const int SequencedPackets = 5;
    private const int CloseOnExec = 0x80000;
    private const int SocketLevel = 1;
    private const int ReceiveTimeout = 20;
    private const int DoNotWait = 0x40;

    /// <summary>SIGUSR2, which the runtime leaves alone.</summary>
    internal const int Signal = 12;

    /// <summary>The calling thread's id.</summary>
    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static extern int gettid();

    /// <summary>Makes a pair of connected sockets that keep the bounds of what is written, as reads of task_diag do.</summary>
    /// <returns>Both ends; a read of either fails after 20 seconds instead of hanging for ever.</returns>
    internal static (int Ours, int Theirs) SocketPair()
    {
        int[] ends = new int[2];
        Check(socketpair(UnixDomain, SequencedPackets | CloseOnExec, 0, ends));
        foreach (int end in ends)
        {
            Check(setsockopt(end, SocketLevel, ReceiveTimeout, [20, 0], 16));
        }

        return (ends[0], ends[1]);
    }

    /// <summary>Sends packets until the next one would have to wait.</summary>
    /// <returns>How many there were.</returns>
    internal static int FillSendBuffer(int fd)
    {
        int count = 0;
        while (send(fd, new byte[40], 40, DoNotWait) == 40)
        {
            count++;
        }

        return count;
    }

    /// <summary>Sends one packet; an empty one reads as 0, which is how the kernel ends an answer.</summary>
    internal static void SendPacket(int fd, byte[] packet)
    {
        if (send(fd, packet, packet.Length, 0) != packet.Length)
        {
            throw new InvalidOperationException($"send: errno {Marshal.GetLastPInvokeError()}");
        }
    }

    /// <summary>Receives one packet.</summary>
    /// <returns>Its length, or a negative errno.</returns>
    internal static int ReceivePacket(int fd, byte[] buffer)
    {
        nint got = recv(fd, buffer, buffer.Length, 0);
        return got >= 0 ? (int)got : -Marshal.GetLastPInvokeError();
    }

    /// <summary>Has <see cref="Signal"/> call a harmless C function, without SA_RESTART: what it interrupts fails with EINTR.</summary>
    internal static void LetSignalInterrupt()
    {
        // struct sigaction: the handler, 128 bytes of mask, flags, restorer.
        byte[] action = new byte[152];
        nint handler = NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "abs");
        MemoryMarshal.Write(action, handler);
        Check(sigaction(Signal, action, 0));
    }

    /// <summary>Sends <see cref="Signal"/> to a thread of this process, if it is still there.</summary>
    internal static void Interrupt(int tid) => _ = tgkill(System.Environment.ProcessId, tid, Signal);

    /// <summary>Makes the calling thread, and no other, act as an ordinary user with a group of the same number, for good.</summary>
    internal static void BecomeUser(uint id)
    {
        // The C library's own call would change every thread.
        bool arm = RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64;
        Check((int)syscall(arm ? 149 : 119, (nint)id, (nint)id, (nint)id)); // setresgid
        Check((int)syscall(arm ? 147 : 117, (nint)id, (nint)id, (nint)id)); // setresuid
    }

    private static void Check(int result)
    {
        if (result < 0)
        {
            throw new InvalidOperationException($"errno {Marshal.GetLastPInvokeError()}");
        }
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int socketpair(int domain, int type, int protocol, int[] ends);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setsockopt(int fd, int level, int option, long[] value, int length);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint send(int fd, byte[] packet, nint length, int flags);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint recv(int fd, byte[] buffer, nint length, int flags);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int sigaction(int signal, byte[] action, nint old);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int tgkill(int tgid, int tid, int signal);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint syscall(nint number, nint first, nint second, nint third);
}
