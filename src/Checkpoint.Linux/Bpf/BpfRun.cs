using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Bpf;

/// <summary>
/// <c>struct task_diag_run</c> of <c>src/bpf/run.h</c>, which says what each field is: at the beginning of a slot, the memory
/// that a program run and its caller share.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfRun
{
    /// <summary>TASK_DIAG_SLOT_SIZE.</summary>
    internal const int SlotSize = 6 << 20;

    /// <summary>TASK_DIAG_SLOT_TIDS: where the tids are in a slot.</summary>
    internal const int TidsOffset = 4096;

    /// <summary>TASK_DIAG_RUN_TIDS: how many one run may tell about.</summary>
    internal const int MaxTids = 16384;

    /// <summary>TASK_DIAG_SLOT_OUT: where the messages are in a slot.</summary>
    internal const int OutOffset = TidsOffset + (MaxTids * sizeof(uint));

    /// <summary>TASK_DIAG_RUN_LIST.</summary>
    internal const uint List = 1;

    /// <summary>TASK_DIAG_RUN_TELL.</summary>
    internal const uint Tell = 2;

    /// <summary>TASK_DIAG_RUN_KEYS: number of the attribute with <see cref="BpfPathKeys"/>.</summary>
    internal const ushort KeysAttribute = 61;

    internal ulong ShowFlags;
    internal ulong TickNs;
    internal ulong GateStart;
    internal ulong GateEnd;
    internal ulong GateFlags;
    internal ulong From;
    internal ulong ReaderNs;
    internal ulong Probe;
    internal ulong Node;
    internal ulong Last;
    internal ulong EntryLast;
    internal ulong TotalVm;
    internal ulong Scratch;
    internal long Sum;
    internal uint ReaderLevel;
    internal uint Steps;
    internal uint Strategy;
    internal uint Pid;
    internal uint Sequence;
    internal uint PageShift;
    internal uint Room;
    internal uint Count;
    internal uint At;
    internal uint Length;
    internal int Error;
    internal uint Message;
    internal uint Attribute;
    internal uint Tid;
    internal uint Tgid;
    internal uint Unsorted;
    internal uint Whole;
    internal int Result;
    internal uint Tries;
    internal uint OwnParts;
    internal uint PartsCount;
    internal uint Number;
    internal uint Index;
    internal uint AtOnce;
    internal uint Snapshot;
    internal uint Told;
    internal ulong Parts0;
    internal ulong Parts1;
}
