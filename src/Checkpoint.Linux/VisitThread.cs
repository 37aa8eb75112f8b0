using System.Threading;
using Checkpoint.Linux.Transports;

namespace Checkpoint.Linux;

/// <summary>A thread that visits processes, as <see cref="VisitCrew"/> sees it.</summary>
internal sealed class VisitThread
{
    /// <summary>The thread.</summary>
    internal required Thread Thread { get; init; }

    /// <summary>How far it has come.</summary>
    internal ThreadProgress Progress { get; } = new();

    /// <summary>What it visits; null: nothing.</summary>
    internal VisitOrder? Order { get; set; }

    /// <summary>The last step that was seen.</summary>
    internal int LastStep { get; set; }

    /// <summary>When that was seen first, in milliseconds.</summary>
    internal long LastStepAt { get; set; }
}
