namespace Checkpoint.Model;

/// <summary>What happened to a task during a capture.</summary>
public enum TaskEventKind
{
    /// <summary>It was not there in an earlier pass.</summary>
    Appeared = 0,

    /// <summary>It was there and is gone.</summary>
    Exited = 1,

    /// <summary>The process executed another program; it was captured again.</summary>
    Exec = 2,
}
