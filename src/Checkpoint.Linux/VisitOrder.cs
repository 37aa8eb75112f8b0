using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Linux;

/// <summary>A process to visit.</summary>
/// <param name="index">Its place among those that are visited together.</param>
/// <param name="tgid">Which.</param>
/// <param name="known">The visit that captured it before; null for a process not seen yet.</param>
internal sealed class VisitOrder(int index, int tgid, ProcessVisit? known)
{
    internal int Index { get; } = index;

    internal int Tgid { get; } = tgid;

    internal ProcessVisit? Known { get; } = known;

    /// <summary>What is left out, since a read of it did not come back.</summary>
    internal List<CapturePart> Without { get; } = [];
}
