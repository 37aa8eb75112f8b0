using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>Compares paired processes.</summary>
internal sealed class ProcessComparer
{
    private readonly DiffSide _old;
    private readonly DiffSide _new;
    private readonly RoleContext? _role;
    private readonly bool _compareEnvironments;
    private readonly bool _compareIds;
    private readonly VmaComparer _vmas;
    private readonly SpaceDiff _spaces;
    private readonly SpaceRoleDiff _roleSpaces;
    private readonly Dictionary<(AddressSpace Old, AddressSpace New), VmaChange[]> _known = [];
    private readonly List<(ThreadEntry? Old, ThreadEntry? New)> _threads = [];
    private readonly List<FieldChange> _fields = [];
    private readonly Dictionary<AddressSpace, SecurityConcerns> _concerns = [];
    private readonly DiffBudget _budget;

    /// <summary>Stands for the list that one side does not have.</summary>
    private static readonly AddressSpace NoSpace = new([]);

    /// <summary>Prepares.</summary>
    /// <param name="old">The old tree.</param>
    /// <param name="new">The new tree.</param>
    /// <param name="pairs">All pairs.</param>
    /// <param name="byRole">How they were found.</param>
    /// <param name="budget">What the differences may take.</param>
    public ProcessComparer(DiffSide old, DiffSide @new, List<ProcessPair> pairs, bool byRole, DiffBudget budget)
    {
        _budget = budget;
        _old = old;
        _new = @new;
        _role = byRole ? new RoleContext(old, @new, pairs) : null;
        _compareEnvironments = old.Tree.Capture.WithEnviron && @new.Tree.Capture.WithEnviron;
        _compareIds = ReaderNamespaces.NumberUsersAlike(old.Tree.Capture, @new.Tree.Capture);
        _vmas = new VmaComparer(new FileRelations(old.Tree, @new.Tree, byRole));
        _spaces = new SpaceDiff(_vmas);
        _roleSpaces = new SpaceRoleDiff(_vmas);
    }

    /// <summary>Compares a pair.</summary>
    public ProcessDiff Compare(ProcessPair pair)
    {
        _budget.Spend(DiffBudget.EntryBytes);
        if (pair is not { Old: { } old, New: { } @new })
        {
            return new ProcessDiff { Old = pair.Old, New = pair.New, Concerns = pair.New is { } came ? Concerns(came) : SecurityConcerns.None };
        }

        uint missing = _old.Missing(old.Tgid, old.Tgid) | _new.Missing(@new.Tgid, @new.Tgid);
        return new ProcessDiff
        {
            Old = old,
            New = @new,
            Fields = Fields(ProcessFields.All, new DiffSubject(_old, old, old.Leader), new DiffSubject(_new, @new, @new.Leader), missing),
            Threads = Threads(old, @new),
            Vmas = (missing & DiffSide.Bit(CapturePart.Maps)) != 0 ? [] : Vmas(old.Space, @new.Space),
            Exited = ProcessDiff.IsExited(@new) && !ProcessDiff.IsExited(old),
            Executed = _role is null && ProgramChange.IsOther(old, @new),
        };
    }

    /// <summary>Forked processes share their list: each is looked at once.</summary>
    private SecurityConcerns Concerns(ProcessEntry came)
    {
        if (came.Space is not { } space)
        {
            return SecurityConcerns.None;
        }

        if (_concerns.TryGetValue(space, out SecurityConcerns concerns))
        {
            return concerns;
        }

        foreach (ref readonly Vma vma in space.Vmas)
        {
            if ((vma.Flags & VmaFlags.Exec) != 0)
            {
                concerns |= VmaComparer.Concerns(vma, _new.File(vma), VmaFlags.None);
            }
        }

        _concerns.Add(space, concerns);
        return concerns;
    }

    private IReadOnlyList<FieldChange> Fields(DiffField[] fields, in DiffSubject old, in DiffSubject @new, uint missing)
    {
        _fields.Clear();
        foreach (DiffField field in fields)
        {
            if ((field.Part is { } part && (missing & DiffSide.Bit(part)) != 0) || (field.Part == CapturePart.Environ && !_compareEnvironments)
                || (field.IsUserOrGroup && !_compareIds))
            {
                continue;
            }

            FieldValue before = field.Get(old);
            FieldValue after = field.Get(@new);
            if (field.IsUnknownWithoutValue && (before.IsNone || after.IsNone))
            {
                continue;
            }

            if (_role is null ? before != after : !_role.IsSame(field, before, after))
            {
                _fields.Add(new FieldChange(field, before, after, SecurityRules.Of(field, before, after, old, @new)));
            }
        }

        _budget.Spend((long)_fields.Count * DiffBudget.FieldChangeBytes);
        return _fields.Count == 0 ? [] : [.. _fields];
    }

    private List<ThreadDiff> Threads(ProcessEntry old, ProcessEntry @new)
    {
        _threads.Clear();
        if (_role is null)
        {
            IdentityMatch.Threads(old, @new, _threads);
        }
        else
        {
            RoleMatch.Threads(old, @new, _threads);
        }

        List<ThreadDiff> changed = [];
        foreach ((ThreadEntry? a, ThreadEntry? b) in _threads)
        {
            IReadOnlyList<FieldChange> fields = a is null || b is null
                ? []
                : Fields(
                    ThreadFields.All, new DiffSubject(_old, old, a), new DiffSubject(_new, @new, b),
                    _old.Missing(old.Tgid, a.Tid) | _new.Missing(@new.Tgid, b.Tid));
            if (fields.Count > 0 || a is null || b is null)
            {
                _budget.Spend(DiffBudget.EntryBytes);
                changed.Add(new ThreadDiff(a, b, fields));
            }
        }

        changed.Sort(static (a, b) => (a.Entry.Tid, a.Entry.StartTimeTicks, a.New is not null).CompareTo((b.Entry.Tid, b.Entry.StartTimeTicks, b.New is not null)));
        return changed;
    }

    /// <summary>Forked processes share their list in an image: each pair of lists is compared once, but counts for each that has it.</summary>
    private VmaChange[] Vmas(AddressSpace? old, AddressSpace? @new)
    {
        (AddressSpace, AddressSpace) pair = (old ?? NoSpace, @new ?? NoSpace);
        if (!_known.TryGetValue(pair, out VmaChange[]? changes))
        {
            changes = Compare(pair.Item1.Vmas, pair.Item2.Vmas);
            _known.Add(pair, changes);
            _budget.Spend((long)changes.Length * DiffBudget.VmaChangeBytes);
        }
        else
        {
            _budget.Spend((long)changes.Length * DiffBudget.KnownVmaChangeBytes);
        }

        return changes;
    }

    private VmaChange[] Compare(ReadOnlySpan<Vma> before, ReadOnlySpan<Vma> after)
    {
        _budget.Work((long)before.Length + after.Length);
        return _role is null ? _spaces.Compare(before, after) : _roleSpaces.Compare(before, after);
    }
}
