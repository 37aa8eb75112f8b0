using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>One tree prepared for matching by role: who is below whom, and by which keys each process is known, the strictest first.</summary>
internal sealed class RoleTree
{
    /// <summary>How many keys there are: the whole subtree; exe, command line and comm; exe and comm; exe; command line and comm; comm.</summary>
    public const int KeyCount = 6;

    /// <summary>The keys that are telling enough to find a process elsewhere in the tree.</summary>
    public const int TellingKeys = 2;

    private readonly ulong[][] _keys;
    private readonly List<int>?[] _children;

    /// <summary>Prepares a tree.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="names">Common to both trees.</param>
    public RoleTree(ProcessTree tree, RoleNames names)
    {
        Processes = [.. tree.Processes];
        Array.Sort(Processes, static (a, b) =>
            a.Leader.StartTimeTicks != b.Leader.StartTimeTicks ? a.Leader.StartTimeTicks.CompareTo(b.Leader.StartTimeTicks) : a.Tgid.CompareTo(b.Tgid));
        Dictionary<int, int> byTgid = new(Processes.Length, IdHash.Comparer);
        for (int i = 0; i < Processes.Length; i++)
        {
            byTgid.TryAdd(Processes[i].Tgid, i);
        }

        _children = new List<int>?[Processes.Length];
        for (int i = 0; i < Processes.Length; i++)
        {
            if (byTgid.TryGetValue(Processes[i].Ppid, out int parent) && parent != i)
            {
                (_children[parent] ??= []).Add(i);
            }
            else
            {
                Roots.Add(i);
            }
        }

        CapturedRoot = byTgid.GetValueOrDefault(tree.Capture.RootTgid, -1);
        _keys = new ulong[KeyCount][];
        for (int key = 0; key < KeyCount; key++)
        {
            _keys[key] = new ulong[Processes.Length];
        }

        for (int i = 0; i < Processes.Length; i++)
        {
            SetKeys(i, names);
        }

        SetSubtreeKeys();
    }

    /// <summary>The processes by start time.</summary>
    public ProcessEntry[] Processes { get; }

    /// <summary>Those whose parent is not in the tree.</summary>
    public List<int> Roots { get; } = [];

    /// <summary>The process that the capture was asked for; -1 if it is not there.</summary>
    public int CapturedRoot { get; }

    /// <summary>The children of a process by start time.</summary>
    public IReadOnlyList<int> Children(int index) => _children[index] ?? (IReadOnlyList<int>)[];

    /// <summary>A key of a process.</summary>
    public ulong Key(int key, int index) => _keys[key][index];

    private static ulong Mix(ulong value)
    {
        // The finaliser of MurmurHash3: sums of mixed values tell multisets apart.
        value = (value ^ (value >> 33)) * 0xff51_afd7_ed55_8ccd;
        value = (value ^ (value >> 33)) * 0xc4ce_b9fe_1a85_ec53;
        return value ^ (value >> 33);
    }

    private void SetKeys(int index, RoleNames names)
    {
        ProcessEntry process = Processes[index];
        int exe = names.Text(process.Exe);
        int comm = names.Text(process.Leader.Comm);
        int cmdline = names.Text(process.Cmdline);
        _keys[1][index] = (ulong)names.Key(exe, cmdline, comm);
        _keys[2][index] = (ulong)names.Key(exe, -2, comm);
        _keys[3][index] = (ulong)(exe < 0 ? names.Key(-3, -2, comm) : names.Key(exe, -2, -2));
        _keys[4][index] = (ulong)names.Key(-2, cmdline, comm);
        _keys[5][index] = (ulong)names.Key(-2, -2, comm);
    }

    private void SetSubtreeKeys()
    {
        List<int> order = new(Processes.Length);
        order.AddRange(Roots);
        for (int i = 0; i < order.Count; i++)
        {
            order.AddRange(Children(order[i]));
        }

        // What no root leads to are rings of processes that claim to be each other's parents: they count alone.
        for (int i = 0; i < Processes.Length; i++)
        {
            _keys[0][i] = Mix(_keys[1][i] + 1);
        }

        for (int i = order.Count - 1; i >= 0; i--)
        {
            ulong sum = _keys[0][order[i]];
            foreach (int child in Children(order[i]))
            {
                sum += Mix(_keys[0][child]);
            }

            _keys[0][order[i]] = sum;
        }
    }
}
