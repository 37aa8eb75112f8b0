using System.Collections.Generic;

namespace Checkpoint.Model;

/// <summary>The content of an image: a process tree at one moment.</summary>
public sealed record ProcessTree
{
    /// <summary>When, where and how it was taken.</summary>
    public required CaptureInfo Capture { get; init; }

    /// <summary>The processes by ascending tgid; parents are found by <see cref="ProcessEntry.Ppid"/>.</summary>
    public required IReadOnlyList<ProcessEntry> Processes { get; init; }

    /// <summary>What the VMAs refer to, in order of first use.</summary>
    public required IReadOnlyList<MappedFile> Files { get; init; }

    /// <summary>What is missing and why, by tgid, tid and part.</summary>
    public required IReadOnlyList<Gap> Gaps { get; init; }

    /// <summary>What happened to the tree meanwhile, in the order noticed.</summary>
    public required IReadOnlyList<TaskEvent> Events { get; init; }

    /// <summary>Names of the user ids that occur, by ascending uid.</summary>
    public required IReadOnlyList<UserName> Users { get; init; }
}
