using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Linux;

/// <summary>A process to visit.</summary>
/// <param name="index">Its place among those that are visited together.</param>
/// <param name="tgid">Which.</param>
/// <param name="known">How it was captured before; null for a process not seen yet.</param>
internal sealed class VisitOrder(int index, int tgid, ProcessEntry? known)
{
    internal int Index { get; } = index;

    internal int Tgid { get; } = tgid;

    internal ProcessEntry? Known { get; } = known;

    /// <summary>What is left out, since a read of it did not come back.</summary>
    internal List<CapturePart> Without { get; } = [];
}
