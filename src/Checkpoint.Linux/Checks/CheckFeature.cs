namespace Checkpoint.Linux.Checks;

/// <summary>What can be asked for: ways to capture, what they rest on, and what the caller may. In the order of reports.</summary>
public enum CheckFeature
{
    /// <summary>The kernel's own transaction file <c>/proc/task-diag</c>.</summary>
    TaskDiag,

    /// <summary>Everything that the BPF transport needs.</summary>
    Bpf,

    /// <summary><c>/proc</c>, showing the caller's pid namespace.</summary>
    Procfs,

    /// <summary>libzstd, without which no image is written.</summary>
    Libzstd,

    /// <summary>Other users' processes are visible in <c>/proc</c>.</summary>
    Hidepid,

    /// <summary>Text <c>maps</c>.</summary>
    Maps,

    /// <summary>Text <c>smaps</c>: page statistics and all flags of VMAs.</summary>
    Smaps,

    /// <summary>The PROCMAP_QUERY ioctl.</summary>
    ProcmapQuery,

    /// <summary><c>/proc/[pid]/task/[tid]/children</c>.</summary>
    Children,

    /// <summary>pidfd_open(2).</summary>
    Pidfd,

    /// <summary>The PIDFD_GET_INFO ioctl.</summary>
    PidfdInfo,

    /// <summary>Events of processes by netlink.</summary>
    ProcConnector,

    /// <summary>ptrace(2), and whom one may attach to.</summary>
    Ptrace,

    /// <summary>bpf(2), and that the caller may create a map.</summary>
    BpfSyscall,

    /// <summary>The JIT compiler, without which programs cannot call kernel functions.</summary>
    BpfJit,

    /// <summary>The kernel's description of its types.</summary>
    BpfBtf,

    /// <summary>Arrays that user space maps.</summary>
    BpfMmapArray,

    /// <summary>Programs that run when user space asks (BPF_PROG_TYPE_SYSCALL).</summary>
    BpfSyscallProgram,

    /// <summary>bpf_rcu_read_lock in such programs.</summary>
    BpfRcu,

    /// <summary>The open-coded iterator over tasks.</summary>
    BpfTaskLoop,

    /// <summary>The open-coded iterator over the VMAs of a task.</summary>
    BpfVmaLoop,

    /// <summary>bpf_task_from_pid: a task by its number in the initial pid namespace.</summary>
    BpfTaskFromPid,

    /// <summary>bpf_task_from_vpid: a task by its number in the caller's pid namespace.</summary>
    BpfTaskFromVpid,

    /// <summary>Iterator programs over tasks (<c>iter/task</c>).</summary>
    BpfIterTask,

    /// <summary>Iterator programs over VMAs (<c>iter/task_vma</c>).</summary>
    BpfIterTaskVma,

    /// <summary>The BPF file system, where programs are pinned.</summary>
    Bpffs,

    /// <summary>Programs of this build that are pinned there.</summary>
    BpfPinned,

    /// <summary>The caller's user namespace.</summary>
    UserNamespace,

    /// <summary>The caller's pid namespace.</summary>
    PidNamespace,

    /// <summary>CAP_SYS_PTRACE.</summary>
    CapSysPtrace,

    /// <summary>CAP_SYS_ADMIN.</summary>
    CapSysAdmin,

    /// <summary>CAP_BPF.</summary>
    CapBpf,

    /// <summary>CAP_PERFMON.</summary>
    CapPerfmon,

    /// <summary>CAP_NET_ADMIN.</summary>
    CapNetAdmin,

    /// <summary>CAP_CHECKPOINT_RESTORE.</summary>
    CapCheckpointRestore,
}
