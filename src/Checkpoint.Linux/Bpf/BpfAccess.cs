using System;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;

namespace Checkpoint.Linux.Bpf;

/// <summary>
/// Whether the caller may use BPF. Programs see every task and check nobody's permission, so it is only for those who may
/// ptrace-read every task anyway, and number users as the kernel does.
/// </summary>
internal static class BpfAccess
{
    private const int CapSysPtrace = 19, CapSysAdmin = 21, CapPerfmon = 38, CapBpf = 39;

    /// <summary>Why not.</summary>
    /// <returns>A few words; null: the caller may.</returns>
    internal static string? Refusal()
    {
        byte[] text = new byte[8192];
        int length = ProcFile.ReadOnce(Libc.AT_FDCWD, "/proc/self/status\0"u8, ref text);
        if (length <= 0 || !ProcStatus.TryParse(text.AsSpan(0, length), withMemory: false, withSignals: false, out ProcStatus status))
        {
            return "/proc/self/status cannot be read";
        }

        ulong held = status.CapEffective;
        bool Has(int capability) => (held >> capability & 1) != 0;
        if (!Has(CapSysAdmin) && !Has(CapBpf))
        {
            return "CAP_BPF is missing";
        }

        if (!Has(CapSysAdmin) && !Has(CapPerfmon))
        {
            return "CAP_PERFMON is missing";
        }

        if (!Has(CapSysPtrace))
        {
            return "CAP_SYS_PTRACE is missing";
        }

        length = ProcFile.ReadOnce(Libc.AT_FDCWD, "/proc/self/uid_map\0"u8, ref text);
        ByteCursor map = new(text.AsSpan(0, Math.Max(length, 0)));
        return map.NextUnsigned() == 0 && map.NextUnsigned() == 0 && map.NextUnsigned() == uint.MaxValue
            ? null
            : "this is not the initial user namespace";
    }
}
