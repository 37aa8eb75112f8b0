using Checkpoint.Linux.Transports;

namespace Checkpoint.Cli.Commands;

/// <summary>What <c>ckpt dump</c> was asked to do.</summary>
/// <param name="Pid">Root of the tree.</param>
/// <param name="Output">A path, or <c>-</c> for standard output.</param>
/// <param name="WithChildren">Whether descendants are captured.</param>
/// <param name="WithEnviron">Whether environments are captured.</param>
/// <param name="TextMaps">Whether VMAs are read from text although PROCMAP_QUERY is there.</param>
/// <param name="WithVmFlags">Whether all flags of VMAs are captured.</param>
/// <param name="WithVmStats">Whether page statistics of VMAs are captured.</param>
/// <param name="Level">zstd level.</param>
/// <param name="Transport">How tasks are read.</param>
/// <param name="Force">Whether a file is replaced.</param>
/// <param name="AllowPartial">Whether gaps leave the exit code at 0.</param>
/// <param name="Json">Whether the summary is JSON on standard output.</param>
/// <param name="Quiet">Whether nothing but failures and missing parts is said.</param>
/// <param name="Verbose">Whether gaps and events are listed.</param>
internal sealed record DumpRequest(
    int Pid, string Output, bool WithChildren, bool WithEnviron, bool TextMaps, bool WithVmFlags, bool WithVmStats,
    int Level, TransportKind Transport, bool Force, bool AllowPartial, bool Json, bool Quiet, bool Verbose)
{
    /// <summary>Whether the image goes to standard output.</summary>
    internal bool ToStandardOutput => Output == "-";
}
