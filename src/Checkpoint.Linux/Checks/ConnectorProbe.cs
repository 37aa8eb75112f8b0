using System;
using System.Runtime.InteropServices;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;

namespace Checkpoint.Linux.Checks;

/// <summary>Whether the process connector sends its events here: binds, asks for them, waits for the answer, takes it back.</summary>
internal static unsafe class ConnectorProbe
{
    private const int ENOBUFS = 105;
    private const int EPROTONOSUPPORT = 93;
    private const int ECONNREFUSED = 111;

    /// <summary>Probes.</summary>
    /// <param name="caller">Who asks.</param>
    internal static CheckFinding Run(CallerFacts caller)
    {
        int fd = Libc.socket(Libc.AF_NETLINK, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, Libc.NETLINK_CONNECTOR);
        if (fd < 0)
        {
            return Missing(caller, Marshal.GetLastPInvokeError());
        }

        SockaddrNl address = new() { NlFamily = Libc.AF_NETLINK, NlGroups = CnMsg.ProcIndex };
        // SAFETY: the address is a local of the size that is told.
        int errno = Libc.bind(fd, &address, (uint)sizeof(SockaddrNl)) == 0 ? 0 : Marshal.GetLastPInvokeError();
        uint sequence = (uint)Environment.ProcessId;
        errno = errno == 0 ? Send(fd, ProcEvent.Listen, sequence) : errno;
        int? answer = null;
        if (errno == 0)
        {
            // The kernel answers before send returns.
            answer = Acknowledgement(fd, sequence);
            // Kernels before 6.6 count listeners by what they say alone, and closing the socket says nothing.
            _ = Send(fd, ProcEvent.Ignore, sequence + 1);
        }

        _ = Libc.close(fd);
        return errno != 0 ? Missing(caller, errno)
            : answer is null ? new(CheckFeature.ProcConnector, CheckStatus.Missing, Silence(caller))
            : answer != 0 ? Missing(caller, answer.Value)
            : new(CheckFeature.ProcConnector, CheckStatus.Ok);
    }

    private static CheckCause Silence(CallerFacts caller) =>
        caller.InInitialUserNamespace && caller.InInitialPidNamespace ? CheckCause.Unanswered : CheckCause.NotInitialNamespace;

    private static CheckFinding Missing(CallerFacts caller, int errno) => new(CheckFeature.ProcConnector, CheckStatus.Missing, errno switch
    {
        Errno.EPERM or Errno.EACCES => caller.CauseOfRefusal(caller.Holds(CallerFacts.CapNetAdmin)),
        EPROTONOSUPPORT => CheckCause.KernelLacks,
        // The kernel listens in the initial network namespace alone.
        ECONNREFUSED => CheckCause.NotInitialNamespace,
        _ => CheckCause.Blocked,
    }, errno);

    /// <summary>Sends one of the connector's two requests.</summary>
    /// <returns>0 or errno.</returns>
    private static int Send(int fd, uint operation, uint sequence)
    {
        int length = sizeof(Nlmsghdr) + sizeof(CnMsg) + sizeof(uint);
        byte* message = stackalloc byte[length];
        // SAFETY: header, message and operation follow each other within the buffer; all have 4-byte alignment.
        *(Nlmsghdr*)message = new Nlmsghdr { NlmsgLen = (uint)length, NlmsgType = Nlmsghdr.Done, NlmsgSeq = sequence };
        *(CnMsg*)(message + sizeof(Nlmsghdr)) = new CnMsg
        {
            Idx = CnMsg.ProcIndex,
            Val = CnMsg.ProcValue,
            Seq = sequence,
            Ack = sequence,
            Len = sizeof(uint),
        };
        *(uint*)(message + sizeof(Nlmsghdr) + sizeof(CnMsg)) = operation;
        nint sent = Libc.write(fd, message, (nuint)length);
        return sent == length ? 0 : sent < 0 ? Marshal.GetLastPInvokeError() : Errno.EIO;
    }

    /// <summary>Finds the answer among the events that came with it.</summary>
    /// <returns>0 or errno from the connector; null when there is no answer.</returns>
    private static int? Acknowledgement(int fd, uint sequence)
    {
        const int MaxMessages = 1024;
        byte* message = stackalloc byte[256];
        for (int i = 0; i < MaxMessages; i++)
        {
            int length = ProcFile.Read(fd, new Span<byte>(message, 256));
            if (length == -ENOBUFS)
            {
                continue;
            }

            if (length < 0)
            {
                return null;
            }

            // SAFETY: looked at only as far as was read; the stack's buffer is aligned, ProcEvent is read unaligned.
            if (length >= sizeof(Nlmsghdr) + sizeof(CnMsg) + sizeof(ProcEvent))
            {
                CnMsg header = *(CnMsg*)(message + sizeof(Nlmsghdr));
                ProcEvent happened = System.Runtime.CompilerServices.Unsafe.ReadUnaligned<ProcEvent>(message + sizeof(Nlmsghdr) + sizeof(CnMsg));
                if (happened.What == ProcEvent.None && header.Ack == sequence + 1)
                {
                    return (int)happened.Err;
                }
            }
        }

        return null;
    }
}
