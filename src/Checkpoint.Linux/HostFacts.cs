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
