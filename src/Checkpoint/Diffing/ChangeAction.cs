namespace Checkpoint.Diffing;

/// <summary>What happened to a process or a thread.</summary>
public enum ChangeAction
{
    /// <summary>On both sides, with nothing different.</summary>
    Unchanged,

    /// <summary>Only on the new side.</summary>
    Added,

    /// <summary>Only on the old side.</summary>
    Removed,

    /// <summary>On both sides, with differences.</summary>
    Changed,
}
