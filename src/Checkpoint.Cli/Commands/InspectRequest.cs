using System.Collections.Generic;
using Checkpoint.Cli.Rendering;
using Checkpoint.Cli.Selection;

namespace Checkpoint.Cli.Commands;

/// <summary>What <c>ckpt inspect</c> was asked to show.</summary>
/// <param name="File">The image; <c>-</c> is standard input.</param>
/// <param name="View">What of it.</param>
/// <param name="Pid">The one process to show; null for all.</param>
/// <param name="Where">What VMAs must be like to be shown.</param>
/// <param name="Sort">The order of VMAs, one of <see cref="VmaSort"/>.</param>
/// <param name="Partial">Whether what is whole of a damaged image is shown.</param>
/// <param name="Json">Whether as JSON.</param>
/// <param name="Color">When to use colour: auto, always or never.</param>
internal sealed record InspectRequest(
    string File, InspectView View, int? Pid, IReadOnlyList<VmaCondition> Where, string Sort, bool Partial, bool Json, string Color);
