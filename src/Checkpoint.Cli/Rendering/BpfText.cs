using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text.Json;
using Checkpoint.Linux.Bpf;

namespace Checkpoint.Cli.Rendering;

/// <summary>Pinned programs as lines for people and as JSON for programs.</summary>
internal static class BpfText
{
    /// <summary>Whether this build's programs are among them.</summary>
    internal static bool IsUsable(IReadOnlyList<BpfPinned> pinned)
    {
        foreach (BpfPinned one in pinned)
        {
            if (one.State == BpfPinState.Usable)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes a line for each build that has pinned something, and one that says what to do.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="pinned">What is pinned.</param>
    internal static void Write(TextReport report, IReadOnlyList<BpfPinned> pinned)
    {
        if (pinned.Count > 0)
        {
            TextTable table = new("VERSION", "DIGEST", "PROGRAM", "STATUS");
            List<TextTable.Cell[]> rows = [];
            foreach (BpfPinned one in pinned)
            {
                // A name that this program did not make may hold anything.
                rows.Add(
                [
                    Messages.Escape(one.Version ?? "-"), Messages.Escape(one.Digest ?? "-"),
                    one.ProgramId == 0 ? "-" : one.ProgramId.ToString(CultureInfo.InvariantCulture),
                    new TextTable.Cell($"{Word(one.State)}: {Meaning(one.State)}", one.State == BpfPinState.Usable ? TextStyle.Plain : TextStyle.Alert),
                ]);
            }

            table.Write(report, rows);
        }

        if (!IsUsable(pinned))
        {
            report.Line($"the programs of this build, {BpfPins.OwnVersion} ({BpfPins.OwnDigest}), are not pinned; ckpt bpf install pins them");
        }
    }

    /// <summary>Writes them as JSON, schema <c>ckpt.bpf/1</c>.</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="pinned">What is pinned.</param>
    internal static void WriteJson(Stream output, IReadOnlyList<BpfPinned> pinned)
    {
        using (Utf8JsonWriter json = JsonValues.Writer(output))
        {
            json.WriteStartObject();
            json.WriteString("schema", "ckpt.bpf/1");
            json.WriteString("folder", BpfPins.Folder);
            json.WriteString("version", BpfPins.OwnVersion);
            json.WriteString("digest", BpfPins.OwnDigest);
            json.WriteBoolean("usable", IsUsable(pinned));
            json.WriteStartArray("pinned");
            foreach (BpfPinned one in pinned)
            {
                json.WriteStartObject();
                json.WriteString("version", one.Version);
                json.WriteString("digest", one.Digest);
                json.WriteString("status", Word(one.State));
                WriteNumber(json, "program_id", one.ProgramId);
                WriteNumber(json, "map_id", one.MapId);
                WriteNumber(json, "slots", (uint)one.Slots);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, uint value)
    {
        if (value == 0)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteNumber(name, value);
        }
    }

    private static string Word(BpfPinState state) => state switch
    {
        BpfPinState.Usable => "usable",
        BpfPinState.Stale => "stale",
        BpfPinState.Incomplete => "incomplete",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    private static string Meaning(BpfPinState state) => state switch
    {
        BpfPinState.Usable => "this build's; its runs load nothing",
        BpfPinState.Stale => "another build's; this one does not use them",
        _ => "an installation was cut short; no build uses them",
    };
}
