using System.Collections.Generic;
using System.Globalization;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>Each distinct set of credentials by name, and who has it.</summary>
internal static class CredentialText
{
    /// <summary>Writes the sets.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="tree">The image.</param>
    internal static void Write(TextReport report, ProcessTree tree)
    {
        Dictionary<uint, string> users = ProcessText.UserNames(tree);
        CredentialSets sets = new(tree);
        for (int i = 0; i < sets.Entries.Count; i++)
        {
            if (i > 0)
            {
                report.Line();
            }

            CredentialSets.Entry entry = sets.Entries[i];
            report.Line($"set {i + 1} of {sets.Entries.Count}", TextStyle.Label);
            WriteSet(report, entry.Value, users);
            if (entry.Pids.Count > 0)
            {
                report.Labelled("pids", string.Join(' ', entry.Pids));
            }

            if (entry.Tids.Count > 0)
            {
                List<string> threads = [];
                foreach ((int tgid, int tid) in entry.Tids)
                {
                    threads.Add(string.Create(CultureInfo.InvariantCulture, $"{tid} (of {tgid})"));
                }

                report.Labelled("tids", string.Join(' ', threads));
            }
        }

        WriteUnknown(report, tree);
    }

    private static void WriteSet(TextReport report, Credentials value, Dictionary<uint, string> users)
    {
        report.Labelled("uid", Ids(value.Uid, users));
        report.Labelled("gid", Ids(value.Gid, names: null));
        report.Labelled("groups", value.Groups switch
        {
            null => ProcessText.Unknown,
            [] => "none",
            _ => string.Join(' ', value.Groups),
        });
        report.Labelled("effective", CapabilityNames.Summary(value.CapEffective));
        report.Labelled("permitted", CapabilityNames.Summary(value.CapPermitted));
        report.Labelled("inheritable", CapabilityNames.Summary(value.CapInheritable));
        report.Labelled("bounding", CapabilityNames.Summary(value.CapBounding));
        report.Labelled("ambient", value.CapAmbient is { } ambient ? CapabilityNames.Summary(ambient) : ProcessText.Unknown);
        report.Labelled("seccomp", SeccompText(value));
        report.Labelled("nonewprivs", value.NoNewPrivs switch { null => ProcessText.Unknown, true => "yes", false => "no" });
        report.Labelled("label", value.Label is { } label ? label.ToString() : "none");
    }

    private static string Ids(IdSet ids, Dictionary<uint, string>? names)
    {
        if (ids.Real == ids.Effective && ids.Real == ids.Saved && ids.Real == ids.FileSystem)
        {
            return Id(ids.Real, names);
        }

        return $"real {Id(ids.Real, names)}, effective {Id(ids.Effective, names)}, saved {Id(ids.Saved, names)}, "
            + $"file system {Id(ids.FileSystem, names)}";
    }

    private static string Id(uint id, Dictionary<uint, string>? names) =>
        names is not null && names.TryGetValue(id, out string? name) ? $"{ProcessText.Number(id)} {name}" : ProcessText.Number(id);

    private static string SeccompText(Credentials value)
    {
        if (value.Seccomp is not { } mode)
        {
            return ProcessText.Unknown;
        }

        return value.SeccompFilters is > 0 and uint count
            ? $"{KernelNames.Seccomp(mode)}, {Quantity.Count(count, "filter")}"
            : KernelNames.Seccomp(mode);
    }

    private static void WriteUnknown(TextReport report, ProcessTree tree)
    {
        List<int> unknown = [];
        foreach (ProcessEntry process in tree.Processes)
        {
            foreach (ThreadEntry thread in process.Threads)
            {
                if (thread.Credentials is null)
                {
                    unknown.Add(thread.Tid);
                }
            }
        }

        if (unknown.Count > 0)
        {
            report.Line();
            report.Line("not captured", TextStyle.Alert);
            report.Labelled("tids", string.Join(' ', unknown));
        }
    }
}
