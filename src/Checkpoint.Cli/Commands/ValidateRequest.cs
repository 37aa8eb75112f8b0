using System.Collections.Generic;

namespace Checkpoint.Cli.Commands;

/// <summary>What <c>ckpt validate</c> was asked to do.</summary>
/// <param name="Files">The images; <c>-</c> is standard input.</param>
/// <param name="Quick">Whether only frames, checksums and table are looked at.</param>
/// <param name="AgainstLive">Whether the processes are looked for among those that run.</param>
/// <param name="Salvage">Where to write what is whole of the one file; null for nowhere.</param>
/// <param name="Force">Whether that may replace a file.</param>
/// <param name="Json">Whether to tell it as JSON.</param>
/// <param name="Quiet">Whether to tell nothing but the exit code.</param>
internal sealed record ValidateRequest(
    IReadOnlyList<string> Files, bool Quick, bool AgainstLive, string? Salvage, bool Force, bool Json, bool Quiet);
