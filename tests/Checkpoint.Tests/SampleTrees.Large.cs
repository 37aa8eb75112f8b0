using System;
using System.Linq;
using Checkpoint.Model;

namespace Checkpoint.Tests;

/// <content>Trees to measure with.</content>
public static partial class SampleTrees
{
    /// <summary>A tree of a given size as a machine would have it: 40 mapped files, every process with addresses of its own.</summary>
    /// <param name="processes">How many processes, one thread each.</param>
    /// <param name="vmas">How many VMAs each.</param>
    /// <param name="withStats">Whether each VMA has page statistics.</param>
    /// <returns>A new tree.</returns>
    public static ProcessTree Large(int processes, int vmas, bool withStats = false)
    {
        Random random = new(1);
        MappedFile[] files = [.. Enumerable.Range(0, Math.Min(40, vmas)).Select(i => new MappedFile(254, 1, 1000 + (ulong)i, Bytes($"/usr/lib/lib{i}.so.6")))];
        Credentials credentials = new()
        {
            Uid = default,
            Gid = default,
            Groups = [0],
            CapInheritable = 0,
            CapPermitted = 1,
            CapEffective = 1,
            CapBounding = 1,
        };
        ProcessEntry[] entries = new ProcessEntry[processes];
        for (int i = 0; i < processes; i++)
        {
            ulong address = 0x7f00_0000_0000 + ((ulong)random.NextInt64(1L << 28) * PageSize);
            Vma[] list = new Vma[vmas];
            VmaStats[] stats = new VmaStats[withStats ? vmas : 0];
            for (int v = 0; v < vmas; v++)
            {
                ulong size = PageSize * (1UL << (v % 7));
                bool isMapped = v < files.Length || v % 4 != 3;
                list[v] = new(address, address + size, (VmaFlags)(1 + (v % 5)), isMapped ? (ulong)(v % 4) * PageSize : 0, isMapped ? v % files.Length : -1);
                if (withStats)
                {
                    stats[v] = new() { Rss = size, Pss = size / 2, PrivateDirty = size, Referenced = size, Anonymous = size };
                }

                address += size + (v % 8 == 7 ? (ulong)random.Next(1, 5000) * PageSize : 0);
            }

            int tgid = 1000 + i;
            entries[i] = new()
            {
                Tgid = tgid,
                Ppid = i == 0 ? 1 : 1000,
                Pgid = tgid,
                Sid = 1000,
                ThreadCount = 1,
                ExitSignal = 17,
                Cmdline = Raw($"/usr/bin/worker\0--id={i}\0"),
                Exe = Bytes("/usr/bin/worker"),
                Cwd = Bytes("/"),
                Root = Bytes("/"),
                Umask = 18,
                Namespaces = new(1, 2, 3, 4, 5, 6, 7, 8),
                Counters = new((ulong)random.Next(9000), 0, 0, 0, (ulong)random.Next(90), 3, 0, 0),
                Memory = Memory((ulong)random.Next(1000, 90000) * 1024),
                Space = new AddressSpace(list, stats),
                Layout = new(address, address + 5, 0x7ffd_0000_0000 + (ulong)random.NextInt64(1L << 32), 1, 2, 3, 4, 5, 6, 7),
                Threads = [Thread(tgid, "worker", TaskState.Sleeping, credentials) with { StartTimeTicks = 100_000 + (ulong)i }],
            };
        }

        return Empty() with { Capture = Capture(1000), Processes = entries, Files = files };
    }
}
