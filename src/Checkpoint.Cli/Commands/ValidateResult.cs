using System.Collections.Generic;
using Checkpoint.Imaging;
using Checkpoint.Model;
using Checkpoint.Validation;

namespace Checkpoint.Cli.Commands;

/// <summary>What <c>ckpt validate</c> found out about one file.</summary>
/// <param name="File">As it was named.</param>
/// <param name="Sections">The whole sections.</param>
/// <param name="Tree">What it holds; null when it was not read, or is damaged.</param>
/// <param name="Findings">What was found.</param>
internal sealed record ValidateResult(string File, IReadOnlyList<ImageSection> Sections, ProcessTree? Tree, FindingList Findings)
{
    /// <summary>Whether it cannot be judged: not there, no image, or of a later version.</summary>
    internal bool IsUnreadable
    {
        get
        {
            foreach (Finding finding in Findings.Kept)
            {
                if (finding.Rule == Rules.InputUnreadable || finding.Rule == Rules.NotAnImage
                    || finding.Rule == Rules.FormatVersion || finding.Rule == Rules.SectionVersion)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>What it is: valid, invalid, unreadable.</summary>
    internal string Verdict => IsUnreadable ? "unreadable" : Findings.CountOf(Severity.Error) > 0 ? "invalid" : "valid";

    /// <summary>The exit code for this file alone.</summary>
    internal int ExitCode => IsUnreadable ? Cli.ExitCode.Input : Findings.CountOf(Severity.Error) > 0 ? Cli.ExitCode.Negative : Cli.ExitCode.Success;

    /// <summary>Whether the bytes are damaged, rather than that they say what cannot be.</summary>
    internal required bool IsDamaged { get; init; }

    /// <summary>Whether the processes were looked for among those that run.</summary>
    internal bool WasComparedWithLive { get; init; }

    /// <summary>Those that still run; null when that cannot be said.</summary>
    internal IReadOnlyList<int>? Running { get; init; }

    /// <summary>What was salvaged; null when nothing was.</summary>
    internal CaptureInfo? Salvaged { get; init; }
}
