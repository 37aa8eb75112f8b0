using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>
/// Compares two address spaces of one process by address. Where the kernel cut two neighbours that are alike is not
/// compared: it merges and splits VMAs as it likes. A VMA that overlaps just one of the other side is compared with it as a
/// whole; where a change cut or joined VMAs, only the pieces that differ are told.
/// </summary>
/// <param name="comparer">Compares single VMAs.</param>
internal sealed class SpaceDiff(VmaComparer comparer)
{
    private readonly List<Segment> _segments = [];
    private readonly List<VmaChange> _changes = [];
    private readonly MovedVmas _moved = new(comparer);

    /// <summary>A range that is covered in one way by each side; -1 = not covered.</summary>
    private readonly record struct Segment(ulong Start, ulong End, int Old, int New, VmaAspects Aspects);

    /// <summary>Compares.</summary>
    /// <param name="old">The old VMAs.</param>
    /// <param name="new">The new VMAs.</param>
    /// <returns>The changes by address.</returns>
    public VmaChange[] Compare(ReadOnlySpan<Vma> old, ReadOnlySpan<Vma> @new)
    {
        _segments.Clear();
        _changes.Clear();
        _moved.Clear();
        Sweep(old, @new);
        if (_segments.Count == 0)
        {
            return [];
        }

        Name(old, @new);
        _moved.Pair(old, @new, _changes);
        VmaChange[] changes = [.. _changes];
        Array.Sort(changes, static (a, b) => Place(a).CompareTo(Place(b)));
        return changes;
    }

    private static (ulong Address, bool IsNew) Place(in VmaChange change) => ((change.New ?? change.Old)!.Value.Start, change.New is not null);

    /// <summary>Walks both lists and notes every range that is not covered by two VMAs that are alike from end to end.</summary>
    private void Sweep(ReadOnlySpan<Vma> old, ReadOnlySpan<Vma> @new)
    {
        int i = 0;
        int j = 0;
        ulong from = 0;
        while (i < old.Length && j < @new.Length)
        {
            ref readonly Vma a = ref old[i];
            ref readonly Vma b = ref @new[j];
            ulong aStart = Math.Max(a.Start, from);
            ulong bStart = Math.Max(b.Start, from);
            if (aStart != bStart)
            {
                bool isOld = aStart < bStart;
                ulong end = isOld ? Math.Min(a.End, bStart) : Math.Min(b.End, aStart);
                _segments.Add(new Segment(isOld ? aStart : bStart, end, isOld ? i : -1, isOld ? -1 : j, VmaAspects.None));
                from = end;
            }
            else
            {
                ulong end = Math.Min(a.End, b.End);
                VmaAspects aspects = comparer.Compare(a, b, aStart);
                if (aspects != VmaAspects.None || a.Start != b.Start || a.End != b.End)
                {
                    _segments.Add(new Segment(aStart, end, i, j, aspects));
                }

                from = end;
            }

            i += a.End <= from ? 1 : 0;
            j += b.End <= from ? 1 : 0;
        }

        for (; i < old.Length; i++)
        {
            _segments.Add(new Segment(Math.Max(old[i].Start, from), old[i].End, i, -1, VmaAspects.None));
        }

        for (; j < @new.Length; j++)
        {
            _segments.Add(new Segment(Math.Max(@new[j].Start, from), @new[j].End, -1, j, VmaAspects.None));
        }
    }

    /// <summary>Makes changes of the segments. Those of one VMA are neighbours in the list.</summary>
    private void Name(ReadOnlySpan<Vma> old, ReadOnlySpan<Vma> @new)
    {
        int index = 0;
        while (index < _segments.Count)
        {
            // A group: segments that hang together by the VMAs they are of.
            int end = index + 1;
            while (end < _segments.Count && HangsTogether(_segments[end - 1], _segments[end]))
            {
                end++;
            }

            NameGroup(index, end, old, @new);
            index = end;
        }
    }

    private static bool HangsTogether(Segment one, Segment next) =>
        (one.Old >= 0 && one.Old == next.Old) || (one.New >= 0 && one.New == next.New);

    private void NameGroup(int begin, int end, ReadOnlySpan<Vma> old, ReadOnlySpan<Vma> @new)
    {
        Segment both = default;
        int overlaps = 0;
        for (int k = begin; k < end; k++)
        {
            if (_segments[k] is { Old: >= 0, New: >= 0 } overlap)
            {
                both = overlap;
                overlaps++;
            }
        }

        if (overlaps == 0)
        {
            _moved.Add(_segments[begin].Old, _segments[begin].New);
        }
        else if (overlaps == 1 && (both.Aspects & VmaAspects.File) != 0)
        {
            // Something else at a place that became free.
            _moved.Add(both.Old, -1);
            _moved.Add(-1, both.New);
        }
        else if (overlaps == 1)
        {
            Vma a = old[both.Old];
            Vma b = @new[both.New];
            VmaAspects size = VmaComparer.CompareSizes(a, b);
            bool isMoved = size == VmaAspects.None && a.Start != b.Start;
            Add(a, b, both.Aspects | size | (isMoved ? VmaAspects.Moved : VmaAspects.None));
        }
        else
        {
            for (int k = begin; k < end; k++)
            {
                NamePiece(_segments[k], old, @new);
            }
        }
    }

    private void NamePiece(Segment piece, ReadOnlySpan<Vma> old, ReadOnlySpan<Vma> @new)
    {
        Vma? a = piece.Old < 0 ? null : VmaComparer.Cut(old[piece.Old], piece.Start, piece.End, comparer.Files.OldFile(old[piece.Old]));
        Vma? b = piece.New < 0 ? null : VmaComparer.Cut(@new[piece.New], piece.Start, piece.End, comparer.Files.NewFile(@new[piece.New]));
        if (a is not null && b is not null && (piece.Aspects & VmaAspects.File) == 0)
        {
            if (piece.Aspects != VmaAspects.None)
            {
                Add(a, b, piece.Aspects);
            }

            return;
        }

        if (a is { } gone)
        {
            Add(gone, null, gone.End - gone.Start == old[piece.Old].End - old[piece.Old].Start ? VmaAspects.Unmapped : VmaAspects.Shrunk);
        }

        if (b is { } came)
        {
            Add(null, came, came.End - came.Start == @new[piece.New].End - @new[piece.New].Start ? VmaAspects.Mapped : VmaAspects.Grown);
        }
    }

    private void Add(Vma? old, Vma? @new, VmaAspects aspects) =>
        _changes.Add(new VmaChange(old, @new, aspects, ChangeKind.Vma, comparer.Concerns(old, @new)));
}
