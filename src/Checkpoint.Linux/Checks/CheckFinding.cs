namespace Checkpoint.Linux.Checks;

/// <summary>What the probe of a feature found.</summary>
/// <param name="Feature">Which feature.</param>
/// <param name="Status">How it fares.</param>
/// <param name="Cause">Why it does not fare better; <see cref="CheckCause.None"/> when nothing is to be said.</param>
/// <param name="Errno">The kernel's answer behind it, positive; 0 when there is none.</param>
/// <param name="Needs">With <see cref="CheckCause.NeedsOther"/>: the feature that it lacks.</param>
public sealed record CheckFinding(
    CheckFeature Feature, CheckStatus Status, CheckCause Cause = CheckCause.None, int Errno = 0, CheckFeature? Needs = null);
