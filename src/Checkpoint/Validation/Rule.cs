namespace Checkpoint.Validation;

/// <summary>One thing that is checked. Ids are for programs to rely on: none is ever given another meaning.</summary>
/// <param name="Id">Its name, such as <c>tree.cycle</c>.</param>
/// <param name="Severity">How bad it is when it does not hold.</param>
/// <param name="Section">The section of the image that it is about; null for the file as a whole.</param>
public sealed record Rule(string Id, Severity Severity, string? Section = null);
