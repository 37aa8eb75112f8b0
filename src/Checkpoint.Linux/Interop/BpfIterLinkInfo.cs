using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Interop;

/// <summary>
/// <c>union bpf_iter_link_info</c> (<c>linux/bpf.h</c>) as an iterator over tasks takes it: which tasks, at most one field
/// that is not 0. Since Linux 6.1.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfIterLinkInfo
{
    /// <summary>This thread alone; 0 = not by thread.</summary>
    internal uint Tid;

    /// <summary>All threads of this process; 0 = not by process.</summary>
    internal uint Pid;
}
