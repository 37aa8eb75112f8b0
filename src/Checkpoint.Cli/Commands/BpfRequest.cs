namespace Checkpoint.Cli.Commands;

/// <summary>What <c>ckpt bpf</c> was asked.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Json">Whether the status is told as JSON.</param>
/// <param name="Quiet">Whether the exit code alone is the answer.</param>
internal sealed record BpfRequest(BpfAction Action, bool Json, bool Quiet);
