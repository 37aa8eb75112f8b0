using Checkpoint.Diffing;

namespace Checkpoint.Cli.Rendering;

/// <summary>What is compared with what, and the counts by kind.</summary>
internal static class DiffStatText
{
    /// <summary>Writes what is compared, and how.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="diff">The differences.</param>
    /// <param name="names">What the images are called, in order.</param>
    internal static void WriteHeader(TextReport report, TreeDiff diff, string[] names)
    {
        report.Labelled("compared", $"{names[0]} with {names[1]}{(names.Length > 2 ? ": what " + names[2] + " still has" : "")}");
        report.Labelled("taken", $"{Quantity.Time(diff.Old.Capture.TimeUnixNs)} and {Quantity.Time(diff.New.Capture.TimeUnixNs)}");
        report.Labelled("matched", diff.Match == MatchMode.Role
            ? "by role: place in the tree, executable, command line"
            : "by identity: boot, pid, start time");
        report.Line();
    }

    /// <summary>Writes the counts.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="summary">The counts.</param>
    internal static void Write(TextReport report, DiffSummary summary)
    {
        foreach ((string kind, string counts) in summary.Lines())
        {
            report.Labelled(kind, counts);
        }

        report.Line(summary.Line());
    }
}
