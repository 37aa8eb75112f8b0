using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Interop;

/// <summary><c>struct sockaddr_nl</c>, 12 bytes (<c>linux/netlink.h</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SockaddrNl
{
    /// <summary>AF_NETLINK.</summary>
    internal ushort NlFamily;

    /// <summary>Zero.</summary>
    internal ushort NlPad;

    /// <summary>The socket's own number; 0 lets the kernel choose.</summary>
    internal uint NlPid;

    /// <summary>Multicast groups, one bit each.</summary>
    internal uint NlGroups;
}
