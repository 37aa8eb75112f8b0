using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Bpf;

/// <summary><c>struct task_diag_run_keys</c> of <c>src/bpf/run.h</c>: what a program tells instead of paths.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfPathKeys
{
    /// <summary>Flag: a kernel thread, whose name only procfs knows whole.</summary>
    internal const uint KernelThread = 1;

    internal uint Flags;
    internal uint Owner;
    internal ulong ExeMnt;
    internal ulong ExeDentry;
    internal ulong ExeInode;
    internal ulong CwdMnt;
    internal ulong CwdDentry;
    internal ulong CwdInode;
    internal ulong RootMnt;
    internal ulong RootDentry;
    internal ulong RootInode;
}
