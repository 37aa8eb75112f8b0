using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using Checkpoint.Linux;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>What a dump did: as a line, in detail, and as JSON.</summary>
internal static class DumpSummary
{
    /// <summary>The summary in one line.</summary>
    /// <param name="tree">What was captured.</param>
    /// <param name="target">What the output is called.</param>
    /// <param name="bytes">Size of the image.</param>
    /// <returns>Printable text.</returns>
    internal static string Line(ProcessTree tree, string target, long bytes)
    {
        CaptureInfo capture = tree.Capture;
        string gaps = tree.Gaps.Count == 0 ? "" : ", " + Quantity.Count(tree.Gaps.Count, "gap");
        string unstable = capture.Stable ? "" : $", tree still changing after {Quantity.Count(capture.Passes, "pass", "passes")}";
        return $"wrote {target}: {TreeTotals.Of(tree).Summary}, {Quantity.Bytes((ulong)bytes)}"
            + $" in {Quantity.Duration(capture.DurationNs)} ({Messages.Escape(capture.Transport)}){gaps}{unstable}";
    }

    /// <summary>One line for each gap and event.</summary>
    /// <param name="tree">What was captured.</param>
    /// <returns>Printable lines.</returns>
    internal static IEnumerable<string> Details(ProcessTree tree)
    {
        foreach (Gap gap in tree.Gaps)
        {
            string thread = gap.Tid == gap.Tgid ? "" : " thread " + ProcessText.Number(gap.Tid);
            yield return $"gap: {ProcessText.Number(gap.Tgid)}{thread}: {KernelNames.Part(gap.Part)} {ErrnoNames.Name(gap.Errno)}";
        }

        foreach (TaskEvent happened in tree.Events)
        {
            string thread = happened.Tid == happened.Tgid ? "" : " thread " + ProcessText.Number(happened.Tid);
            yield return $"event: pass {ProcessText.Number(happened.Pass)}: {ProcessText.Number(happened.Tgid)}{thread} {KernelNames.Event(happened.Kind)}";
        }
    }

    /// <summary>Writes the summary as JSON, schema <c>ckpt.dump/1</c>.</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="tree">What was captured.</param>
    /// <param name="file">Where the image is.</param>
    /// <param name="bytes">Size of the image.</param>
    /// <param name="digest">What identifies the image.</param>
    internal static void WriteJson(Stream output, ProcessTree tree, string file, long bytes, ByteString digest)
    {
        TreeTotals totals = TreeTotals.Of(tree);
        using (Utf8JsonWriter json = JsonValues.Writer(output))
        {
            json.WriteStartObject();
            json.WriteString("schema", "ckpt.dump/1");
            json.WriteBytes("file", new ByteString(FileName.Bytes(file)));
            json.WriteNumber("bytes", bytes);
            json.WriteString("digest", Convert.ToHexStringLower(digest.Span));
            CaptureJson.Write(json, tree.Capture);
            json.WriteNumber("processes", totals.Processes);
            json.WriteNumber("threads", totals.Threads);
            json.WriteNumber("vmas", totals.Vmas);
            json.WriteNumber("resident_bytes", totals.ResidentBytes);
            json.WriteGaps(tree.Gaps);
            json.WriteEvents(tree.Events);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }
}
