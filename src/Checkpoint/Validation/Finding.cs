namespace Checkpoint.Validation;

/// <summary>A rule that does not hold.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Message">The facts, in one line; text from the image is escaped.</param>
public sealed record Finding(Rule Rule, string Message)
{
    /// <summary>The section it is in; null for the file as a whole.</summary>
    public string? Section { get; init; } = Rule.Section;

    /// <summary>Where, in bytes from the start of the file; null when it is not at one place, or the place is not known.</summary>
    public long? Offset { get; init; }

    /// <summary>The process it is about; null for none.</summary>
    public int? Tgid { get; init; }

    /// <summary>The thread it is about; null for none, or the whole process.</summary>
    public int? Tid { get; init; }
}
