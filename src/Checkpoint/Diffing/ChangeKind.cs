namespace Checkpoint.Diffing;

/// <summary>What a change is about: what <c>--only</c> and <c>--ignore</c> choose by.</summary>
public enum ChangeKind
{
    /// <summary>A process came or went.</summary>
    Process,

    /// <summary>A thread came or went.</summary>
    Thread,

    /// <summary>A process executed another program, or the same again.</summary>
    Exec,

    /// <summary>Place among other processes: parent, process group, session, terminal.</summary>
    Tree,

    /// <summary>What a task is doing: scheduler state, kernel flags, tracer, exit code.</summary>
    State,

    /// <summary>Ids, groups, capabilities, seccomp, label.</summary>
    Credentials,

    /// <summary>Command line and names of threads.</summary>
    Command,

    /// <summary>Environment.</summary>
    Environment,

    /// <summary>The executable: path, deleted, build ID, inode.</summary>
    Executable,

    /// <summary>Working directory, root directory, umask.</summary>
    Place,

    /// <summary>Namespaces and ids in pid namespaces.</summary>
    Namespaces,

    /// <summary>Pending, blocked, ignored and caught signals.</summary>
    Signals,

    /// <summary>Priority, nice value, policy.</summary>
    Scheduling,

    /// <summary>Where the address space keeps its parts; random per exec.</summary>
    Layout,

    /// <summary>A VMA.</summary>
    Vma,

    /// <summary>What changes by merely running: CPU time, faults, memory sizes, number of threads.</summary>
    Counter,

    /// <summary>What could not be captured on one side, and so cannot be compared.</summary>
    Capture,
}
