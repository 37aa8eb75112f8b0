namespace Checkpoint.Linux.Bpf;

/// <summary>What can be done with pinned programs.</summary>
public enum BpfPinState
{
    /// <summary>They are this build's; runs use them.</summary>
    Usable,

    /// <summary>They are another build's; this one does not use them.</summary>
    Stale,

    /// <summary>They are not all there: an installation was cut short. No build uses them.</summary>
    Incomplete,
}
