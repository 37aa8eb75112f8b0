using System;
using System.Collections.Generic;
using System.Globalization;
using Checkpoint.Imaging;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>The answer to "what was running": how the image was taken, and the process tree.</summary>
internal static class OverviewText
{
    /// <summary>Writes the overview.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="image">The image, or what of it is shown.</param>
    /// <param name="root">What <see cref="Root"/> says of the whole image.</param>
    internal static void Write(TextReport report, Image image, string root)
    {
        ProcessTree tree = image.Tree;
        report.Labelled("image", Convert.ToHexStringLower(image.File.Digest.Span), image.File.Problem is null ? TextStyle.Plain : TextStyle.Alert);
        WriteHeader(report, image, root);
        report.Line();

        new TextTable(">PID", "USER", "S", ">THR", ">RSS", ">VMAS", "COMMAND").Write(report, Rows(tree, TreeOrder.Of(tree)));
    }

    private static IEnumerable<TextTable.Cell[]> Rows(ProcessTree tree, List<TreeOrder.Line> lines)
    {
        Dictionary<uint, string> users = ProcessText.UserNames(tree);
        foreach (TreeOrder.Line line in lines)
        {
            ProcessEntry process = line.Process;
            ThreadEntry leader = process.Leader;
            yield return
            [
                ProcessText.Number(process.Tgid),
                ProcessText.User(leader, users),
                KernelNames.StateLetter(leader.State),
                ProcessText.Number(process.ThreadCount > 0 ? process.ThreadCount : process.Threads.Count),
                process.Memory is { } memory ? Quantity.ShortBytes(memory.VmRss) : "-",
                process.Space is { } space ? ProcessText.Number(space.Vmas.Length) : "-",
                new TextTable.Cell(
                    line.Branch + ProcessText.Command(process), process.ExeDeleted ? TextStyle.Alert : TextStyle.Plain),
            ];
        }
    }

    private static void WriteHeader(TextReport report, Image image, string root)
    {
        ProcessTree tree = image.Tree;
        CaptureInfo capture = tree.Capture;
        TreeTotals totals = TreeTotals.Of(tree);
        report.Labelled("root", root);
        report.Labelled("host", $"{capture.Host}, Linux {capture.KernelRelease} {capture.Machine}, boot {capture.BootId}");
        report.Labelled("taken", $"{Quantity.Time(capture.TimeUnixNs)} in {Quantity.Duration(capture.DurationNs)}");
        report.Labelled(
            "by",
            $"ckpt {Messages.Escape(capture.ToolVersion)} as uid {capture.Uid}, tasks by {Messages.Escape(capture.Transport)}, "
            + (capture.VmaSource is { } source ? $"VMAs by {Messages.Escape(source)}{(source == "bpf" ? ", each list at one moment" : "")}" : "no VMAs"));
        int changed = ChangedLists(tree);
        report.Labelled(
            "consistency",
            $"{(capture.Stable ? "stable" : "tree still changing")} after {Quantity.Count(capture.Passes, "pass", "passes")}"
            + (changed == 0 ? "" : $", {Quantity.Count(changed, "VMA list")} changed while {(changed == 1 ? "it was" : "they were")} read"),
            capture.Stable && changed == 0 ? TextStyle.Plain : TextStyle.Alert);
        report.Labelled(
            "content",
            $"{totals.Summary}, {Quantity.Bytes(totals.ResidentBytes)} resident"
            + $"{(capture.WithChildren ? "" : ", without children")}{(capture.WithEnviron ? ", with environments" : "")}"
            + $"{(capture.WithVmFlags ? ", with all VMA flags" : "")}{(capture.WithVmStats ? ", with page statistics" : "")}");
        if (capture.Lost.Count > 0)
        {
            report.Labelled("salvaged", "from a damaged image; made up is what stands for section " + Messages.Escape(string.Join(", ", capture.Lost)), TextStyle.Alert);
        }

        if (image.Missing.Count > 0)
        {
            report.Labelled("partial", "of a damaged image; lost is section " + string.Join(", ", image.Missing), TextStyle.Alert);
        }

        WriteNotes(report, "gaps", image.Lacks("gaps"), tree.Gaps.Count, GapSummary.Of(tree.Gaps), TextStyle.Alert);
        WriteNotes(report, "events", image.Lacks("events"), tree.Events.Count, EventSummary(tree.Events), TextStyle.Plain);
    }

    /// <summary>How many there are; of a lost section nobody knows.</summary>
    private static void WriteNotes(TextReport report, string label, bool isLost, int count, string summary, TextStyle style)
    {
        if (isLost)
        {
            report.Labelled(label, "not known: the section is lost", TextStyle.Alert);
        }
        else
        {
            report.Labelled(label, count == 0 ? "none" : ProcessText.Number(count) + ": " + summary, count == 0 ? TextStyle.Plain : style);
        }
    }

    private static int ChangedLists(ProcessTree tree)
    {
        int changed = 0;
        foreach (ProcessEntry process in tree.Processes)
        {
            changed += process.SpaceChanged ? 1 : 0;
        }

        return changed;
    }

    /// <summary>The pid and name of the process that the capture was asked for.</summary>
    /// <param name="image">The whole image.</param>
    /// <returns>Printable text.</returns>
    internal static string Root(Image image)
    {
        foreach (ProcessEntry process in image.Tree.Processes)
        {
            if (process.Tgid == image.Tree.Capture.RootTgid)
            {
                return $"{ProcessText.Number(process.Tgid)} {process.Leader.Comm}";
            }
        }

        return ProcessText.Number(image.Tree.Capture.RootTgid) + (image.Lacks("processes") || image.Lacks("threads") ? " (lost)" : " (not in the image)");
    }

    private static string EventSummary(IReadOnlyList<TaskEvent> events)
    {
        SortedDictionary<TaskEventKind, int> counts = [];
        foreach (TaskEvent happened in events)
        {
            counts[happened.Kind] = counts.GetValueOrDefault(happened.Kind) + 1;
        }

        List<string> parts = [];
        foreach ((TaskEventKind kind, int count) in counts)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {KernelNames.Event(kind)}"));
        }

        return string.Join(", ", parts);
    }
}
