using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Bpf;

/// <summary>
/// <c>struct task_diag_walk</c> of <c>src/bpf/walk.h</c>, which says what each field is: in a slot behind <see cref="BpfRun"/>,
/// what iterator programs and their reader share.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfWalk
{
    /// <summary>TASK_DIAG_SLOT_WALK: where it is in a slot.</summary>
    internal const int Offset = 1024;

    /// <summary>TASK_DIAG_WALK_SLOTS: how many slots a program looks through.</summary>
    internal const int MaxSlots = 16;

    // TASK_DIAG_WALK_*: steps…
    internal const uint Tell = 0, Children = 1, Shared = 2, Vmas = 3;

    // …and of which tasks.
    internal const uint Leaders = 0, All = 1, Task = 2, Threads = 3;

    internal uint Reader;
    internal uint Begun;
    internal uint Step;
    internal uint Of;
    internal uint Pid;
    internal uint Wants;
    internal uint Owner;
    internal uint Seen;
    internal uint Open;
    internal uint Limit;
}
