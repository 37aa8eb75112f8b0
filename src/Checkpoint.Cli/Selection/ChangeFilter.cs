using System;
using System.Collections.Generic;
using Checkpoint.Diffing;

namespace Checkpoint.Cli.Selection;

/// <summary>
/// Which differences count. Counters differ between any two runs, so by role they count only when they are asked for, by
/// <c>--only</c> or <c>--tolerance</c>.
/// </summary>
/// <param name="only">Words of which a change must have one; empty = any.</param>
/// <param name="ignore">Words of which it must have none.</param>
/// <param name="tolerances">How far counters may differ.</param>
internal sealed class ChangeFilter(IReadOnlyList<string> only, IReadOnlyList<string> ignore, IReadOnlyList<Tolerance> tolerances)
{
    private readonly HashSet<string> _only = [.. only];
    private readonly HashSet<string> _ignore = [.. ignore];

    private bool AcceptsAll => _only.Count + _ignore.Count + tolerances.Count == 0;

    /// <summary>Whether a field counts.</summary>
    /// <param name="field">The field.</param>
    /// <param name="match">How processes were paired.</param>
    /// <returns>Whether it does, tolerances aside.</returns>
    internal bool Accepts(DiffField field, MatchMode match) => Accepts(field, SecurityConcerns.None, match);

    /// <summary>Reduces differences to those that count.</summary>
    /// <param name="diff">All differences.</param>
    /// <returns>The same when all count.</returns>
    internal TreeDiff Apply(TreeDiff diff)
    {
        if (AcceptsAll && diff.Match == MatchMode.Identity)
        {
            return diff;
        }

        List<ProcessDiff> processes = new(diff.Processes.Count);
        foreach (ProcessDiff process in diff.Processes)
        {
            if (process is { Old: not null, New: not null })
            {
                processes.Add(Apply(process, diff.Match));
            }
            else if (Accepts(ChangeKind.Process, process.Concerns))
            {
                processes.Add(process);
            }
        }

        return diff with { Processes = processes };
    }

    private static List<T> Where<T>(IReadOnlyList<T> items, Predicate<T> wanted)
    {
        List<T> found = [];
        foreach (T item in items)
        {
            if (wanted(item))
            {
                found.Add(item);
            }
        }

        return found;
    }

    private ProcessDiff Apply(ProcessDiff process, MatchMode match)
    {
        List<ThreadDiff> threads = [];
        foreach (ThreadDiff thread in process.Threads)
        {
            if (thread is not { Old: not null, New: not null })
            {
                if (Accepts(ChangeKind.Thread, SecurityConcerns.None))
                {
                    threads.Add(thread);
                }
            }
            else if (Where(thread.Fields, field => Accepts(field, match)) is { Count: > 0 } fields)
            {
                threads.Add(thread with { Fields = fields });
            }
        }

        return process with
        {
            Executed = process.Executed && Accepts(ChangeKind.Exec, SecurityConcerns.None),
            Fields = Where(process.Fields, field => Accepts(field, match)),
            Threads = threads,
            Vmas = Where(process.Vmas, vma => Accepts(vma, match)),
        };
    }

    private bool Accepts(ChangeKind kind, SecurityConcerns concerns)
    {
        string word = ChangeWords.Of(kind);
        bool isSecurity = concerns != SecurityConcerns.None;
        return (_only.Count == 0 || _only.Contains(word) || (isSecurity && _only.Contains(ChangeWords.Security)))
            && !_ignore.Contains(word) && !(isSecurity && _ignore.Contains(ChangeWords.Security));
    }

    private bool Accepts(DiffField field, SecurityConcerns concerns, MatchMode match)
    {
        bool isNamed = _only.Contains(field.Name);
        if (_ignore.Contains(field.Name) || !(isNamed ? !_ignore.Contains(ChangeWords.Of(field.Kind)) : Accepts(field.Kind, concerns)))
        {
            return false;
        }

        return match != MatchMode.Role || field.Kind != ChangeKind.Counter || isNamed
            || _only.Contains(ChangeWords.Of(ChangeKind.Counter)) || ToleranceOf(field) is not null;
    }

    private bool Accepts(FieldChange change, MatchMode match) =>
        Accepts(change.Field, change.Concerns, match)
        && !(ToleranceOf(change.Field) is { } tolerance && change is { Old.IsNumber: true, New.IsNumber: true } && tolerance.Covers(change.Old.Number, change.New.Number));

    private bool Accepts(VmaChange change, MatchMode match)
    {
        bool isNamed = false;
        bool isIgnored = true;
        foreach (string word in ChangeWords.Of(change.Aspects))
        {
            isNamed |= _only.Contains("vma." + word);
            isIgnored &= _ignore.Contains("vma." + word);
        }

        if (isIgnored || !(isNamed ? !_ignore.Contains(ChangeWords.Of(change.Kind)) : Accepts(change.Kind, change.Concerns)))
        {
            return false;
        }

        return match != MatchMode.Role || change.Kind != ChangeKind.Counter || isNamed || _only.Contains(ChangeWords.Of(ChangeKind.Counter));
    }

    private Tolerance? ToleranceOf(DiffField field)
    {
        Tolerance? found = null;
        foreach (Tolerance tolerance in tolerances)
        {
            if (field.Kind == ChangeKind.Counter && (tolerance.Name == field.Name || (found is null && tolerance.Name == ChangeWords.Of(ChangeKind.Counter))))
            {
                found = tolerance;
            }
        }

        return found;
    }
}
