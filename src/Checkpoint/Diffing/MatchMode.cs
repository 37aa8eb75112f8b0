namespace Checkpoint.Diffing;

/// <summary>How the processes of two trees are paired.</summary>
public enum MatchMode
{
    /// <summary>By identity when both trees are of one boot and have a process in common, else by role.</summary>
    Auto,

    /// <summary>By boot id, tgid and start time: the same process at two moments.</summary>
    Identity,

    /// <summary>By place in the tree, executable and command line: the same job in two runs, on two hosts, after a restart.</summary>
    Role,
}
