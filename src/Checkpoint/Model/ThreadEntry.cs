namespace Checkpoint.Model;

/// <summary>One thread as captured. The one whose <see cref="Tid"/> is the process's tgid is the leader.</summary>
public sealed record ThreadEntry
{
    /// <summary>Thread id in the reader's pid namespace.</summary>
    public required int Tid { get; init; }

    /// <summary>Name (<c>prctl(PR_SET_NAME)</c>), at most 15 bytes for user tasks, up to 63 for kernel workers.</summary>
    public required ByteString Comm { get; init; }

    /// <summary>Scheduler state at the moment it was read.</summary>
    public required TaskState State { get; init; }

    /// <summary>Start time, clock ticks since boot (<c>stat</c> field 22): with boot id and tid the thread's identity.</summary>
    public required ulong StartTimeTicks { get; init; }

    /// <summary>Kernel flags PF_* (<c>stat</c> field 9).</summary>
    public uint Flags { get; init; }

    /// <summary>Priority as the kernel shows it (<c>stat</c> field 18).</summary>
    public int Priority { get; init; }

    /// <summary>Nice value, -20 to 19.</summary>
    public int Nice { get; init; }

    /// <summary>Real-time priority, 0 for ordinary tasks.</summary>
    public uint RtPriority { get; init; }

    /// <summary>
    /// Scheduling policy SCHED_*: 0 OTHER, 1 FIFO, 2 RR, 3 BATCH, 5 IDLE, 6 DEADLINE, 7 EXT; with 0x40000000
    /// (SCHED_RESET_ON_FORK) or'ed in where children do not inherit it, as sched_getscheduler(2) answers.
    /// </summary>
    public uint Policy { get; init; }

    /// <summary>CPU last run on.</summary>
    public int Processor { get; init; }

    /// <summary>Pid of the tracer, 0 = none.</summary>
    public int TracerPid { get; init; }

    /// <summary>Faults and CPU times of this thread alone.</summary>
    public TaskCounters Counters { get; init; }

    /// <summary>Its own credentials (threads of one process may differ); null when they could not be read, with a gap.</summary>
    public Credentials? Credentials { get; init; }

    /// <summary>Signal masks; null when they could not be read.</summary>
    public SignalSets? Signals { get; init; }

    /// <summary>This thread's id in each pid namespace, outermost first (NSpid); empty when not known.</summary>
    public int[] NsPids { get; init; } = [];
}
