using System.Collections.Generic;
using System.Runtime.InteropServices;
using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>Which numbers of one tree stand for which of the other: pids of paired processes, and the namespaces they are in.</summary>
internal sealed class RoleContext
{
    /// <summary>Inode numbers that the kernel gives the namespaces of the first process (<c>linux/proc_ns.h</c>); network and mount namespaces have none.</summary>
    private const ulong FirstInitial = 0xEFFF_FFFA;

    private const ulong LastInitial = 0xEFFF_FFFF;

    private readonly DiffSide _old;
    private readonly DiffSide _new;
    private readonly bool _oneBoot;
    private readonly Dictionary<int, int> _pids = new(IdHash.Comparer);
    private readonly Dictionary<(DiffField, Inode), Inode> _newOf = [];
    private readonly Dictionary<(DiffField, Inode), Inode> _oldOf = [];

    /// <summary>A namespace's number as part of a key.</summary>
    private readonly record struct Inode(ulong Number)
    {
        public override int GetHashCode() => IdHash.Of(Number);
    }

    /// <summary>Learns from the pairs.</summary>
    public RoleContext(DiffSide old, DiffSide @new, List<ProcessPair> pairs)
    {
        _old = old;
        _new = @new;
        _oneBoot = old.Tree.Capture.BootId == @new.Tree.Capture.BootId;
        Dictionary<(DiffField Field, Inode Old, Inode New), int> seen = [];
        foreach (ProcessPair pair in pairs)
        {
            if (pair is not { Old: { } a, New: { } b })
            {
                continue;
            }

            _pids.TryAdd(a.Tgid, b.Tgid);
            foreach (DiffField field in ProcessFields.All)
            {
                if (field.InRole == RoleRule.Namespace)
                {
                    FieldValue x = field.Get(new DiffSubject(old, a, a.Leader));
                    FieldValue y = field.Get(new DiffSubject(@new, b, b.Leader));
                    if (!x.IsNone && !y.IsNone)
                    {
                        CollectionsMarshal.GetValueRefOrAddDefault(seen, (field, new Inode(x.Number), new Inode(y.Number)), out _)++;
                    }
                }
            }
        }

        LearnNamespaces(seen);
    }

    /// <summary>Whether a field says the same on both sides.</summary>
    public bool IsSame(DiffField field, FieldValue old, FieldValue @new)
    {
        if (old == @new && field.InRole is not (RoleRule.Pid or RoleRule.Namespace))
        {
            return true;
        }

        return field.InRole switch
        {
            RoleRule.Skip => true,
            RoleRule.SameBoot => !_oneBoot,
            RoleRule.Presence => !old.IsNone && !@new.IsNone && (old.Number == 0) == (@new.Number == 0),
            RoleRule.Pid => IsSamePid(old, @new),
            RoleRule.Tracer => (old.Number == 0) == (@new.Number == 0) && IsSamePid(old, @new),
            RoleRule.Namespace => IsSameNamespace(field, old, @new),
            RoleRule.State => IsAtWork(old) && IsAtWork(@new),
            _ => false,
        };
    }

    private static bool IsAtWork(FieldValue state) =>
        (TaskState)state.Number is TaskState.Running or TaskState.Sleeping or TaskState.DiskSleep or TaskState.Idle;

    private static bool IsInitial(ulong inode) => inode is >= FirstInitial and <= LastInitial;

    /// <summary>Keeps for each number the one seen with it most often; of equals the same number, then the lowest.</summary>
    private static void Vote(Dictionary<(DiffField, Inode), Inode> best, DiffField field, Inode from, Inode to, int votes, Dictionary<(DiffField, Inode), int> counts)
    {
        ref int count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, (field, from), out _);
        ref Inode chosen = ref CollectionsMarshal.GetValueRefOrAddDefault(best, (field, from), out bool known);
        if (!known || votes > count || (votes == count && chosen != from && (to == from || to.Number < chosen.Number)))
        {
            chosen = to;
            count = votes;
        }
    }

    private void LearnNamespaces(Dictionary<(DiffField Field, Inode Old, Inode New), int> seen)
    {
        Dictionary<(DiffField, Inode), int> oldCounts = [];
        Dictionary<(DiffField, Inode), int> newCounts = [];
        foreach (((DiffField field, Inode a, Inode b), int votes) in seen)
        {
            Vote(_newOf, field, a, b, votes, oldCounts);
            Vote(_oldOf, field, b, a, votes, newCounts);
        }
    }

    private bool IsSameNamespace(DiffField field, FieldValue old, FieldValue @new) =>
        old.IsNone || @new.IsNone
            ? old == @new
            : _newOf.GetValueOrDefault((field, new Inode(old.Number))).Number == @new.Number && _oldOf.GetValueOrDefault((field, new Inode(@new.Number))).Number == old.Number
                && IsInitial(old.Number) == IsInitial(@new.Number);

    private bool IsSamePid(FieldValue old, FieldValue @new)
    {
        int a = (int)old.Number;
        int b = (int)@new.Number;
        bool inOld = _old.ByTgid.ContainsKey(a);
        bool inNew = _new.ByTgid.ContainsKey(b);
        return inOld && inNew ? _pids.TryGetValue(a, out int partner) && partner == b : inOld == inNew;
    }
}
