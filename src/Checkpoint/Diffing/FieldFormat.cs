namespace Checkpoint.Diffing;

/// <summary>What a field's value means, so that it can be shown.</summary>
public enum FieldFormat
{
    /// <summary>A number without a unit.</summary>
    Number,

    /// <summary>An inode number: a name, not a quantity.</summary>
    Inode,

    /// <summary>A number below zero or above.</summary>
    Signed,

    /// <summary>Bytes.</summary>
    Size,

    /// <summary>Clock ticks.</summary>
    Ticks,

    /// <summary>A user id.</summary>
    Uid,

    /// <summary>A list of numbers, or null.</summary>
    List,

    /// <summary>Capabilities, bit n = capability n.</summary>
    Capabilities,

    /// <summary>Signals, bit n-1 = signal n.</summary>
    Signals,

    /// <summary>One signal, 0 = none.</summary>
    Signal,

    /// <summary>A file mode mask.</summary>
    Octal,

    /// <summary>An address or mask.</summary>
    Hex,

    /// <summary>A <see cref="Model.TaskState"/>.</summary>
    State,

    /// <summary>A scheduling policy.</summary>
    Policy,

    /// <summary>A seccomp mode.</summary>
    Seccomp,

    /// <summary>A terminal's device number, 0 = none.</summary>
    Tty,

    /// <summary>Yes or no.</summary>
    Boolean,

    /// <summary>Kernel bytes that read as text.</summary>
    Text,

    /// <summary>Strings each ended by NUL.</summary>
    Strings,

    /// <summary>NAME=value strings each ended by NUL.</summary>
    Variables,

    /// <summary>Bytes of a build ID.</summary>
    BuildId,

    /// <summary>Parts of a task, bit n = <see cref="Model.CapturePart"/> n.</summary>
    Parts,
}
