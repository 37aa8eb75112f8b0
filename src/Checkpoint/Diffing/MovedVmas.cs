using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>
/// VMAs that overlap none of the other side: those that are alike but for their place have moved, those of one path are the
/// same file or its successor, the rest came or went. Of several that are alike the lowest go with the lowest.
/// </summary>
/// <param name="comparer">Compares single VMAs.</param>
internal sealed class MovedVmas(VmaComparer comparer)
{
    private const VmaFlags Low = VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec | VmaFlags.Shared;

    private readonly List<int> _old = [];
    private readonly List<int> _new = [];
    private readonly WaitingItems<Key> _waiting = new();

    private enum Step
    {
        SameFile,
        SameAnonymous,
        SamePath,
        SamePathElsewhere,
    }

    /// <summary>What two VMAs must share to be taken for one.</summary>
    private readonly record struct Key(int File, ulong Offset, VmaFlags Flags, ulong Size)
    {
        public override int GetHashCode() => HashCode.Combine(File, IdHash.Of(Offset), Flags, IdHash.Of(Size));
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _old.Clear();
        _new.Clear();
    }

    /// <summary>Notes a VMA of one side; -1 = not of this one.</summary>
    public void Add(int old, int @new)
    {
        (old >= 0 ? _old : _new).Add(old >= 0 ? old : @new);
    }

    /// <summary>Pairs what can be paired.</summary>
    /// <param name="old">The old VMAs.</param>
    /// <param name="new">The new VMAs.</param>
    /// <param name="changes">Gets one change for each pair and each VMA without partner.</param>
    public void Pair(ReadOnlySpan<Vma> old, ReadOnlySpan<Vma> @new, List<VmaChange> changes)
    {
        for (Step step = Step.SameFile; step <= Step.SamePathElsewhere && _old.Count > 0 && _new.Count > 0; step++)
        {
            PairBy(step, old, @new, changes);
        }

        foreach (int i in _old)
        {
            changes.Add(new VmaChange(old[i], null, VmaAspects.Unmapped, ChangeKind.Vma, SecurityConcerns.None));
        }

        foreach (int j in _new)
        {
            changes.Add(new VmaChange(null, @new[j], VmaAspects.Mapped, ChangeKind.Vma, comparer.Concerns(null, @new[j])));
        }
    }

    private static Key? KeyOf(Step step, in Vma vma, int id, int name, bool isSpecial) => step switch
    {
        Step.SameFile => id < 0 ? null : isSpecial ? new Key(id, 0, vma.Flags & Low, 0) : new Key(id, vma.Offset, vma.Flags & Low, vma.End - vma.Start),
        Step.SameAnonymous => id >= 0 ? null : new Key(-1, 0, vma.Flags & Low, vma.End - vma.Start),
        Step.SamePath => name < 0 || isSpecial ? null : new Key(name, vma.Offset, vma.Flags & Low, 0),
        _ => name < 0 || isSpecial ? null : new Key(name, 0, vma.Flags & Low, 0),
    };

    private void PairBy(Step step, ReadOnlySpan<Vma> old, ReadOnlySpan<Vma> @new, List<VmaChange> changes)
    {
        _waiting.Clear();
        foreach (int i in _old)
        {
            if (KeyOf(step, old[i], comparer.Files.OldId(old[i]), comparer.Files.OldName(old[i]), comparer.Files.OldFile(old[i]).Inode == 0) is { } key)
            {
                _waiting.Add(key, i);
            }
        }

        // Which of several pieces of anonymous memory went where nobody can tell.
        Dictionary<Key, int>? wanted = step == Step.SameAnonymous ? CountNew(@new) : null;
        HashSet<int> gone = [];
        int kept = 0;
        for (int next = 0; next < _new.Count; next++)
        {
            int j = _new[next];
            if (KeyOf(step, @new[j], comparer.Files.NewId(@new[j]), comparer.Files.NewName(@new[j]), comparer.Files.NewFile(@new[j]).Inode == 0) is { } key
                && (wanted is null || (wanted[key] == 1 && _waiting.IsAlone(key)))
                && _waiting.TryTake(key, out int i))
            {
                gone.Add(i);
                VmaAspects aspects = comparer.CompareElsewhere(old[i], @new[j]) | (old[i].Start == @new[j].Start ? VmaAspects.None : VmaAspects.Moved);
                changes.Add(new VmaChange(old[i], @new[j], aspects, ChangeKind.Vma, comparer.Concerns(old[i], @new[j])));
            }
            else
            {
                _new[kept++] = j;
            }
        }

        _new.RemoveRange(kept, _new.Count - kept);
        _old.RemoveAll(gone.Contains);
    }

    private Dictionary<Key, int> CountNew(ReadOnlySpan<Vma> @new)
    {
        Dictionary<Key, int> counts = [];
        foreach (int j in _new)
        {
            if (KeyOf(Step.SameAnonymous, @new[j], comparer.Files.NewId(@new[j]), -1, isSpecial: false) is { } key)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _)++;
            }
        }

        return counts;
    }
}
