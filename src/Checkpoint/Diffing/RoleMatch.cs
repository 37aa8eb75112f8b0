using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>
/// Pairs processes by their place in the tree, executable and command line: the captured roots with each other, then,
/// from the top, the children of each pair, the most alike first; what is left over by executable and command line alone,
/// wherever it is. Of several that are alike the first started on one side goes with the first started on the other.
/// </summary>
internal sealed class RoleMatch
{
    private readonly RoleTree _old;
    private readonly RoleTree _new;
    private readonly int[] _partner;
    private readonly bool[] _taken;
    private readonly Queue<(int Old, int New)> _pending = new();
    private readonly WaitingItems<ulong> _waiting = new(IdHash.Comparer);

    private RoleMatch(ProcessTree old, ProcessTree @new)
    {
        RoleNames names = new();
        _old = new RoleTree(old, names);
        _new = new RoleTree(@new, names);
        _partner = [.. Enumerable.Repeat(-1, _old.Processes.Length)];
        _taken = new bool[_new.Processes.Length];
    }

    /// <summary>Pairs the processes of two trees.</summary>
    /// <param name="old">The old tree.</param>
    /// <param name="new">The new tree.</param>
    /// <returns>Every process once.</returns>
    public static List<ProcessPair> Processes(ProcessTree old, ProcessTree @new)
    {
        RoleMatch match = new(old, @new);
        match.Run();
        return match.Pairs();
    }

    /// <summary>Pairs the threads of a process: leader with leader, then by comm, then by position.</summary>
    public static void Threads(ProcessEntry old, ProcessEntry @new, List<(ThreadEntry? Old, ThreadEntry? New)> pairs)
    {
        List<ThreadEntry> left = InOrder(old);
        List<ThreadEntry> right = InOrder(@new);
        if (old.Leader.Tid == old.Tgid && @new.Leader.Tid == @new.Tgid)
        {
            pairs.Add((old.Leader, @new.Leader));
            left.Remove(old.Leader);
            right.Remove(@new.Leader);
        }

        Dictionary<ByteString, Queue<ThreadEntry>> byComm = [];
        foreach (ThreadEntry thread in left)
        {
            (CollectionsMarshal.GetValueRefOrAddDefault(byComm, thread.Comm, out _) ??= new()).Enqueue(thread);
        }

        List<ThreadEntry> leftOver = [];
        HashSet<ThreadEntry> paired = new(ReferenceEqualityComparer.Instance);
        foreach (ThreadEntry thread in right)
        {
            if (byComm.TryGetValue(thread.Comm, out Queue<ThreadEntry>? same) && same.TryDequeue(out ThreadEntry? partner))
            {
                pairs.Add((partner, thread));
                paired.Add(partner);
            }
            else
            {
                leftOver.Add(thread);
            }
        }

        left.RemoveAll(paired.Contains);
        for (int i = 0; i < left.Count || i < leftOver.Count; i++)
        {
            pairs.Add((i < left.Count ? left[i] : null, i < leftOver.Count ? leftOver[i] : null));
        }
    }

    private static List<ThreadEntry> InOrder(ProcessEntry process) => [.. process.Threads.OrderBy(t => t.StartTimeTicks).ThenBy(t => t.Tid)];

    private void Run()
    {
        if (_old.CapturedRoot >= 0 && _new.CapturedRoot >= 0)
        {
            Join(_old.CapturedRoot, _new.CapturedRoot);
        }

        Match(_old.Roots, _new.Roots, RoleTree.KeyCount);
        Descend();
        List<int> left = [.. Enumerable.Range(0, _partner.Length)];
        List<int> right = [.. Enumerable.Range(0, _taken.Length)];
        Match(left, right, RoleTree.TellingKeys);
        Descend();
    }

    private void Descend()
    {
        while (_pending.TryDequeue(out (int Old, int New) pair))
        {
            Match(_old.Children(pair.Old), _new.Children(pair.New), RoleTree.KeyCount);
        }
    }

    private void Match(IReadOnlyList<int> left, IReadOnlyList<int> right, int keys)
    {
        if (left.Count == 0 || right.Count == 0)
        {
            return;
        }

        for (int key = 0; key < keys; key++)
        {
            _waiting.Clear();
            foreach (int index in left)
            {
                if (_partner[index] < 0)
                {
                    _waiting.Add(_old.Key(key, index), index);
                }
            }

            if (_waiting.Count == 0)
            {
                return;
            }

            foreach (int index in right)
            {
                if (!_taken[index] && _waiting.TryTake(_new.Key(key, index), out int partner))
                {
                    Join(partner, index);
                }
            }
        }
    }

    private void Join(int old, int @new)
    {
        _partner[old] = @new;
        _taken[@new] = true;
        _pending.Enqueue((old, @new));
    }

    private List<ProcessPair> Pairs()
    {
        List<ProcessPair> pairs = new(_partner.Length);
        for (int i = 0; i < _partner.Length; i++)
        {
            pairs.Add(new ProcessPair(_old.Processes[i], _partner[i] < 0 ? null : _new.Processes[_partner[i]]));
        }

        for (int i = 0; i < _taken.Length; i++)
        {
            if (!_taken[i])
            {
                pairs.Add(new ProcessPair(null, _new.Processes[i]));
            }
        }

        return pairs;
    }
}
