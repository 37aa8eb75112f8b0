using Checkpoint.Diffing;

namespace Checkpoint.Cli.Rendering;

/// <summary>One change for people.</summary>
/// <param name="Sign"><c>+</c>, <c>-</c> or <c>~</c>.</param>
/// <param name="Label">What changed.</param>
/// <param name="Text">How; printable.</param>
/// <param name="Concerns">Why it matters to security.</param>
internal readonly record struct DiffLine(char Sign, string Label, string Text, SecurityConcerns Concerns);
