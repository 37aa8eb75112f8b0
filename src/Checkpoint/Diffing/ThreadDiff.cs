using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>A thread that came, went or changed.</summary>
/// <param name="Old">On the old side; null if it came.</param>
/// <param name="New">On the new side; null if it went.</param>
/// <param name="Fields">What differs, in the order of <see cref="DiffField.OfThread"/>.</param>
public sealed record ThreadDiff(ThreadEntry? Old, ThreadEntry? New, IReadOnlyList<FieldChange> Fields)
{
    /// <summary>What happened to it.</summary>
    public ChangeAction Action => Old is null ? ChangeAction.Added : New is null ? ChangeAction.Removed : ChangeAction.Changed;

    /// <summary>The thread on the new side, or on the old if it went.</summary>
    public ThreadEntry Entry => New ?? Old ?? throw new InvalidOperationException("a pair without a thread");
}
