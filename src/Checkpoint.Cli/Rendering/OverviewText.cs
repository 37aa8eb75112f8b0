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
    /// <param name="image">The image.</param>
    internal static void Write(TextReport report, Image image)
    {
        ProcessTree tree = image.Tree;
        report.Labelled("image", Convert.ToHexStringLower(image.File.Digest.Span), image.File.Problem is null ? TextStyle.Plain : TextStyle.Alert);
        WriteHeader(report, tree);
        report.Line();

        Dictionary<uint, string> users = ProcessText.UserNames(tree);
        TextTable table = new(">PID", "USER", "S", ">THR", ">RSS", ">VMAS", "COMMAND");
        foreach (TreeOrder.Line line in TreeOrder.Of(tree))
        {
            ProcessEntry process = line.Process;
            ThreadEntry leader = process.Leader;
            table.Add(
                ProcessText.Number(process.Tgid),
                ProcessText.User(leader, users),
                KernelNames.StateLetter(leader.State),
                ProcessText.Number(process.ThreadCount > 0 ? process.ThreadCount : process.Threads.Count),
                process.Memory is { } memory ? Quantity.ShortBytes(memory.VmRss) : "-",
                process.Space is { } space ? ProcessText.Number(space.Vmas.Length) : "-",
                new TextTable.Cell(
                    line.Branch + ProcessText.Command(process), process.ExeDeleted ? TextStyle.Alert : TextStyle.Plain));
        }

        table.Write(report);
    }

    private static void WriteHeader(TextReport report, ProcessTree tree)
    {
        CaptureInfo capture = tree.Capture;
        TreeTotals totals = TreeTotals.Of(tree);
        report.Labelled("root", ProcessText.Number(capture.RootTgid) + RootName(tree));
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

        if (tree.Gaps.Count > 0)
        {
            report.Labelled("gaps", ProcessText.Number(tree.Gaps.Count) + ": " + GapSummary.Of(tree.Gaps), TextStyle.Alert);
        }
        else
        {
            report.Labelled("gaps", "none");
        }

        report.Labelled(
            "events", tree.Events.Count == 0 ? "none" : ProcessText.Number(tree.Events.Count) + ": " + EventSummary(tree.Events));
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

    private static string RootName(ProcessTree tree)
    {
        foreach (ProcessEntry process in tree.Processes)
        {
            if (process.Tgid == tree.Capture.RootTgid)
            {
                return $" {process.Leader.Comm}";
            }
        }

        return " (not in the image)";
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
