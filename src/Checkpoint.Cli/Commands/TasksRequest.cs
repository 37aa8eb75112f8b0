using Checkpoint.Linux.Transports;
using Checkpoint.TaskDiag;

namespace Checkpoint.Cli.Commands;

/// <summary>What <c>ckpt tasks</c> is asked to do.</summary>
/// <param name="Strategy">Which tasks; null with <paramref name="From"/>.</param>
/// <param name="Pid">Whose, where the strategy needs it; else 0.</param>
/// <param name="Show">The attributes named on the command line; none of them is BASE.</param>
/// <param name="Hidden">Whether tasks that the caller may not inspect are shown too.</param>
/// <param name="Transport">Which way to ask.</param>
/// <param name="Json">JSON lines instead of columns.</param>
/// <param name="Raw">Where the answer is recorded; <c>-</c> = standard output, and nothing else is printed; null = nowhere.</param>
/// <param name="Force">Whether a recording may be replaced.</param>
/// <param name="From">The recording to show instead of asking; <c>-</c> = standard input.</param>
/// <param name="Verbose">Whether it is said how the tasks were read, and why so.</param>
internal sealed record TasksRequest(
    TaskDiagStrategy? Strategy, int Pid, TaskDiagShow Show, bool Hidden, TransportKind Transport, bool Json, string? Raw, bool Force, string? From,
    bool Verbose);
