using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Interop;

/// <summary><c>struct open_how</c>: argument of openat2(2) (<c>linux/openat2.h</c>, Linux 5.6).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OpenHow
{
    /// <summary>The call's number, the same on every machine.</summary>
    internal const nint SYS_openat2 = 437;

    /// <summary>RESOLVE_NO_MAGICLINKS.</summary>
    internal const ulong NoMagicLinks = 0x02;

    /// <summary>RESOLVE_NO_SYMLINKS.</summary>
    internal const ulong NoSymlinks = 0x04;

    /// <summary>RESOLVE_IN_ROOT: the directory is the root of the path.</summary>
    internal const ulong InRoot = 0x10;

    /// <summary>RESOLVE_CACHED: EAGAIN where the cache does not do (Linux 5.12; EINVAL before).</summary>
    internal const ulong Cached = 0x20;

    /// <summary>O_*.</summary>
    internal ulong Flags;

    /// <summary>Mode of a created file.</summary>
    internal ulong Mode;

    /// <summary>RESOLVE_*.</summary>
    internal ulong Resolve;
}
