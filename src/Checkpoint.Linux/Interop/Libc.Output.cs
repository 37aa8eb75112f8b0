using System;
using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Interop;

/// <summary>The calls that put a file into place (<see cref="AtomicOutput"/>).</summary>
internal static unsafe partial class Libc
{
    /// <summary>Open for writing only.</summary>
    internal const int OutputWriteOnly = 1;

    /// <summary>O_CREAT | O_EXCL: create, and fail with EEXIST if the name is taken, even by a dangling link.</summary>
    internal const int OutputCreateNew = 0x40 | 0x80;

    /// <summary>O_NOCTTY: a terminal given as the output must not become ours.</summary>
    internal const int OutputNoControllingTty = 0x100;

    /// <summary>O_CLOEXEC.</summary>
    internal const int OutputCloseOnExec = 0x80000;

    /// <summary>O_PATH: a handle on a folder that may be entered but not listed.</summary>
    internal const int OutputPathOnly = 0x200000;

    /// <summary>AT_FDCWD: relative to the current folder.</summary>
    internal const int OutputCurrentFolder = -100;

    /// <summary>AT_SYMLINK_FOLLOW for linkat.</summary>
    internal const int OutputFollowLink = 0x400;

    /// <summary>AT_SYMLINK_NOFOLLOW for statx.</summary>
    internal const int OutputNoFollowLink = 0x100;

    /// <summary>S_IFMT: the bits of a mode that tell the kind of file.</summary>
    internal const uint FileTypeMask = 0xF000;

    /// <summary>S_IFDIR.</summary>
    internal const uint FileTypeDirectory = 0x4000;

    /// <summary>S_IFREG.</summary>
    internal const uint FileTypeRegular = 0x8000;

    /// <summary>O_DIRECTORY, one of the few flags whose number depends on the machine.</summary>
    internal static readonly int OutputDirectory =
        RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 ? 0x4000 : 0x10000;

    /// <summary>O_TMPFILE: an unnamed file in a folder, gone with its last descriptor unless linked.</summary>
    internal static readonly int OutputUnnamed = 0x400000 | OutputDirectory;

    /// <summary>openat(2) with a mode for what is created; EINTR is not retried here.</summary>
    [LibraryImport(Library, EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int OutputOpenAt(int folder, string path, int flags, uint mode);

    /// <summary>write(2); may write less than asked.</summary>
    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    internal static partial nint OutputWrite(int fd, byte* bytes, nuint count);

    /// <summary>fsync(2).</summary>
    [LibraryImport(Library, EntryPoint = "fsync", SetLastError = true)]
    internal static partial int OutputSync(int fd);

    /// <summary>linkat(2).</summary>
    [LibraryImport(Library, EntryPoint = "linkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int OutputLinkAt(int fromFolder, string from, int toFolder, string to, int flags);

    /// <summary>renameat(2).</summary>
    [LibraryImport(Library, EntryPoint = "renameat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int OutputRenameAt(int fromFolder, string from, int toFolder, string to);

    /// <summary>unlinkat(2).</summary>
    [LibraryImport(Library, EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int OutputUnlinkAt(int folder, string path, int flags);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OutputStatx(int folder, string path, int flags, uint mask, byte* result);

    /// <summary>The mode of a file, with its kind.</summary>
    /// <param name="path">The file.</param>
    /// <param name="followLink">Whether a symbolic link stands for its target.</param>
    /// <param name="mode">The mode, <c>stx_mode</c>.</param>
    /// <returns>0 or errno.</returns>
    internal static int OutputModeOf(string path, bool followLink, out uint mode)
    {
        const int ModeOffset = 28; // struct statx is the same on every machine: stx_mode is a u16 at 28.
        const uint TypeAndMode = 3; // STATX_TYPE | STATX_MODE
        Span<byte> result = stackalloc byte[256];

        // SAFETY: struct statx is 256 bytes, the size of the pinned buffer.
        fixed (byte* pointer = result)
        {
            int flags = followLink ? 0 : OutputNoFollowLink;
            if (OutputStatx(OutputCurrentFolder, path, flags, TypeAndMode, pointer) != 0)
            {
                mode = 0;
                return Marshal.GetLastPInvokeError();
            }
        }

        mode = MemoryMarshal.Read<ushort>(result[ModeOffset..]);
        return 0;
    }
}
