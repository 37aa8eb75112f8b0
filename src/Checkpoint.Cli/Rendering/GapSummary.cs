using System.Collections.Generic;
using System.Globalization;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>Gaps in one line.</summary>
internal static class GapSummary
{
    /// <summary>Kinds that are told apart: more than any capture has.</summary>
    private const int MostKinds = 64;

    /// <summary>Counts gaps by part and reason, such as "3 maps EACCES, 1 exe ENOENT".</summary>
    /// <param name="gaps">The gaps.</param>
    /// <returns>By part, then errno.</returns>
    internal static string Of(IEnumerable<Gap> gaps)
    {
        SortedDictionary<(CapturePart Part, int Errno), int> counts = [];
        int others = 0;
        foreach (Gap gap in gaps)
        {
            if (counts.TryGetValue((gap.Part, gap.Errno), out int count) || counts.Count < MostKinds)
            {
                counts[(gap.Part, gap.Errno)] = count + 1;
            }
            else
            {
                others++;
            }
        }

        List<string> parts = [];
        foreach (((CapturePart part, int errno), int of) in counts)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{of} {KernelNames.Part(part)} {ErrnoNames.Name(errno)}"));
        }

        if (others > 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{others} others"));
        }

        return string.Join(", ", parts);
    }
}
