using System;

namespace Checkpoint.Model;

/// <summary>Protection and sharing of a VMA: the low bits of the task_diag wire's vm_flags, which PROCMAP_QUERY shares.</summary>
[Flags]
public enum VmaFlags : uint
{
    /// <summary>No access, private.</summary>
    None = 0,

    /// <summary>Readable.</summary>
    Read = 1,

    /// <summary>Writable.</summary>
    Write = 2,

    /// <summary>Executable.</summary>
    Exec = 4,

    /// <summary>Shared (MAP_SHARED); otherwise private copy-on-write.</summary>
    Shared = 8,
}
