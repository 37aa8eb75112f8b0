using System;
using Checkpoint.Linux.Interop;

namespace Checkpoint.Linux.Procfs;

/// <summary>Whether <c>/proc</c> is one that processes can be captured from.</summary>
internal static class ProcMount
{
    private const string MountIt = "mount it with 'mount -t proc proc /proc'";

    /// <summary>
    /// Makes sure that there is a <c>/proc</c>, that its pids are those that the caller knows, and that it has more than
    /// processes. In another pid namespace's the numbers are other processes'.
    /// </summary>
    /// <exception cref="KernelException">It is not so; the message says what to do.</exception>
    internal static void Check()
    {
        Span<byte> self = stackalloc byte[32];
        int length = ProcFile.ReadLink(Libc.AT_FDCWD, "/proc/self\0"u8, self);
        if (length < 0)
        {
            throw IsThere()
                ? OtherNamespace()
                : new KernelException("read", "/proc", -length, MountIt);
        }

        if (!ShowsOwnPid(self[..length]))
        {
            throw OtherNamespace();
        }

        byte[] text = new byte[64];
        int bootId = ProcFile.ReadOnce(Libc.AT_FDCWD, "/proc/sys/kernel/random/boot_id\0"u8, ref text);
        if (bootId < 0)
        {
            throw new KernelException(
                "read", "/proc/sys/kernel/random/boot_id", -bootId, "every image says which boot it is of: use a /proc that is mounted without subset=pid");
        }
    }

    /// <summary>Whether <c>/proc/self</c>, and the pid namespaces in our <c>status</c>, are as in our own namespace.</summary>
    /// <param name="self">Where <c>/proc/self</c> leads.</param>
    internal static bool ShowsOwnPid(ReadOnlySpan<byte> self)
    {
        ByteCursor link = new(self);
        if (link.NextInt32() != Environment.ProcessId || !link.IsValid)
        {
            return false;
        }

        // By chance the numbers may be the same; NSpid has one for each namespace from that of /proc down to ours.
        byte[] text = new byte[4096];
        int length = ProcFile.ReadOnce(Libc.AT_FDCWD, "/proc/self/status\0"u8, ref text);
        ReadOnlySpan<byte> status = text.AsSpan(0, Math.Max(length, 0));
        int at = status.IndexOf("\nNSpid:"u8);
        if (at < 0)
        {
            return true; // a kernel without pid namespaces
        }

        status = status[(at + "\nNSpid:".Length)..];
        ByteCursor numbers = new(status[..status.IndexOf((byte)'\n')]);
        numbers.Skip(1);
        return numbers.AtEnd;
    }

    /// <summary>A <c>/proc</c> of a namespace that we are not in, nor in one below it, has no "self" for us.</summary>
    private static bool IsThere() => ProcFile.TryStat(Libc.AT_FDCWD, "/proc/1/stat\0"u8, out _);

    private static KernelException OtherNamespace() => new(
        "capture from", "a /proc of another pid namespace, whose numbers are other processes'", Errno.ENODEV,
        "give this namespace its own (unshare --mount-proc, or mount -t proc proc /proc), or run ckpt outside it");
}
