using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using Checkpoint.Linux.Checks;

namespace Checkpoint.Cli.Rendering;

/// <summary>Findings as lines for people and as JSON for programs.</summary>
internal static class CheckText
{
    /// <summary>Writes a line for each finding and, if everything was asked for, one that sums up.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="findings">What was found.</param>
    /// <param name="summary">Whether everything was asked for.</param>
    internal static void Write(TextReport report, IReadOnlyList<CheckFinding> findings, bool summary)
    {
        TextTable table = new("FEATURE", "STATUS", "MEANING");
        List<TextTable.Cell[]> rows = [];
        foreach (CheckFinding finding in findings)
        {
            string remedy = CheckRemedies.For(finding) is { } text ? "; " + text : "";
            rows.Add(
            [
                CheckNames.Id(finding.Feature),
                new TextTable.Cell(CheckNames.Status(finding.Status), finding.Status == CheckStatus.Missing ? TextStyle.Alert : TextStyle.Plain),
                Reason(finding) + remedy,
            ]);
        }

        table.Write(report, rows);
        if (summary)
        {
            report.Line(SystemCheck.CanCapture(findings)
                ? $"a capture is possible, by {string.Join(" or ", Transports(findings))}"
                : "no capture is possible: see procfs and libzstd");
        }
    }

    /// <summary>Writes findings as JSON, schema <c>ckpt.check/1</c>.</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="findings">What was found.</param>
    /// <param name="summary">Whether everything was asked for.</param>
    internal static void WriteJson(Stream output, IReadOnlyList<CheckFinding> findings, bool summary)
    {
        using (Utf8JsonWriter json = JsonValues.Writer(output))
        {
            json.WriteStartObject();
            json.WriteString("schema", "ckpt.check/1");
            if (summary)
            {
                json.WriteBoolean("capture", SystemCheck.CanCapture(findings));
                json.WriteNames("transports", SystemCheck.CanCapture(findings) ? Transports(findings) : []);
            }

            json.WriteStartArray("features");
            foreach (CheckFinding finding in findings)
            {
                json.WriteStartObject();
                json.WriteString("feature", CheckNames.Id(finding.Feature));
                json.WriteString("status", CheckNames.Status(finding.Status));
                json.WriteString("cause", CheckNames.Cause(finding.Cause));
                json.WriteString("needs", finding.Needs is { } needed ? CheckNames.Id(needed) : null);
                json.WriteString("error", finding.Errno == 0 ? null : ErrnoNames.Name(finding.Errno));
                json.WriteString("reason", Reason(finding));
                json.WriteString("remedy", CheckRemedies.For(finding));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static string Reason(CheckFinding finding)
    {
        string meaning = CheckMeanings.Of(finding);
        if (CheckMeanings.Why(finding) is not { } why)
        {
            return meaning;
        }

        string errno = finding.Errno == 0 ? "" : $" ({ErrnoNames.Name(finding.Errno)})";
        return finding.Status == CheckStatus.Ok ? $"{meaning} ({why})" : $"{why}{errno}: {meaning}";
    }

    /// <summary>The transports that work, best first.</summary>
    private static List<string> Transports(IReadOnlyList<CheckFinding> findings)
    {
        List<string> names = [];
        foreach (CheckFinding finding in findings)
        {
            if (finding is { Feature: CheckFeature.TaskDiag or CheckFeature.Bpf or CheckFeature.Procfs, Status: not CheckStatus.Missing })
            {
                names.Add(CheckNames.Id(finding.Feature));
            }
        }

        return names;
    }
}
