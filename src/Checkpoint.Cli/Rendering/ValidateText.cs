using System.Collections.Generic;
using System.IO;
using Checkpoint.Cli.Commands;
using Checkpoint.Validation;

namespace Checkpoint.Cli.Rendering;

/// <summary>The findings of <c>ckpt validate</c> for people: a line for each file, and one for each finding below it.</summary>
internal static class ValidateText
{
    /// <summary>Writes the findings.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="results">The files.</param>
    internal static void Write(TextWriter output, IReadOnlyList<ValidateResult> results)
    {
        foreach (ValidateResult result in results)
        {
            output.WriteLine($"{Messages.Escape(result.File)}: {result.Verdict}{Counts(result)}");
            foreach (Finding finding in result.Findings.Kept)
            {
                string place = (finding.Section, ImageFindings.OffsetOf(finding, result.Sections)) switch
                {
                    (null, null) => "",
                    (null, long offset) => $" at byte {offset}",
                    ({ } section, null) => $" in section {Messages.Escape(section)}",
                    ({ } section, long offset) => $" in section {Messages.Escape(section)} at byte {offset}",
                };
                output.WriteLine($"  {Word(finding.Rule.Severity)} {finding.Rule.Id}{place}: {finding.Message}");
            }

            if (result.Findings.Omitted > 0)
            {
                output.WriteLine($"  and {result.Findings.Omitted} more like these");
            }

            if (result.Running is { } running)
            {
                output.WriteLine($"  {Quantity.Count(running.Count, "process", "processes")} still running");
            }

            if (result.Salvaged is { } salvaged)
            {
                output.WriteLine($"  salvaged without {Messages.Escape(string.Join(", ", salvaged.Lost))}");
            }
        }
    }

    /// <summary>A severity's word.</summary>
    internal static string Word(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "note",
    };

    private static string Counts(ValidateResult result)
    {
        List<string> counts = [];
        foreach (Severity severity in (Severity[])[Severity.Error, Severity.Warning, Severity.Note])
        {
            if (result.Findings.CountOf(severity) is long count and > 0)
            {
                counts.Add(Quantity.Count((int)long.Min(count, int.MaxValue), Word(severity)));
            }
        }

        return counts.Count == 0 ? "" : ", " + string.Join(", ", counts);
    }
}
