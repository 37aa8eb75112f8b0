using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>Pairs processes by tgid and start time, and threads by tid and start time, both within one boot and for readers in one pid namespace.</summary>
internal static class IdentityMatch
{
    /// <summary>Pairs the processes of two trees.</summary>
    /// <param name="old">The old tree.</param>
    /// <param name="new">The new tree.</param>
    /// <returns>Pairs by ascending tgid and start time.</returns>
    public static List<ProcessPair> Processes(ProcessTree old, ProcessTree @new)
    {
        ProcessEntry[] left = Sorted(old.Processes);
        ProcessEntry[] right = Sorted(@new.Processes);
        bool comparable = SameNumbers(old, @new);
        List<ProcessPair> pairs = new(Math.Max(left.Length, right.Length));
        int i = 0;
        int j = 0;
        while (i < left.Length || j < right.Length)
        {
            int order = i == left.Length ? 1 : j == right.Length ? -1 : Compare(left[i], right[j]);
            if (order == 0 && comparable)
            {
                pairs.Add(new ProcessPair(left[i++], right[j++]));
            }
            else if (order <= 0)
            {
                pairs.Add(new ProcessPair(left[i++], null));
            }
            else
            {
                pairs.Add(new ProcessPair(null, right[j++]));
            }
        }

        return pairs;
    }

    /// <summary>Whether two trees are of one boot, were numbered alike, and have a process in common, or none at all.</summary>
    public static bool IsPossible(ProcessTree old, ProcessTree @new)
    {
        if (!SameNumbers(old, @new))
        {
            return false;
        }

        HashSet<(int, ulong)> known = new(old.Processes.Count);
        foreach (ProcessEntry process in old.Processes)
        {
            known.Add((process.Tgid, process.Leader.StartTimeTicks));
        }

        foreach (ProcessEntry process in @new.Processes)
        {
            if (known.Contains((process.Tgid, process.Leader.StartTimeTicks)))
            {
                return true;
            }
        }

        return old.Processes.Count == 0 && @new.Processes.Count == 0;
    }

    /// <summary>Pairs the threads of a process.</summary>
    /// <param name="old">On the old side.</param>
    /// <param name="new">On the new side.</param>
    /// <param name="pairs">Gets the pairs.</param>
    public static void Threads(ProcessEntry old, ProcessEntry @new, List<(ThreadEntry? Old, ThreadEntry? New)> pairs)
    {
        IReadOnlyList<ThreadEntry> left = InOrder(old.Threads);
        IReadOnlyList<ThreadEntry> right = InOrder(@new.Threads);
        int i = 0;
        int j = 0;
        while (i < left.Count || j < right.Count)
        {
            int order = i == left.Count ? 1 : j == right.Count ? -1 : Compare(left[i], right[j]);
            ThreadEntry? a = order <= 0 ? left[i++] : null;
            ThreadEntry? b = order >= 0 ? right[j++] : null;
            pairs.Add((a, b));
        }
    }

    private static bool SameNumbers(ProcessTree old, ProcessTree @new) =>
        old.Capture.BootId == @new.Capture.BootId && ReaderNamespaces.NumberProcessesAlike(old.Capture, @new.Capture);

    private static ProcessEntry[] Sorted(IReadOnlyList<ProcessEntry> processes)
    {
        ProcessEntry[] sorted = [.. processes];
        Array.Sort(sorted, Compare);
        return sorted;
    }

    private static IReadOnlyList<ThreadEntry> InOrder(IReadOnlyList<ThreadEntry> threads)
    {
        for (int i = 1; i < threads.Count; i++)
        {
            if (Compare(threads[i - 1], threads[i]) > 0)
            {
                ThreadEntry[] sorted = [.. threads];
                Array.Sort(sorted, Compare);
                return sorted;
            }
        }

        return threads;
    }

    private static int Compare(ProcessEntry left, ProcessEntry right) =>
        left.Tgid != right.Tgid ? left.Tgid.CompareTo(right.Tgid) : left.Leader.StartTimeTicks.CompareTo(right.Leader.StartTimeTicks);

    private static int Compare(ThreadEntry left, ThreadEntry right) =>
        left.Tid != right.Tid ? left.Tid.CompareTo(right.Tid) : left.StartTimeTicks.CompareTo(right.StartTimeTicks);
}
