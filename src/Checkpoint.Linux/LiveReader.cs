using System;
using System.Buffers.Text;
using System.Collections.Generic;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.Model;

namespace Checkpoint.Linux;

/// <summary>Looks which processes run now.</summary>
public static class LiveReader
{
    /// <summary>Reads the start time of some processes.</summary>
    /// <param name="tgids">Their pids in the pid namespace of <c>/proc</c>.</param>
    /// <returns>Those that run. A zombie does not, unless it is only the leader of threads that do.</returns>
    /// <exception cref="KernelException"><c>/proc</c> cannot be read.</exception>
    public static LiveTasks Read(IReadOnlyList<int> tgids)
    {
        ArgumentNullException.ThrowIfNull(tgids);
        ProcMount.Check();
        ReaderNamespaces reader = HostFacts.Reader();
        long tickNs = 1_000_000_000 / Libc.sysconf(Libc._SC_CLK_TCK);
        Dictionary<int, ulong> startTimes = [];
        byte[] buffer = new byte[1024];
        Span<byte> path = stackalloc byte[32];
        foreach (int tgid in tgids)
        {
            "/proc/"u8.CopyTo(path);
            _ = Utf8Formatter.TryFormat(tgid, path[6..], out int digits);
            "/stat\0"u8.CopyTo(path[(6 + digits)..]);
            int length = ProcFile.ReadOnce(Libc.AT_FDCWD, path, ref buffer);
            if (length > 0 && ProcStat.TryParse(buffer.AsSpan(0, length), out ProcStat stat)
                && (stat.State is not (TaskState.Zombie or TaskState.Dead) || stat.ThreadCount > 1))
            {
                startTimes[tgid] = TimeOffset.Undo(stat.StartTimeTicks, reader.BootClockOffsetNs, tickNs);
            }
        }

        return new LiveTasks(HostFacts.BootId(), startTimes) { PidNamespace = reader.Pid };
    }
}
