using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Validation;

/// <summary>What the threads of a process share.</summary>
internal static class ProcessRules
{
    /// <summary>What the kernel shows as group and session of a task that it is about to free.</summary>
    private const int NoGroup = -1;

    private const uint PermissionBits = 0x1ff;

    internal static void Check(ProcessTree tree, FindingList findings)
    {
        HashSet<int> explained = ThreadRules.Explained(tree);
        bool canCount = !TreeRules.Lost(tree, "threads") && !TreeRules.Lost(tree, "processes");
        foreach (ProcessEntry p in tree.Processes)
        {
            if (p.Tgid < 1 || p.Ppid < 0 || p.Pgid < NoGroup || p.Sid < NoGroup || p.ThreadCount < 0)
            {
                findings.Add(new Finding(
                    Rules.ProcessIds, $"process {p.Tgid} has parent {p.Ppid}, group {p.Pgid}, session {p.Sid} and {p.ThreadCount} threads")
                {
                    Tgid = p.Tgid,
                });
            }

            if (p.Umask > PermissionBits)
            {
                findings.Add(new Finding(Rules.Umask, $"process {p.Tgid} has umask 0x{p.Umask:x}") { Tgid = p.Tgid });
            }

            if (p.Memory is { } m && (m.VmPeak < m.VmSize || m.VmHwm < m.VmRss))
            {
                findings.Add(new Finding(
                    Rules.MemoryPeak,
                    $"process {p.Tgid} has {m.VmSize} bytes and had at most {m.VmPeak}, has {m.VmRss} resident and had at most {m.VmHwm}")
                {
                    Tgid = p.Tgid,
                });
            }

            // The kernel says 0 of a task that it is about to free.
            if (canCount && p.ThreadCount > 0 && p.ThreadCount != p.Threads.Count && !explained.Contains(p.Tgid))
            {
                findings.Add(new Finding(
                    Rules.ThreadCount, $"process {p.Tgid} had {p.ThreadCount} threads, {p.Threads.Count} were captured, and nothing tells why")
                {
                    Tgid = p.Tgid,
                });
            }
        }
    }
}
