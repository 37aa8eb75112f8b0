using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Validation;

/// <summary>Compares an image with what runs now. A process is the same one when pid and start time are, within one boot.</summary>
public static class LiveRules
{
    /// <summary>Looks for the processes of an image among those that run.</summary>
    /// <param name="tree">The image.</param>
    /// <param name="live">What runs.</param>
    /// <param name="findings">Takes what is gone or replaced.</param>
    /// <returns>Pids of the image's processes that still run; null when they cannot be compared, because boot or pid namespace is another.</returns>
    public static IReadOnlyList<int>? Check(ProcessTree tree, LiveTasks live, FindingList findings)
    {
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(live);
        ArgumentNullException.ThrowIfNull(findings);
        if (tree.Capture.BootId != live.BootId)
        {
            findings.Add(new Finding(Rules.LiveBoot, $"taken in boot {tree.Capture.BootId}, this is boot {live.BootId}: pids cannot be compared"));
            return null;
        }

        if (tree.Capture.Reader is { Pid: not 0 } reader && live.PidNamespace != 0 && reader.Pid != live.PidNamespace)
        {
            findings.Add(new Finding(
                Rules.LivePidNamespace, $"taken in pid namespace {reader.Pid}, this is pid namespace {live.PidNamespace}: pids cannot be compared"));
            return null;
        }

        List<int> running = [];
        foreach (ProcessEntry process in tree.Processes)
        {
            ulong start = process.Leader.StartTimeTicks;
            if (!live.StartTimes.TryGetValue(process.Tgid, out ulong now))
            {
                findings.Add(new Finding(Rules.LiveGone, $"process {process.Tgid} ({process.Leader.Comm}) no longer runs") { Tgid = process.Tgid });
            }
            else if (now != start)
            {
                findings.Add(new Finding(
                    Rules.LiveReplaced, $"pid {process.Tgid}, which was {process.Leader.Comm} started at tick {start}, is a process now that started at {now}")
                {
                    Tgid = process.Tgid,
                });
            }
            else
            {
                running.Add(process.Tgid);
            }
        }

        return running;
    }
}
