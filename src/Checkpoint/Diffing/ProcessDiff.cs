using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>A process on both sides or one, and what differs.</summary>
public sealed record ProcessDiff
{
    /// <summary>On the old side; null if it came.</summary>
    public required ProcessEntry? Old { get; init; }

    /// <summary>On the new side; null if it went.</summary>
    public required ProcessEntry? New { get; init; }

    /// <summary>What differs in what its threads share, in the order of <see cref="DiffField.OfProcess"/>; empty if it came or went.</summary>
    public IReadOnlyList<FieldChange> Fields { get; init; } = [];

    /// <summary>Its threads that came, went or changed, by tid; empty if it came or went.</summary>
    public IReadOnlyList<ThreadDiff> Threads { get; init; } = [];

    /// <summary>Its VMAs that differ, by address (the new one, or the old one where there is none); empty if it came or went.</summary>
    public IReadOnlyList<VmaChange> Vmas { get; init; } = [];

    /// <summary>Why a process that came matters to security.</summary>
    public SecurityConcerns Concerns { get; init; }

    /// <summary>Whether the same process runs another program image: it executed in between.</summary>
    public bool Executed { get; init; }

    /// <summary>Whether it exited in between and waits for its parent to ask for its exit code: all else that it had is gone.</summary>
    public bool Exited { get; init; }

    /// <summary>What happened to it.</summary>
    public ChangeAction Action => Old is null ? ChangeAction.Added
        : New is null ? ChangeAction.Removed
        : Executed || Fields.Count + Threads.Count + Vmas.Count > 0 ? ChangeAction.Changed
        : ChangeAction.Unchanged;

    /// <summary>The process on the new side, or on the old if it went.</summary>
    public ProcessEntry Entry => New ?? Old ?? throw new InvalidOperationException("a pair without a process");

    /// <summary>Whether all threads of a process have exited.</summary>
    internal static bool IsExited(ProcessEntry process)
    {
        foreach (ThreadEntry thread in process.Threads)
        {
            if (thread.State is not (TaskState.Zombie or TaskState.Dead))
            {
                return false;
            }
        }

        return true;
    }
}
