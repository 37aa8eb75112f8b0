using System;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;

namespace Checkpoint.Linux.Checks;

/// <summary>Who asks: capabilities and namespaces of this process, read once.</summary>
internal sealed class CallerFacts
{
    internal const int CapNetAdmin = 12;
    internal const int CapSysPtrace = 19;
    internal const int CapSysAdmin = 21;
    internal const int CapPerfmon = 38;
    internal const int CapBpf = 39;
    internal const int CapCheckpointRestore = 40;

    // The initial namespaces have fixed inodes (PROC_USER_INIT_INO, PROC_PID_INIT_INO of linux/proc_ns.h).
    private const ulong InitialUser = 0xEFFFFFFD;
    private const ulong InitialPid = 0xEFFFFFFC;

    private readonly ulong _effective;

    /// <summary>Reads them; where <c>/proc</c> cannot be read, nothing is held and nothing is initial.</summary>
    internal CallerFacts()
    {
        byte[] text = new byte[4096];
        int length = ProcFile.ReadOnce(Libc.AT_FDCWD, "/proc/self/status\0"u8, ref text);
        Errno = Math.Max(0, -length);
        if (length > 0 && ProcStatus.TryParse(text.AsSpan(0, length), withMemory: false, withSignals: false, out ProcStatus status))
        {
            _effective = status.CapEffective;
        }

        UserNamespaceErrno = Namespace("/proc/self/ns/user\0"u8, InitialUser, out bool initialUser);
        PidNamespaceErrno = Namespace("/proc/self/ns/pid\0"u8, InitialPid, out bool initialPid);
        InInitialUserNamespace = initialUser;
        InInitialPidNamespace = initialPid;
    }

    /// <summary>Why the capabilities could not be read; 0 when they could.</summary>
    internal int Errno { get; }

    /// <summary>Why the user namespace could not be told; 0 when it could.</summary>
    internal int UserNamespaceErrno { get; }

    /// <summary>Why the pid namespace could not be told; 0 when it could.</summary>
    internal int PidNamespaceErrno { get; }

    /// <summary>Whether capabilities count for the whole machine.</summary>
    internal bool InInitialUserNamespace { get; }

    /// <summary>Whether all processes have a number here.</summary>
    internal bool InInitialPidNamespace { get; }

    /// <summary>Whether a capability is in effect, be it in a user namespace only.</summary>
    /// <param name="capability">Its number.</param>
    internal bool Holds(int capability) => (_effective >> capability & 1) != 0;

    /// <summary>Whether the capabilities for all of bpf(2) are in effect, be it in a user namespace only.</summary>
    internal bool HoldsAllForBpf => Holds(CapSysAdmin) || (Holds(CapBpf) && Holds(CapPerfmon));

    /// <summary>Why something was refused for which a capability in the initial user namespace is enough.</summary>
    /// <param name="held">Whether one that is enough is in effect.</param>
    internal CheckCause CauseOfRefusal(bool held) =>
        UserNamespaceErrno == 0 && !InInitialUserNamespace ? CheckCause.InUserNamespace
        : held ? CheckCause.Blocked
        : CheckCause.NotPermitted;

    private static int Namespace(ReadOnlySpan<byte> link, ulong initial, out bool isInitial)
    {
        // "user:[4026531837]"
        Span<byte> text = stackalloc byte[64];
        int length = ProcFile.ReadLink(Libc.AT_FDCWD, link, text);
        isInitial = length > 0 && NamespaceLink.Inode(text[..length]) == initial;
        return Math.Max(0, -length);
    }
}
