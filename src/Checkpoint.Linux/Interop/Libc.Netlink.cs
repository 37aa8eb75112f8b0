using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Interop;

/// <content>Sockets, as far as the process connector needs them.</content>
internal static unsafe partial class Libc
{
    internal const int AF_NETLINK = 16;
    internal const int SOCK_DGRAM = 2;
    internal const int SOCK_NONBLOCK = O_NONBLOCK;
    internal const int SOCK_CLOEXEC = O_CLOEXEC;
    internal const int NETLINK_CONNECTOR = 11;

    /// <summary>socket(2).</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int socket(int domain, int type, int protocol);

    /// <summary>bind(2) for netlink.</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int bind(int fd, SockaddrNl* address, uint length);
}
