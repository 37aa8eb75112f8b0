using System;
using Checkpoint.Linux.Interop;

namespace Checkpoint.Linux.Procfs;

/// <summary>
/// How far the boot clock of our time namespace (time_namespaces(7)) is ahead of the machine's. The kernel adds it to the
/// start times in <c>stat</c> and to CLOCK_BOOTTIME, so readers in different namespaces see different ones.
/// </summary>
internal static class TimeOffset
{
    private const long SecondNs = 1_000_000_000;

    /// <summary>Reads that of <c>/proc</c>.</summary>
    internal static long OfBootClock() => Read(Libc.AT_FDCWD, "/proc/self/timens_offsets\0"u8);

    /// <summary>Reads it.</summary>
    /// <param name="procfd">The open <c>/proc</c>.</param>
    /// <returns>Nanoseconds; 0 also where the kernel has no time namespaces.</returns>
    internal static long OfBootClock(int procfd) => Read(procfd, "self/timens_offsets\0"u8);

    private static long Read(int dirfd, ReadOnlySpan<byte> path)
    {
        // "boottime   1000   0": seconds and nanoseconds. It is of the namespace that our children get, and ours unless we
        // unshared and have not executed since.
        byte[] text = new byte[256];
        int length = ProcFile.ReadOnce(dirfd, path, ref text);
        int at = text.AsSpan(0, Math.Max(length, 0)).IndexOf("boottime"u8);
        if (at < 0)
        {
            return 0;
        }

        ReadOnlySpan<byte> line = text.AsSpan(at + "boottime".Length, length - at - "boottime".Length);
        int end = line.IndexOf((byte)'\n');
        ByteCursor numbers = new(end < 0 ? line : line[..end]);
        long offset = (numbers.NextSigned() * SecondNs) + numbers.NextInt32();
        return numbers.IsValid ? offset : throw new KernelException("read", "/proc/self/timens_offsets", Errno.EPROTO);
    }

    /// <summary>
    /// Takes it off a start time. The kernel added nanoseconds, let what came before its zero wrap around, and rounded down
    /// to ticks: where the offset is no whole number of ticks, one too many or too few may be left.
    /// </summary>
    /// <param name="shownTicks">As <c>stat</c> shows it.</param>
    /// <param name="offsetNs">The offset.</param>
    /// <param name="tickNs">Length of a tick.</param>
    internal static ulong Undo(ulong shownTicks, long offsetNs, long tickNs)
    {
        if (offsetNs == 0)
        {
            return shownTicks;
        }

        long ns = unchecked((long)(shownTicks * (ulong)tickNs)) - offsetNs + (tickNs / 2);
        return ns < 0 ? 0 : (ulong)(ns / tickNs);
    }
}
