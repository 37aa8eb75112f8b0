using System.Collections.Generic;
using Checkpoint.Cli.Selection;
using Checkpoint.Diffing;

namespace Checkpoint.Cli.Commands;

/// <summary>What <c>ckpt diff</c> was asked to do.</summary>
/// <param name="Files">The images in order: two; one with Live; three with Retained. <c>-</c> is standard input.</param>
/// <param name="Live">Whether the tree as it is now is the last one.</param>
/// <param name="Pid">The root of the live tree; null for that of the image.</param>
/// <param name="Retained">Whether to show what the second has more than the first and the third still has.</param>
/// <param name="Match">How to pair processes.</param>
/// <param name="Filter">Which differences count.</param>
/// <param name="Output">What to write.</param>
/// <param name="Json">Whether as JSON.</param>
/// <param name="Color">When to use colour: auto, always or never.</param>
internal sealed record DiffRequest(
    IReadOnlyList<string> Files, bool Live, int? Pid, bool Retained, MatchMode Match, ChangeFilter Filter, DiffOutput Output, bool Json, string Color);
