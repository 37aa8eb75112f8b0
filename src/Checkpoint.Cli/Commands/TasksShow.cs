using Checkpoint.TaskDiag;

namespace Checkpoint.Cli.Commands;

/// <summary>
/// Which attributes are shown. Every message echoes the request's sequence number, so that number is made of the show
/// flags asked for: a recording then says itself what its live run showed, attributes that no task had included.
/// </summary>
internal static class TasksShow
{
    private const uint Mark = 0x7d10_0000;
    private const uint Flags = (uint)TaskDiagShows.Standard;

    /// <summary>The sequence number for a request.</summary>
    /// <param name="show">What it asks for.</param>
    /// <returns>The number.</returns>
    internal static uint ToSequence(TaskDiagShow show) => Mark | ((uint)show & Flags);

    /// <summary>What the request with a sequence number asked for; everything if it is not one of ours.</summary>
    /// <param name="sequence">From a message.</param>
    /// <returns>Attributes of task_diag itself.</returns>
    internal static TaskDiagShow OfSequence(uint sequence) =>
        (sequence & ~Flags) == Mark ? (TaskDiagShow)(sequence & Flags) : TaskDiagShows.Standard;
}
