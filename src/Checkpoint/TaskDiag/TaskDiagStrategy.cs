namespace Checkpoint.TaskDiag;

/// <summary>Which tasks a request asks for.</summary>
public enum TaskDiagStrategy : ulong
{
    /// <summary>Every process: group leaders in pid order.</summary>
    All = 0,

    /// <summary>Exactly the one task of the given pid (a tid is allowed).</summary>
    One = 1,

    /// <summary>Every thread of every process.</summary>
    AllThread = 2,

    /// <summary>The children of the given task: of that thread alone, not of its whole process.</summary>
    Children = 3,

    /// <summary>The threads of the process of the given pid.</summary>
    Thread = 4,
}
