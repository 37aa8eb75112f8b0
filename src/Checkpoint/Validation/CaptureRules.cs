using System;
using System.Linq;
using Checkpoint.Model;

namespace Checkpoint.Validation;

/// <summary>What an image says of itself.</summary>
internal static class CaptureRules
{
    private const int UuidLength = 36;

    internal static void Check(ProcessTree tree, FindingList findings)
    {
        CaptureInfo capture = tree.Capture;
        if (capture.Lost.Count > 0)
        {
            string lost = string.Join(", ", capture.Lost.Select(name => ByteString.FromUtf8(name).ToString()));
            findings.Add(new Finding(Rules.Salvaged, $"salvaged from a damaged image, without {lost}"));
        }

        if (!TreeRules.Lost(tree, "capture"))
        {
            CheckNumbers(capture, findings);
            CheckScope(tree, findings);
        }
    }

    private static void CheckNumbers(CaptureInfo capture, FindingList findings)
    {
        if (capture.ClockTicks == 0)
        {
            findings.Add(new Finding(Rules.CaptureNumbers, "a second has 0 clock ticks"));
        }

        if (capture.Passes < 1)
        {
            findings.Add(new Finding(Rules.CaptureNumbers, $"the tree was enumerated {capture.Passes} times"));
        }

        if (capture.RootTgid < 1)
        {
            findings.Add(new Finding(Rules.CaptureNumbers, $"the root has pid {capture.RootTgid}"));
        }

        // The kernel keeps each of these clocks at 0 or above, also in a time namespace.
        foreach ((string name, long value) in (ReadOnlySpan<(string, long)>)
            [("the wall clock", capture.TimeUnixNs), ("the clock since boot", capture.BootTimeNs), ("the duration", capture.DurationNs)])
        {
            if (value < 0)
            {
                findings.Add(new Finding(Rules.CaptureTime, $"{name} is at {value} ns"));
            }
        }

        if (!IsUuid(capture.BootId.Span))
        {
            findings.Add(new Finding(Rules.BootId, $"boot id '{capture.BootId}' is no UUID"));
        }
    }

    private static void CheckScope(ProcessTree tree, FindingList findings)
    {
        if (!tree.Capture.WithChildren && tree.Processes.Count > 1)
        {
            findings.Add(new Finding(Rules.CaptureScope, $"{tree.Processes.Count} processes were captured, where one was asked for") { Section = "processes" });
        }

        foreach (ProcessEntry process in tree.Processes)
        {
            if (!tree.Capture.WithEnviron && process.Environ is not null)
            {
                findings.Add(new Finding(Rules.CaptureScope, $"process {process.Tgid} has an environment, which was not asked for")
                {
                    Section = "processes",
                    Tgid = process.Tgid,
                });
            }
        }
    }

    private static bool IsUuid(ReadOnlySpan<byte> text)
    {
        bool isUuid = text.Length == UuidLength;
        for (int i = 0; isUuid && i < text.Length; i++)
        {
            isUuid = i is 8 or 13 or 18 or 23 ? text[i] == '-' : char.IsAsciiHexDigit((char)text[i]);
        }

        return isUuid;
    }
}
