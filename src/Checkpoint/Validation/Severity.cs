namespace Checkpoint.Validation;

/// <summary>How bad a finding is; the higher the worse.</summary>
public enum Severity
{
    /// <summary>Worth knowing; nothing is wrong.</summary>
    Note,

    /// <summary>Unlikely of an undamaged image of a living system, but possible.</summary>
    Warning,

    /// <summary>Impossible: the image is not valid.</summary>
    Error,
}
