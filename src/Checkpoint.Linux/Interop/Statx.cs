using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Interop;

/// <summary><c>struct statx</c>, 256 bytes (<c>linux/stat.h</c>, Linux 4.11), as far as it is used here.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct Statx
{
    /// <summary>STATX_BASIC_STATS: ask for what stat(2) gives.</summary>
    internal const uint BasicStats = 0x7ff;

    /// <summary>The owner.</summary>
    [FieldOffset(20)]
    internal uint StxUid;

    /// <summary>File type and permissions.</summary>
    [FieldOffset(28)]
    internal ushort StxMode;

    /// <summary>Whether it is a regular file.</summary>
    internal readonly bool IsRegular => (StxMode & 0xf000) == 0x8000;

    /// <summary>Inode number.</summary>
    [FieldOffset(32)]
    internal ulong StxIno;

    /// <summary>Device major number of the file system.</summary>
    [FieldOffset(136)]
    internal uint StxDevMajor;

    /// <summary>Device minor number of the file system.</summary>
    [FieldOffset(140)]
    internal uint StxDevMinor;
}
