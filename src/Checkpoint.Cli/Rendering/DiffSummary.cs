using System;
using System.Collections.Generic;
using System.Globalization;
using Checkpoint.Cli.Selection;
using Checkpoint.Diffing;

namespace Checkpoint.Cli.Rendering;

/// <summary>How much differs.</summary>
internal sealed class DiffSummary
{
    private readonly SortedDictionary<ChangeKind, long> _fields = [];

    /// <summary>Counts.</summary>
    /// <param name="diff">The differences that count.</param>
    /// <param name="withMemory">Whether resident sizes are among what counts.</param>
    internal DiffSummary(TreeDiff diff, bool withMemory)
    {
        Int128 resident = 0;
        foreach (ProcessDiff process in diff.Processes)
        {
            Added += process.Action == ChangeAction.Added ? 1 : 0;
            Removed += process.Action == ChangeAction.Removed ? 1 : 0;
            Changed += process.Action == ChangeAction.Changed ? 1 : 0;
            resident += (Int128)(process.New?.Memory?.VmRss ?? 0) - (process.Old?.Memory?.VmRss ?? 0);
            if (process.Executed)
            {
                _fields[ChangeKind.Exec] = _fields.GetValueOrDefault(ChangeKind.Exec) + 1;
            }

            Count(process.Fields);
            foreach (ThreadDiff thread in process.Threads)
            {
                ThreadsAdded += thread.Action == ChangeAction.Added ? 1 : 0;
                ThreadsRemoved += thread.Action == ChangeAction.Removed ? 1 : 0;
                Count(thread.Fields);
            }

            CountVmas(process);
        }

        ResidentBytes = withMemory ? resident : null;
    }

    /// <summary>Processes that came.</summary>
    internal long Added { get; }

    /// <summary>Processes that went.</summary>
    internal long Removed { get; }

    /// <summary>Processes that changed.</summary>
    internal long Changed { get; }

    /// <summary>Threads that came in processes on both sides.</summary>
    internal long ThreadsAdded { get; }

    /// <summary>Threads that went.</summary>
    internal long ThreadsRemoved { get; }

    /// <summary>VMAs that came, those of processes that came included.</summary>
    internal long VmasAdded { get; private set; }

    /// <summary>VMAs that went.</summary>
    internal long VmasRemoved { get; private set; }

    /// <summary>VMAs that changed.</summary>
    internal long VmasChanged { get; private set; }

    /// <summary>Changed fields by kind, those of threads included.</summary>
    internal IEnumerable<KeyValuePair<ChangeKind, long>> Fields => _fields;

    /// <summary>Sum of the resident sizes, new less old; null when it does not count.</summary>
    internal Int128? ResidentBytes { get; }

    /// <summary>Whether nothing differs.</summary>
    internal bool IsEmpty => Added + Removed + Changed == 0;

    /// <summary>The last line for people.</summary>
    internal string Line()
    {
        string threads = ThreadsAdded + ThreadsRemoved == 0 ? "" : Invariant($"; threads +{ThreadsAdded} -{ThreadsRemoved}");
        string memory = ResidentBytes is { } bytes ? "; RSS " + DiffQuantity.Signed(bytes) : "";
        return Quantity.Count(Added, "process", "processes")
            + Invariant($" added, {Removed} removed, {Changed} changed{threads}; VMAs +{VmasAdded} -{VmasRemoved} ~{VmasChanged}{memory}");
    }

    /// <summary>The counts by kind, one line each.</summary>
    internal IEnumerable<(string Kind, string Counts)> Lines()
    {
        yield return ("process", Invariant($"+{Added} -{Removed} ~{Changed}"));
        if (ThreadsAdded + ThreadsRemoved > 0)
        {
            yield return ("thread", Invariant($"+{ThreadsAdded} -{ThreadsRemoved}"));
        }

        foreach ((ChangeKind kind, long count) in _fields)
        {
            yield return (ChangeWords.Of(kind), Invariant($"~{count}"));
        }

        yield return ("vma", Invariant($"+{VmasAdded} -{VmasRemoved} ~{VmasChanged}"));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Count(IReadOnlyList<FieldChange> changes)
    {
        foreach (FieldChange change in changes)
        {
            _fields[change.Field.Kind] = _fields.GetValueOrDefault(change.Field.Kind) + 1;
        }
    }

    private void CountVmas(ProcessDiff process)
    {
        if (process.Old is null || process.New is null)
        {
            VmasAdded += process.New?.Space?.Vmas.Length ?? 0;
            VmasRemoved += process.Old?.Space?.Vmas.Length ?? 0;
            return;
        }

        foreach (VmaChange change in process.Vmas)
        {
            VmasAdded += (change.Aspects & VmaAspects.Mapped) != 0 ? 1 : 0;
            VmasRemoved += (change.Aspects & VmaAspects.Unmapped) != 0 ? 1 : 0;
            VmasChanged += (change.Aspects & (VmaAspects.Mapped | VmaAspects.Unmapped)) == 0 ? 1 : 0;
        }
    }
}
