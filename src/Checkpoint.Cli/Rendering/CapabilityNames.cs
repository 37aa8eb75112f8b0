using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Checkpoint.Cli.Rendering;

/// <summary>Names of the capabilities (<c>linux/capability.h</c>).</summary>
internal static class CapabilityNames
{
    /// <summary>In the order of their numbers, without the prefix <c>cap_</c>.</summary>
    private static readonly string[] Names =
    [
        "chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap",
        "linux_immutable", "net_bind_service", "net_broadcast", "net_admin", "net_raw", "ipc_lock", "ipc_owner",
        "sys_module", "sys_rawio", "sys_chroot", "sys_ptrace", "sys_pacct", "sys_admin", "sys_boot", "sys_nice",
        "sys_resource", "sys_time", "sys_tty_config", "mknod", "lease", "audit_write", "audit_control", "setfcap",
        "mac_override", "mac_admin", "syslog", "wake_alarm", "block_suspend", "audit_read", "perfmon", "bpf",
        "checkpoint_restore",
    ];

    private static readonly ulong Known = (1UL << Names.Length) - 1;

    /// <summary>A set as sorted names with the prefix, such as <c>cap_net_raw</c>; bits without a name are <c>cap_41</c> and so on.</summary>
    /// <param name="set">Bit n = capability n.</param>
    /// <returns>Sorted by ordinal.</returns>
    internal static List<string> List(ulong set)
    {
        List<string> names = [];
        for (int bit = 0; bit < 64; bit++)
        {
            if ((set >> bit & 1) != 0)
            {
                names.Add("cap_" + Name(bit));
            }
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>A set for people: "full", "none", "full-x,y" when at most eight of the known ones are missing, else the names.</summary>
    /// <param name="set">Bit n = capability n.</param>
    /// <returns>One word.</returns>
    internal static string Summary(ulong set)
    {
        if (set == 0)
        {
            return "none";
        }

        const int NearlyFull = 8;
        ulong missing = Known & ~set;
        if (ulong.PopCount(missing) > NearlyFull)
        {
            StringBuilder some = new();
            Append(some, "", set);
            return some.ToString();
        }

        StringBuilder text = new("full");
        Append(text, "-", missing);
        Append(text, "+", set & ~Known);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string lead, ulong set)
    {
        string separator = lead;
        for (int bit = 0; bit < 64; bit++)
        {
            if ((set >> bit & 1) != 0)
            {
                text.Append(separator).Append(Name(bit));
                separator = ",";
            }
        }
    }

    private static string Name(int bit) => bit < Names.Length ? Names[bit] : bit.ToString(CultureInfo.InvariantCulture);
}
