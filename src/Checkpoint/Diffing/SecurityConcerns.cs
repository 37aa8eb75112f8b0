using System;

namespace Checkpoint.Diffing;

/// <summary>Why a change matters to security; all are about the new side, so the reverse change may have none.</summary>
[Flags]
public enum SecurityConcerns
{
    /// <summary>It does not.</summary>
    None = 0,

    /// <summary>A user or group id that gives more than the task had.</summary>
    CredentialGained = 1 << 0,

    /// <summary>A capability more in one of the sets.</summary>
    CapabilityGained = 1 << 1,

    /// <summary>Seccomp off, or fewer filters.</summary>
    SeccompDropped = 1 << 2,

    /// <summary>NoNewPrivs gone; the kernel never takes it back, so this is another program in the same role.</summary>
    NoNewPrivsDropped = 1 << 3,

    /// <summary>The LSM label is gone or unconfined.</summary>
    ConfinementDropped = 1 << 4,

    /// <summary>Memory that is writable and executable.</summary>
    WritableExecutable = 1 << 5,

    /// <summary>Executable memory that no file backs.</summary>
    ExecutableAnonymous = 1 << 6,

    /// <summary>The executable was deleted, or another file lies under its path.</summary>
    ExecutableReplaced = 1 << 7,
}
