using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>
/// What appeared between a first and a second moment and is still there at a third: the leak question. Of the differences
/// between the first two it keeps processes, threads and memory that the third still has, fields that still have the new
/// value, and sizes that grew and did not fall back, as far as they did not.
/// </summary>
public static class RetainedDiff
{
    /// <summary>Compares three trees.</summary>
    /// <param name="first">The first moment.</param>
    /// <param name="second">The second.</param>
    /// <param name="third">The third.</param>
    /// <param name="match">How to pair processes; automatically means by identity only if that is possible both times.</param>
    /// <param name="maxBytes">How much memory the differences may take.</param>
    /// <returns>Differences from the first to the second moment.</returns>
    public static TreeDiff Of(ProcessTree first, ProcessTree second, ProcessTree third, MatchMode match = MatchMode.Auto, long maxBytes = TreeDiff.MaxBytes)
    {
        // What is retained is a third, but no more than the first.
        long each = maxBytes / 3;
        TreeDiff grown = TreeDiff.Of(first, second, match, each);
        TreeDiff later = TreeDiff.Of(second, third, match, each);
        return grown.Match == later.Match
            ? Of(grown, later)
            : Of(
                grown.Match == MatchMode.Role ? grown : TreeDiff.Of(first, second, MatchMode.Role, each),
                later.Match == MatchMode.Role ? later : TreeDiff.Of(second, third, MatchMode.Role, each));
    }

    /// <summary>Reduces differences to what is retained.</summary>
    /// <param name="grown">From the first to the second moment.</param>
    /// <param name="later">From the second to the third; its old tree is the other's new one.</param>
    /// <returns>Differences from the first to the second moment.</returns>
    /// <exception cref="ArgumentException">The two do not follow one another, or were not found in the same way.</exception>
    public static TreeDiff Of(TreeDiff grown, TreeDiff later)
    {
        ArgumentNullException.ThrowIfNull(grown);
        ArgumentNullException.ThrowIfNull(later);
        if (!ReferenceEquals(grown.New, later.Old) || grown.Match != later.Match)
        {
            throw new ArgumentException("the second differences do not begin where the first end, or pair in another way", nameof(later));
        }

        Dictionary<ProcessEntry, ProcessDiff> next = new(later.Processes.Count, ReferenceEqualityComparer.Instance);
        foreach (ProcessDiff process in later.Processes)
        {
            if (process.Old is { } old)
            {
                next[old] = process;
            }
        }

        List<ProcessDiff> kept = [];
        foreach (ProcessDiff process in grown.Processes)
        {
            // A process that went is nothing that appeared, and what is gone again is not retained.
            if (process.New is { } entry && next.TryGetValue(entry, out ProcessDiff? fate) && fate.New is not null)
            {
                kept.Add(process.Old is null ? process : Retained(process, fate));
            }
        }

        return grown with { Processes = kept, RetainedIn = later.New };
    }

    private static ProcessDiff Retained(ProcessDiff process, ProcessDiff fate)
    {
        Dictionary<ThreadEntry, ThreadDiff> fates = new(ReferenceEqualityComparer.Instance);
        foreach (ThreadDiff thread in process.Threads.Count == 0 ? [] : fate.Threads)
        {
            if (thread.Old is { } old)
            {
                fates.Add(old, thread);
            }
        }

        List<ThreadDiff> threads = [];
        foreach (ThreadDiff thread in process.Threads)
        {
            ThreadDiff? next = thread.New is null ? null : fates.GetValueOrDefault(thread.New);
            if (thread.New is null || next is { New: null })
            {
                continue;
            }

            ThreadDiff retained = thread with { Fields = Retained(thread.Fields, next?.Fields ?? []) };
            if (thread.Old is null || retained.Fields.Count > 0)
            {
                threads.Add(retained);
            }
        }

        return process with
        {
            Fields = Retained(process.Fields, fate.Fields),
            Threads = threads,
            Vmas = Retained(process.Vmas, fate.Vmas),
            Executed = process.Executed && !fate.Executed,
        };
    }

    private static List<FieldChange> Retained(IReadOnlyList<FieldChange> changes, IReadOnlyList<FieldChange> later)
    {
        List<FieldChange> kept = [];
        foreach (FieldChange change in changes)
        {
            FieldValue now = change.New;
            foreach (FieldChange next in later)
            {
                now = next.Field == change.Field ? next.New : now;
            }

            if (change.Field.Kind != ChangeKind.Counter)
            {
                if (now == change.New)
                {
                    kept.Add(change);
                }
            }
            else if (CanFall(change.Field) && change is { Old.IsNumber: true, New.IsNumber: true } && now.IsNumber && Math.Min(change.New.Number, now.Number) > change.Old.Number)
            {
                kept.Add(change with { New = now.Number < change.New.Number ? now : change.New });
            }
        }

        return kept;
    }

    /// <summary>CPU time, faults and peaks only grow, so that they are still there says nothing.</summary>
    private static bool CanFall(DiffField field) => field.Name is "threads" || (field.Format == FieldFormat.Size && field.Name is not ("rss_peak" or "vm_peak"));

    /// <summary>New memory without what the third moment no longer has; a piece that was cut out of the middle leaves two.</summary>
    private static List<VmaChange> Retained(IReadOnlyList<VmaChange> changes, IReadOnlyList<VmaChange> later)
    {
        List<VmaChange> kept = [];
        List<(Vma Gone, Vma? Left)> losses = Losses(later);
        foreach (VmaChange change in changes)
        {
            if (change.New is not { } came || (change.Aspects & ~VmaAspects.Shrunk) == 0)
            {
                continue;
            }

            List<Vma> rest = [came];
            for (int i = FirstAbove(losses, came.Start); i < losses.Count && losses[i].Gone.Start < came.End; i++)
            {
                Subtract(rest, losses[i].Gone, losses[i].Left);
            }

            foreach (Vma piece in rest)
            {
                // What was there before is no news, unless the piece became something else.
                bool isNews = change.Old is not { } old || (change.Aspects & ~(VmaAspects.Grown | VmaAspects.Shrunk)) != 0
                    || piece.End - piece.Start > old.End - old.Start;
                if (isNews)
                {
                    kept.Add(change with { New = piece });
                }
            }
        }

        return kept;
    }

    /// <summary>What was unmapped or cut, by address; old VMAs, and pieces of them, do not overlap.</summary>
    private static List<(Vma Gone, Vma? Left)> Losses(IReadOnlyList<VmaChange> later)
    {
        List<(Vma Gone, Vma? Left)> losses = [];
        foreach (VmaChange change in later)
        {
            if (change.Old is { } gone && (change.Aspects & (VmaAspects.Unmapped | VmaAspects.Shrunk)) != 0)
            {
                losses.Add((gone, change.New));
            }
        }

        losses.Sort(static (a, b) => a.Gone.Start.CompareTo(b.Gone.Start));
        return losses;
    }

    /// <summary>The first loss that ends above an address.</summary>
    private static int FirstAbove(List<(Vma Gone, Vma? Left)> losses, ulong address)
    {
        int low = 0;
        int high = losses.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (losses[middle].Gone.End > address)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    /// <summary>Takes what went of an old VMA from pieces of it, which are in order; of one that was only cut the rest stays.</summary>
    private static void Subtract(List<Vma> pieces, Vma gone, Vma? left)
    {
        for (int i = pieces.Count - 1; i >= 0 && pieces[i].End > gone.Start; i--)
        {
            Vma piece = pieces[i];
            if (piece.Start >= gone.End)
            {
                continue;
            }

            pieces.RemoveAt(i);
            Insert(pieces, i, piece, gone.End, piece.End);
            if (left is { } rest)
            {
                // By role it may lie elsewhere: then only its size tells how much is left.
                ulong start = Overlaps(rest, gone) ? rest.Start : gone.Start;
                Insert(pieces, i, piece, Math.Max(piece.Start, start), Math.Min(piece.End, start + (rest.End - rest.Start)));
            }

            Insert(pieces, i, piece, piece.Start, gone.Start);
        }
    }

    private static bool Overlaps(Vma one, Vma other) => one.Start < other.End && other.Start < one.End;

    private static void Insert(List<Vma> pieces, int index, Vma piece, ulong start, ulong end)
    {
        if (end > start)
        {
            pieces.Insert(index, piece with { Start = start, End = end, Offset = piece.File < 0 ? piece.Offset : piece.Offset + (start - piece.Start) });
        }
    }
}
