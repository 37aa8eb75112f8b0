namespace Checkpoint.Linux.Checks;

/// <summary>How a feature fares here, for this caller.</summary>
public enum CheckStatus
{
    /// <summary>It works.</summary>
    Ok = 0,

    /// <summary>It works for less than everything.</summary>
    Limited = 1,

    /// <summary>It does not work.</summary>
    Missing = 2,
}
