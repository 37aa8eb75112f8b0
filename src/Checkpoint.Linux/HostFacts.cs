using System;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.Model;

namespace Checkpoint.Linux;

/// <summary>What a capture says of the machine it was taken on.</summary>
internal static unsafe class HostFacts
{
    /// <summary>Reads uname, boot id, page size and clock ticks; the capture's own facts are the caller's to fill in.</summary>
    /// <exception cref="KernelException">uname failed.</exception>
    internal static CaptureInfo Read()
    {
        byte* uts = stackalloc byte[6 * Libc.UtsFieldLength];
        // SAFETY: struct new_utsname is six fields of 65 bytes; glibc's is the same.
        if (Libc.uname(uts) != 0)
        {
            throw new KernelException("read", "uname", System.Runtime.InteropServices.Marshal.GetLastPInvokeError());
        }

        return new CaptureInfo
        {
            ToolVersion = typeof(HostFacts).Assembly.GetName().Version?.ToString(3) ?? "",
            Host = UtsField(uts, 1),
            KernelRelease = UtsField(uts, 2),
            KernelVersion = UtsField(uts, 3),
            Machine = UtsField(uts, 4),
            BootId = BootId(),
            PageSize = (uint)Environment.SystemPageSize,
            ClockTicks = (uint)Libc.sysconf(Libc._SC_CLK_TCK),
            Uid = Libc.geteuid(),
            TimeUnixNs = 0,
            BootTimeNs = 0,
            DurationNs = 0,
            RootTgid = 0,
            Transport = "",
            WithChildren = false,
            WithEnviron = false,
            Passes = 0,
            Stable = false,
        };
    }

    private static ByteString UtsField(byte* uts, int index) =>
        new(System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(uts + (index * Libc.UtsFieldLength)));

    /// <summary>The namespaces that this program is in, and what they do to numbers.</summary>
    /// <exception cref="KernelException">The offset of the boot clock is there and cannot be understood.</exception>
    internal static ReaderNamespaces Reader() => new()
    {
        User = Namespace("/proc/self/ns/user\0"u8),
        Pid = Namespace("/proc/self/ns/pid\0"u8),
        UidMap = IdMap("/proc/self/uid_map\0"u8),
        GidMap = IdMap("/proc/self/gid_map\0"u8),
        BootClockOffsetNs = TimeOffset.OfBootClock(),
    };

    /// <summary>The inode number of a namespace, from a link such as "pid:[4026531836]"; 0 when it cannot be read.</summary>
    /// <param name="link">NUL-terminated.</param>
    internal static ulong Namespace(ReadOnlySpan<byte> link)
    {
        Span<byte> text = stackalloc byte[64];
        int length = ProcFile.ReadLink(Libc.AT_FDCWD, link, text);
        return length < 0 ? 0 : NamespaceLink.Inode(text[..length]);
    }

    /// <summary>Lines of three numbers, with one blank between them instead of the kernel's columns.</summary>
    private static ByteString IdMap(ReadOnlySpan<byte> path)
    {
        // The kernel takes at most 340 lines.
        byte[] text = new byte[16 * 1024];
        int length = ProcFile.ReadAll(Libc.AT_FDCWD, path, ref text);
        string lines = System.Text.Encoding.ASCII.GetString(text, 0, Math.Max(length, 0));
        return ByteString.FromUtf8(string.Join('\n', Array.ConvertAll(
            lines.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))));
    }

    /// <summary>The id of this boot.</summary>
    /// <exception cref="KernelException">It cannot be read.</exception>
    internal static ByteString BootId()
    {
        byte[] text = new byte[64];
        int length = ProcFile.ReadOnce(Libc.AT_FDCWD, "/proc/sys/kernel/random/boot_id\0"u8, ref text);
        return length < 0
            ? throw new KernelException("read", "/proc/sys/kernel/random/boot_id", -length)
            : new ByteString(text.AsSpan(0, length).TrimEnd((byte)'\n'));
    }
}
