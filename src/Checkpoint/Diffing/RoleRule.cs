namespace Checkpoint.Diffing;

/// <summary>How a field is compared when processes are paired by role, where numbers that the kernel hands out mean nothing in themselves.</summary>
internal enum RoleRule
{
    /// <summary>As it is.</summary>
    Exact,

    /// <summary>Not at all.</summary>
    Skip,

    /// <summary>As it is within one boot, else not at all: inode numbers.</summary>
    SameBoot,

    /// <summary>Whether there is one.</summary>
    Presence,

    /// <summary>A pid: the same if both are of paired processes, or both of none in the tree.</summary>
    Pid,

    /// <summary>As <see cref="Pid"/>, but 0 means that there is none.</summary>
    Tracer,

    /// <summary>A namespace: the same if everywhere in the trees one stands for the other.</summary>
    Namespace,

    /// <summary>A state: running and sleeping are the same.</summary>
    State,
}
