using System.Collections.Generic;
using System.Globalization;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>Gaps in one line.</summary>
internal static class GapSummary
{
    /// <summary>Counts gaps by part and reason, such as "3 maps EACCES, 1 exe ENOENT".</summary>
    /// <param name="gaps">The gaps.</param>
    /// <returns>By part, then errno.</returns>
    internal static string Of(IEnumerable<Gap> gaps)
    {
        SortedDictionary<(CapturePart Part, int Errno), int> counts = [];
        foreach (Gap gap in gaps)
        {
            counts[(gap.Part, gap.Errno)] = counts.GetValueOrDefault((gap.Part, gap.Errno)) + 1;
        }

        List<string> parts = [];
        foreach (((CapturePart part, int errno), int count) in counts)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {KernelNames.Part(part)} {ErrnoNames.Name(errno)}"));
        }

        return string.Join(", ", parts);
    }
}
