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
        string third = diff.RetainedIn is { } tree ? ", " + Quantity.Time(tree.Capture.TimeUnixNs) : "";
        Labelled(report, "compared", $"{names[0]} with {names[1]}{(names.Length > 2 ? ": what is new and " + names[2] + " still has" : "")}");
        Labelled(report, "taken", $"{Quantity.Time(diff.Old.Capture.TimeUnixNs)}, {Quantity.Time(diff.New.Capture.TimeUnixNs)}{third}");
        Labelled(report, "matched", diff.Match == MatchMode.Role
            ? "by role: place in the tree, executable, command line"
            : "by identity: boot, pid, start time");
        foreach (DiffNote note in diff.Notes)
        {
            Labelled(report, "capture", Note(note));
        }

        report.Line();
    }

    /// <summary>A note in a sentence.</summary>
    internal static string Note(DiffNote note) => note switch
    {
        DiffNote.OtherUserNamespace => "user and group ids are not compared: the images were taken in user namespaces that number users differently",
        DiffNote.OtherPidNamespace => "processes are not matched by pid: the images were taken in different pid namespaces",
        _ => note.ToString(),
    };

    /// <summary>Writes the counts.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="summary">The counts.</param>
    internal static void Write(TextReport report, DiffSummary summary)
    {
        foreach ((string kind, string counts) in summary.Lines())
        {
            report.Labelled(kind, counts);
        }

        report.Wrapped(summary.Line(), 6);
    }

    /// <summary>Paths may be long.</summary>
    private static void Labelled(TextReport report, string label, string text)
    {
        const int LabelColumns = 12;
        report.Write(label, TextStyle.Label);
        report.Indent(LabelColumns);
        report.Wrapped(text, LabelColumns);
    }
}
