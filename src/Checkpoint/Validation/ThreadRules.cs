using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Validation;

/// <summary>What each thread has of its own.</summary>
internal static class ThreadRules
{
    /// <summary>The kernel's longest name, of a worker with what it works on (<c>proc_task_name</c>: 64 bytes with a NUL).</summary>
    private const int CommLength = 63;

    private const int MinNice = -20;

    private const int MaxNice = 19;

    /// <summary>MAX_RT_PRIO - 1.</summary>
    private const uint MaxRealTime = 99;

    internal static void Check(ProcessTree tree, FindingList findings)
    {
        if (TreeRules.Lost(tree, "threads"))
        {
            return;
        }

        HashSet<int> explained = Explained(tree);
        Dictionary<int, (int Tgid, ulong Start)> seen = new(IdHash.Comparer);
        UInt128 end = EndTicks(tree);
        foreach (ProcessEntry process in tree.Processes)
        {
            bool hasLeader = false;
            foreach (ThreadEntry thread in process.Threads)
            {
                hasLeader |= thread.Tid == process.Tgid;
                CheckValues(process, thread, findings);
                CheckUnique(process, thread, seen, findings);
                if (thread.StartTimeTicks > end)
                {
                    findings.Add(Of(Rules.StartTime, process, thread, $"started at tick {thread.StartTimeTicks}, the capture ended at {end}"));
                }
            }

            if (!hasLeader && !explained.Contains(process.Tgid))
            {
                findings.Add(new Finding(Rules.LeaderMissing, $"process {process.Tgid} has no thread {process.Tgid}, its leader, and nothing tells why")
                {
                    Tgid = process.Tgid,
                });
            }
        }
    }

    /// <summary>Processes of which a gap or an event says something, so that a race explains what else is odd about their threads.</summary>
    internal static HashSet<int> Explained(ProcessTree tree)
    {
        HashSet<int> explained = new(IdHash.Comparer);
        foreach (Gap gap in tree.Gaps)
        {
            _ = explained.Add(gap.Tgid);
        }

        foreach (TaskEvent happened in tree.Events)
        {
            _ = explained.Add(happened.Tgid);
        }

        return explained;
    }

    private static void CheckValues(ProcessEntry process, ThreadEntry thread, FindingList findings)
    {
        if (thread.Tid < 1 || thread.TracerPid < 0 || thread.NsPids.AsSpan().ContainsAnyInRange(int.MinValue, -1))
        {
            findings.Add(Of(Rules.ThreadIds, process, thread, $"has tracer {thread.TracerPid} and the ids {string.Join(", ", thread.NsPids)}"));
        }

        if (thread.Comm.Length > CommLength || thread.Comm.Span.Contains((byte)0))
        {
            findings.Add(Of(Rules.Comm, process, thread, $"has a comm of {thread.Comm.Length} bytes, where {CommLength} without NUL are possible"));
        }

        if (thread.Nice is < MinNice or > MaxNice || thread.RtPriority > MaxRealTime)
        {
            findings.Add(Of(Rules.Scheduling, process, thread, $"has nice {thread.Nice} and real-time priority {thread.RtPriority}"));
        }
    }

    private static void CheckUnique(ProcessEntry process, ThreadEntry thread, Dictionary<int, (int Tgid, ulong Start)> seen, FindingList findings)
    {
        if (seen.TryAdd(thread.Tid, (process.Tgid, thread.StartTimeTicks)))
        {
            return;
        }

        (int tgid, ulong start) = seen[thread.Tid];
        findings.Add(start == thread.StartTimeTicks
            ? Of(Rules.TidTwice, process, thread, $"is also a thread of process {tgid}, started at the same tick {start}")
            : Of(Rules.TidReused, process, thread, $"has the tid of a thread of process {tgid}"));
    }

    /// <summary>The tick in which the capture ended, with a second to spare: clocks are read one after the other.</summary>
    private static UInt128 EndTicks(ProcessTree tree)
    {
        const ulong Second = 1_000_000_000;
        CaptureInfo capture = tree.Capture;
        return TreeRules.Lost(tree, "capture") || capture.BootTimeNs < 0 || capture.DurationNs < 0
            ? UInt128.MaxValue
            : ((UInt128)(ulong)capture.BootTimeNs + (ulong)capture.DurationNs + Second) * capture.ClockTicks / Second;
    }

    private static Finding Of(Rule rule, ProcessEntry process, ThreadEntry thread, string what) =>
        new(rule, $"thread {thread.Tid} of process {process.Tgid} {what}") { Tgid = process.Tgid, Tid = thread.Tid };
}
