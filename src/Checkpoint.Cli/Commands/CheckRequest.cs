using System.Collections.Generic;
using Checkpoint.Linux.Checks;

namespace Checkpoint.Cli.Commands;

/// <summary>What <c>ckpt check</c> was asked.</summary>
/// <param name="Features">Which features; empty for all.</param>
/// <param name="Json">Whether as JSON.</param>
/// <param name="Quiet">Whether the exit code alone is the answer.</param>
internal sealed record CheckRequest(IReadOnlyCollection<CheckFeature> Features, bool Json, bool Quiet);
