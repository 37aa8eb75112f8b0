using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Validation;

/// <summary>Who descends from whom.</summary>
/// <remarks>
/// On a live tree a pid can be used again between two looks: then a process seems to descend from a younger one, the
/// parent's successor. Only where such a change cannot have been, a circle is an error: the root's parent is outside the
/// tree, so nobody watches it; of all others the capture would have told.
/// </remarks>
internal static class ParentRules
{
    internal static void Check(ProcessTree tree, FindingList findings)
    {
        if (TreeRules.Lost(tree, "processes"))
        {
            return;
        }

        Dictionary<int, ProcessEntry> byTgid = new(IdHash.Comparer);
        foreach (ProcessEntry process in tree.Processes)
        {
            byTgid[process.Tgid] = process;
        }

        if (!byTgid.ContainsKey(tree.Capture.RootTgid) && !TreeRules.Lost(tree, "capture"))
        {
            findings.Add(new Finding(Rules.RootMissing, $"the root, process {tree.Capture.RootTgid}, is not among the processes"));
        }

        foreach (ProcessEntry process in tree.Processes)
        {
            CheckParent(tree.Capture.RootTgid, process, byTgid, findings);
        }

        CheckCycles(tree, byTgid, findings);
    }

    private static void CheckParent(int root, ProcessEntry process, Dictionary<int, ProcessEntry> byTgid, FindingList findings)
    {
        if (byTgid.TryGetValue(process.Ppid, out ProcessEntry? parent))
        {
            if (IsYounger(parent, process))
            {
                findings.Add(new Finding(
                    Rules.ParentYounger,
                    $"process {process.Tgid} started at tick {Start(process)}, its parent {parent.Tgid} later, at {Start(parent)}")
                {
                    Tgid = process.Tgid,
                });
            }
        }
        else if (process.Tgid != root)
        {
            findings.Add(new Finding(Rules.ParentOutside, $"process {process.Tgid} has a parent outside the tree: {process.Ppid}") { Tgid = process.Tgid });
        }
    }

    /// <summary>Follows parents from each process; each is passed once, so this takes time in proportion to their number.</summary>
    private static void CheckCycles(ProcessTree tree, Dictionary<int, ProcessEntry> byTgid, FindingList findings)
    {
        HashSet<int> changed = new(IdHash.Comparer);
        foreach (TaskEvent happened in tree.Events)
        {
            _ = changed.Add(happened.Tgid);
        }

        Dictionary<int, int> walkOf = new(byTgid.Count, IdHash.Comparer);
        int walk = 0;
        foreach (ProcessEntry start in tree.Processes)
        {
            walk++;
            ProcessEntry? at = start;
            while (at is not null && walkOf.TryAdd(at.Tgid, walk))
            {
                at = byTgid.GetValueOrDefault(at.Ppid);
            }

            if (at is not null && walkOf[at.Tgid] == walk)
            {
                Report(tree.Capture.RootTgid, at, byTgid, changed, findings);
            }
        }
    }

    private static void Report(int root, ProcessEntry first, Dictionary<int, ProcessEntry> byTgid, HashSet<int> changed, FindingList findings)
    {
        const int Named = 8;
        List<string> names = [];
        ProcessEntry at = first;
        bool canBeReuse = false;
        do
        {
            if (names.Count < Named)
            {
                names.Add($"{at.Tgid}");
            }

            ProcessEntry parent = byTgid[at.Ppid];
            canBeReuse |= IsYounger(parent, at) && (at.Tgid == root || changed.Contains(parent.Tgid));
            at = parent;
        }
        while (at != first);
        if (!canBeReuse)
        {
            string more = names.Count == Named ? "…" : $"{first.Tgid}";
            findings.Add(new Finding(Rules.Cycle, $"processes descend from each other: {string.Join(" below ", names)} below {more}") { Tgid = first.Tgid });
        }
    }

    /// <summary>Where a start time is not known it is 0.</summary>
    private static bool IsYounger(ProcessEntry parent, ProcessEntry child) => Start(child) != 0 && Start(parent) > Start(child);

    private static ulong Start(ProcessEntry process) => process.Leader.StartTimeTicks;
}
