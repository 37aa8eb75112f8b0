using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Linux;

/// <summary>What one look at a process found.</summary>
/// <param name="tgid">The process.</param>
internal sealed class ProcessVisit(int tgid)
{
    internal int Tgid { get; } = tgid;

    /// <summary>Why it could not be read, 0 = it could; ESRCH: it is not there.</summary>
    internal int Error { get; set; }

    /// <summary>The process as captured now; null when it was only compared with what is known.</summary>
    internal ProcessEntry? Entry { get; set; }

    /// <summary>Its exec id when it was captured; null: not told.</summary>
    internal uint? ExecId { get; set; }

    /// <summary>Its VMAs; null when it has none or they could not be read.</summary>
    internal Vma[]? Vmas { get; set; }

    /// <summary>Their page statistics; null when they were not asked for.</summary>
    internal VmaStats[]? Stats { get; set; }

    /// <summary>The table that the VMAs' file numbers refer to: the visitor's own.</summary>
    internal FileTable? Files { get; set; }

    /// <summary>What is missing of the captured entry.</summary>
    internal List<Gap> Gaps { get; } = [];

    /// <summary>What happened to it and its threads, in the order noticed.</summary>
    internal List<(TaskEventKind Kind, int Tid, ulong StartTimeTicks)> Events { get; } = [];

    /// <summary>Parts that were cut or left out, because there is too much of them.</summary>
    internal HashSet<CapturePart> Cuts { get; } = [];

    /// <summary>Its children, of all threads.</summary>
    internal List<int> Children { get; } = [];
}
