using Checkpoint.Linux.Transports;

namespace Checkpoint.Linux;

/// <summary>What to capture.</summary>
public sealed record CollectOptions
{
    /// <summary>The root of the tree: a tgid in the caller's pid namespace.</summary>
    public required int Pid { get; init; }

    /// <summary>Whether all descendants are captured too.</summary>
    public bool WithChildren { get; init; } = true;

    /// <summary>Whether environments are captured; they often hold secrets.</summary>
    public bool WithEnviron { get; init; }

    /// <summary>Reads text <c>maps</c> although the kernel has PROCMAP_QUERY: for tests and comparisons.</summary>
    public bool TextMaps { get; init; }

    /// <summary>Whether all flags of each VMA are captured: costs a page-table walk (smaps).</summary>
    public bool WithVmFlags { get; init; }

    /// <summary>Whether page statistics of each VMA are captured: costs a page-table walk (smaps).</summary>
    public bool WithVmStats { get; init; }

    /// <summary>How the tasks are read.</summary>
    public TransportKind Transport { get; init; }

    /// <summary>Is told which transport was chosen, and why.</summary>
    public System.Action<string>? Chosen { get; init; }

    /// <summary>How often the tree is enumerated at the most.</summary>
    public int MaxPasses { get; init; } = 8;

    /// <summary>How much is kept of what processes can make as large as they like.</summary>
    internal CaptureBudget? Budget { get; init; }
}
