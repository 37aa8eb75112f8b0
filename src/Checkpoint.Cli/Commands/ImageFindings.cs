using System.Collections.Generic;
using Checkpoint.Imaging;
using Checkpoint.Model;
using Checkpoint.Validation;

namespace Checkpoint.Cli.Commands;

/// <summary>Makes findings of what the reader of images says; the parts that judge bytes and content do not know each other.</summary>
internal static class ImageFindings
{
    /// <summary>Adds what is wrong with the bytes.</summary>
    /// <param name="check">What the reader says.</param>
    /// <param name="findings">Takes the findings.</param>
    internal static void Add(ImageCheck check, FindingList findings)
    {
        foreach (ImageFormatException problem in check.Problems)
        {
            // An offset within a section is after decompression: no place in the file.
            string place = problem.Section is null ? "" : $"at byte {problem.Offset} of its content: ";
            findings.Add(new Finding(RuleFor(problem.Fault), place + Messages.Escape(problem.What))
            {
                Section = problem.Section,
                Offset = problem.Fault == ImageFault.SectionMissing ? null
                    : problem.Section is null ? problem.Offset
                    : OffsetOf(check.Sections, problem.Section),
            });
        }

        foreach (ImageSection section in check.Unknown)
        {
            findings.Add(new Finding(Rules.SectionUnknown, $"section '{ByteString.FromUtf8(section.Name)}' is not known to this program")
            {
                Section = section.Name,
                Offset = section.Offset,
            });
        }
    }

    /// <summary>Where a finding is.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="sections">Where the sections are.</param>
    /// <returns>Bytes from the start of the file; null when it is not at one place.</returns>
    internal static long? OffsetOf(Finding finding, IReadOnlyList<ImageSection> sections) =>
        finding.Offset ?? (finding.Section is null ? null : OffsetOf(sections, finding.Section));

    private static long? OffsetOf(IReadOnlyList<ImageSection> sections, string name)
    {
        foreach (ImageSection section in sections)
        {
            if (section.Name == name)
            {
                return section.Offset;
            }
        }

        return null;
    }

    private static Rule RuleFor(ImageFault fault) => fault switch
    {
        ImageFault.NotAnImage => Rules.NotAnImage,
        ImageFault.Version => Rules.FormatVersion,
        ImageFault.Truncated => Rules.Truncated,
        ImageFault.Frame => Rules.Frame,
        ImageFault.Limit => Rules.Limit,
        ImageFault.Table => Rules.Table,
        ImageFault.Trailing => Rules.Trailing,
        ImageFault.SectionName => Rules.SectionName,
        ImageFault.SectionVersion => Rules.SectionVersion,
        ImageFault.SectionTwice => Rules.SectionTwice,
        ImageFault.SectionOrder => Rules.SectionOrder,
        ImageFault.SectionMissing => Rules.SectionMissing,
        _ => Rules.SectionContent,
    };
}
