namespace Checkpoint.Diffing;

/// <summary>One field with another value.</summary>
/// <param name="Field">Which.</param>
/// <param name="Old">The value on the old side.</param>
/// <param name="New">The value on the new side.</param>
/// <param name="Concerns">Why it matters to security.</param>
public readonly record struct FieldChange(DiffField Field, FieldValue Old, FieldValue New, SecurityConcerns Concerns);
