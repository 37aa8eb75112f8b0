using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>
/// Compares the address spaces of two runs: VMAs pair by file, offset, kind and order, never by address. How much anonymous
/// memory, heap and stack a run has is a counter of it, and so is in how many pieces: neighbours that are alike are one VMA,
/// and what lies next to what is random. Executable memory is another matter.
/// </summary>
/// <param name="comparer">Compares single VMAs.</param>
internal sealed class SpaceRoleDiff(VmaComparer comparer)
{
    private const VmaFlags Low = VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec | VmaFlags.Shared;
    private const int Steps = 4;

    private readonly List<int> _old = [];
    private readonly List<int> _new = [];
    private readonly WaitingItems<Key> _waiting = new();
    private readonly List<VmaChange> _changes = [];

    /// <summary>What two VMAs must share to be taken for one.</summary>
    private readonly record struct Key(int Name, VmaKind Kind, ulong Offset, VmaFlags Flags, ulong Size)
    {
        public override int GetHashCode() => HashCode.Combine(Name, Kind, IdHash.Of(Offset), Flags, IdHash.Of(Size));
    }

    /// <summary>Compares.</summary>
    /// <param name="old">The old VMAs.</param>
    /// <param name="new">The new VMAs.</param>
    /// <returns>The changes by address.</returns>
    public VmaChange[] Compare(ReadOnlySpan<Vma> old, ReadOnlySpan<Vma> @new)
    {
        if (IsSame(old, @new))
        {
            return [];
        }

        _changes.Clear();
        Fill(_old, old.Length);
        Fill(_new, @new.Length);
        for (int step = 0; step < Steps && _old.Count > 0 && _new.Count > 0; step++)
        {
            PairBy(step, old, @new);
        }

        foreach (int i in _old)
        {
            _changes.Add(new VmaChange(old[i], null, VmaAspects.Unmapped, KindOf(old[i], comparer.Files.OldFile(old[i])), SecurityConcerns.None));
        }

        foreach (int j in _new)
        {
            _changes.Add(new VmaChange(null, @new[j], VmaAspects.Mapped, KindOf(@new[j], comparer.Files.NewFile(@new[j])), comparer.Concerns(null, @new[j])));
        }

        VmaChange[] changes = [.. _changes];
        Array.Sort(changes, static (a, b) => Place(a).CompareTo(Place(b)));
        return changes;
    }

    private static (ulong Address, bool IsNew) Place(in VmaChange change) => ((change.New ?? change.Old)!.Value.Start, change.New is not null);

    private static void Fill(List<int> indexes, int count)
    {
        indexes.Clear();
        for (int i = 0; i < count; i++)
        {
            indexes.Add(i);
        }
    }

    private static bool IsAnonymous(VmaKind kind) => kind is VmaKind.Anon or VmaKind.Guard or VmaKind.Heap or VmaKind.Stack;

    private static ChangeKind KindOf(in Vma vma, MappedFile file) =>
        (vma.Flags & VmaFlags.Exec) == 0 && IsAnonymous(VmaKinds.Of(vma.Flags, file)) ? ChangeKind.Counter : ChangeKind.Vma;

    private static Key? KeyOf(int step, in Vma vma, int name, MappedFile file)
    {
        VmaKind kind = VmaKinds.Of(vma.Flags, file);
        VmaFlags flags = vma.Flags & Low;
        bool isFile = !IsAnonymous(kind);
        return step switch
        {
            0 => new Key(name, kind, vma.Offset, flags, vma.End - vma.Start),
            1 => new Key(name, kind, isFile ? vma.Offset : 0, flags, 0),
            2 => isFile || name >= 0 ? new Key(name, default, isFile ? vma.Offset : 0, 0, 0) : null,
            _ => isFile ? new Key(name, kind, 0, flags, 0) : null,
        };
    }

    /// <summary>Two runs of one program nearly always have the same VMAs in the same order.</summary>
    private bool IsSame(ReadOnlySpan<Vma> old, ReadOnlySpan<Vma> @new)
    {
        if (old.Length != @new.Length)
        {
            return false;
        }

        for (int i = 0; i < old.Length; i++)
        {
            if (comparer.Files.OldName(old[i]) != comparer.Files.NewName(@new[i]) || comparer.CompareElsewhere(old[i], @new[i]) != VmaAspects.None)
            {
                return false;
            }
        }

        return true;
    }

    private void PairBy(int step, ReadOnlySpan<Vma> old, ReadOnlySpan<Vma> @new)
    {
        _waiting.Clear();
        foreach (int i in _old)
        {
            if (KeyOf(step, old[i], comparer.Files.OldName(old[i]), comparer.Files.OldFile(old[i])) is { } key)
            {
                _waiting.Add(key, i);
            }
        }

        HashSet<int> gone = [];
        int kept = 0;
        for (int next = 0; next < _new.Count; next++)
        {
            int j = _new[next];
            if (KeyOf(step, @new[j], comparer.Files.NewName(@new[j]), comparer.Files.NewFile(@new[j])) is { } key
                && _waiting.TryTake(key, out int i))
            {
                gone.Add(i);
                Add(old[i], @new[j]);
            }
            else
            {
                _new[kept++] = j;
            }
        }

        _new.RemoveRange(kept, _new.Count - kept);
        _old.RemoveAll(gone.Contains);
    }

    private void Add(in Vma old, in Vma @new)
    {
        VmaAspects aspects = comparer.CompareElsewhere(old, @new);
        if (aspects == VmaAspects.None)
        {
            return;
        }

        bool isSizeAlone = (aspects & ~(VmaAspects.Grown | VmaAspects.Shrunk)) == 0;
        ChangeKind kind = isSizeAlone ? KindOf(@new, comparer.Files.NewFile(@new)) : ChangeKind.Vma;
        _changes.Add(new VmaChange(old, @new, aspects, kind, comparer.Concerns(old, @new)));
    }
}
