namespace Checkpoint.Linux.Transports;

/// <summary>Which transport to take.</summary>
public enum TransportKind
{
    /// <summary>The best there is: the kernel's <c>/proc/task-diag</c> where it exists, else BPF where it is at hand or pays, else procfs.</summary>
    Auto = 0,

    /// <summary>The kernel's <c>/proc/task-diag</c>.</summary>
    TaskDiag = 1,

    /// <summary>The emulation over procfs.</summary>
    Procfs = 2,

    /// <summary>BPF programs.</summary>
    Bpf = 3,
}
