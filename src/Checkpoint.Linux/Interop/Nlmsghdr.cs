using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Interop;

/// <summary><c>struct nlmsghdr</c>, 16 bytes (<c>linux/netlink.h</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Nlmsghdr
{
    /// <summary>NLMSG_DONE, the type of the connector's messages.</summary>
    internal const ushort Done = 3;

    /// <summary>Bytes of the message with this header.</summary>
    internal uint NlmsgLen;

    /// <summary>What it is.</summary>
    internal ushort NlmsgType;

    /// <summary>NLM_F_*.</summary>
    internal ushort NlmsgFlags;

    /// <summary>Sequence number.</summary>
    internal uint NlmsgSeq;

    /// <summary>The sender's number.</summary>
    internal uint NlmsgPid;
}
