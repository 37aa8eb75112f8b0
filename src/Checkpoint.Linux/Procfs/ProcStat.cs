using System;
using Checkpoint.Model;

namespace Checkpoint.Linux.Procfs;

/// <summary>
/// <c>/proc/[pid]/stat</c>, one line of 52 fields (proc_pid_stat(5)). Without permission to ptrace-read the task the
/// kernel shows the start of the code as 1 and the other addresses as 0.
/// </summary>
internal ref struct ProcStat
{
    /// <summary>PF_KTHREAD (<c>linux/sched.h</c>): a kernel thread.</summary>
    internal const uint KernelThreadFlag = 0x00200000;

    private const uint ExitingFlag = 0x00000004; // PF_EXITING

    internal ReadOnlySpan<byte> Comm;
    internal TaskState State;
    internal int Ppid;
    internal int Pgid;
    internal int Sid;
    internal int TtyNr;
    internal int TpGid;
    internal uint Flags;
    internal TaskCounters Counters;
    internal int Priority;
    internal int Nice;
    internal int ThreadCount;
    internal ulong StartTimeTicks;
    internal int ExitSignal;
    internal int Processor;
    internal uint RtPriority;
    internal uint Policy;
    internal MemoryLayout Layout;
    internal int ExitCode;

    /// <summary>Whether the task still has an address space of its own to look at.</summary>
    internal readonly bool MayHaveMemory =>
        (Flags & KernelThreadFlag) == 0 && State is not (TaskState.Zombie or TaskState.Dead);

    /// <summary>Whether the task has let go of its memory: EACCES then says nothing about permission.</summary>
    internal readonly bool IsExiting => (Flags & ExitingFlag) != 0 || State is TaskState.Zombie or TaskState.Dead;

    /// <summary>
    /// Whether the addresses are those of the address space. To a caller without permission the kernel shows 1 or 0 instead,
    /// and for a task that has none any more 0.
    /// </summary>
    internal readonly bool LayoutKnown => Layout.StartCode > 1 || Layout.StartStack != 0;

    /// <summary>Parses the whole file. The comm is not escaped and may hold anything, so it ends at the last ')'.</summary>
    /// <param name="text">The file; the result points into it.</param>
    /// <param name="stat">The fields.</param>
    /// <returns>Whether it has the kernel's form.</returns>
    internal static bool TryParse(ReadOnlySpan<byte> text, out ProcStat stat)
    {
        stat = default;
        int open = text.IndexOf((byte)'(');
        int close = text.LastIndexOf((byte)')');
        if (open < 0 || close < open || close + 2 >= text.Length || !TryState(text[close + 2], out stat.State))
        {
            return false;
        }

        stat.Comm = text[(open + 1)..close];
        ByteCursor fields = new(text[(close + 3)..]);
        stat.Ppid = fields.NextInt32();
        stat.Pgid = fields.NextInt32();
        stat.Sid = fields.NextInt32();
        stat.TtyNr = fields.NextInt32();
        stat.TpGid = fields.NextInt32();
        stat.Flags = fields.NextUInt32();
        stat.Counters = new TaskCounters(
            fields.NextUnsigned(), fields.NextUnsigned(), fields.NextUnsigned(), fields.NextUnsigned(),
            fields.NextUnsigned(), fields.NextUnsigned(), fields.NextUnsigned(), fields.NextUnsigned());
        stat.Priority = fields.NextInt32();
        stat.Nice = fields.NextInt32();
        stat.ThreadCount = fields.NextInt32();
        fields.Skip(1); // itrealvalue, always 0
        stat.StartTimeTicks = fields.NextUnsigned();
        fields.Skip(3); // vsize, rss, rsslim: status has them exactly
        ulong startCode = fields.NextUnsigned();
        ulong endCode = fields.NextUnsigned();
        ulong startStack = fields.NextUnsigned();
        fields.Skip(9); // kstkesp to cnswap: 0, or truncated (signals: status has them)
        stat.ExitSignal = fields.NextInt32();
        stat.Processor = fields.NextInt32();
        stat.RtPriority = fields.NextUInt32();
        stat.Policy = fields.NextUInt32();
        fields.Skip(3); // block I/O delay, guest times
        stat.Layout = new MemoryLayout(
            startCode, endCode, startStack, fields.NextUnsigned(), fields.NextUnsigned(), fields.NextUnsigned(),
            fields.NextUnsigned(), fields.NextUnsigned(), fields.NextUnsigned(), fields.NextUnsigned());
        stat.ExitCode = fields.NextInt32();
        return fields.IsValid;
    }

    private static bool TryState(byte letter, out TaskState state)
    {
        int index = "RSDTtXZPI"u8.IndexOf(letter);
        state = (TaskState)index;
        if (letter == (byte)'x')
        {
            state = TaskState.Dead;
            return true;
        }

        return index >= 0;
    }
}
