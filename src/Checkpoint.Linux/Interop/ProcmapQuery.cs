using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Interop;

/// <summary>
/// <c>struct procmap_query</c>, 104 bytes: argument of the PROCMAP_QUERY ioctl on an fd of <c>/proc/[pid]/maps</c>
/// (<c>linux/fs.h</c>, Linux 6.11). One call returns one VMA.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProcmapQuery
{
    /// <summary>The ioctl's number, _IOWR('f', 17, struct procmap_query).</summary>
    internal const uint Request = 0xC0686611;

    /// <summary>Query flag: the VMA at the address, else the next one above.</summary>
    internal const ulong CoveringOrNextVma = 0x10;

    /// <summary>In: size of this struct.</summary>
    internal ulong Size;

    /// <summary>In: filters and <see cref="CoveringOrNextVma"/>.</summary>
    internal ulong QueryFlags;

    /// <summary>In: the address asked for.</summary>
    internal ulong QueryAddr;

    /// <summary>Out: first address.</summary>
    internal ulong VmaStart;

    /// <summary>Out: address after the last.</summary>
    internal ulong VmaEnd;

    /// <summary>Out: 1 read, 2 write, 4 exec, 8 shared; nothing else.</summary>
    internal ulong VmaFlags;

    /// <summary>Out: page size of the backing memory.</summary>
    internal ulong VmaPageSize;

    /// <summary>Out: file offset in bytes, 0 for anonymous memory.</summary>
    internal ulong VmaOffset;

    /// <summary>Out: inode, 0 for anonymous memory.</summary>
    internal ulong Inode;

    /// <summary>Out: device major number.</summary>
    internal uint DevMajor;

    /// <summary>Out: device minor number.</summary>
    internal uint DevMinor;

    /// <summary>In: size of the name buffer, 0 = no name wanted. Out: length with NUL, 0 = unnamed.</summary>
    internal uint VmaNameSize;

    /// <summary>In: size of the build-id buffer, 0 = not wanted. Out: its length, 0 = none.</summary>
    internal uint BuildIdSize;

    /// <summary>In: address of the name buffer.</summary>
    internal ulong VmaNameAddr;

    /// <summary>In: address of the build-id buffer.</summary>
    internal ulong BuildIdAddr;
}
