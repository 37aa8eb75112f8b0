using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Linux.Transports;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Linux.Tests.Bpf;

/// <summary>All that can be asked of a BPF transport, but for VMA lists, on threads, zombies and a tree.</summary>
internal static class BpfStrategies
{
    /// <summary>Each flag that BPF tells by itself.</summary>
    private static IEnumerable<TaskDiagShow> Flags =>
        Enum.GetValues<TaskDiagShow>().Where(show => (show & BpfTransport.Missing) == 0 && show is not (TaskDiagShow.None or TaskDiagShow.ExtGaps or TaskDiagShow.Hidden))
            .Except(BpfDifferences.ComparedInImages);

    /// <summary>Fails unless it answers every strategy and every flag as procfs does.</summary>
    internal static void AssertSame(TaskDiagTransport bpf)
    {
        using ChildProcess threads = Workload.Start("threads");
        using ChildProcess zombie = Workload.Start("zombie");
        using ChildProcess tree = Workload.Start("tree", "5", "40");
        using ProcfsTaskDiag procfs = new();
        int[] zombies = [.. File.ReadAllText($"/proc/{zombie.Pid}/task/{zombie.Pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        int[] tids = [.. Directory.GetDirectories($"/proc/{threads.Pid}/task").Select(path => int.Parse(Path.GetFileName(path), System.Globalization.CultureInfo.InvariantCulture))];
        HashSet<int> all = [.. Environment.ProcFile.LivingFamily(tree.Pid), threads.Pid, zombie.Pid, .. zombies];
        List<string?> differences = [];
        foreach (TaskDiagShow show in Flags.Append(Flags.Aggregate((a, b) => a | b)).Append(TaskDiagShow.None))
        {
            void Compare(TaskDiagStrategy strategy, int pid, int count, HashSet<int>? among = null) =>
                differences.Add(BpfAgreement.DifferenceOf(procfs, bpf, new TaskDiagRequest(show, strategy, (uint)pid, 1), count, among));
            foreach (int pid in (int[])[.. zombies, .. tids])
            {
                Compare(TaskDiagStrategy.One, pid, 1);
            }

            Compare(TaskDiagStrategy.Thread, threads.Pid, 8);
            Compare(TaskDiagStrategy.Thread, tids.Max(), 8);
            Compare(TaskDiagStrategy.Thread, zombies[0], 1);
            Compare(TaskDiagStrategy.Thread, zombies[1], 2);
            Compare(TaskDiagStrategy.Children, zombie.Pid, 2);
            Compare(TaskDiagStrategy.Children, tree.Pid, 5);
            Compare(TaskDiagStrategy.All, 0, all.Count, all);
            Compare(TaskDiagStrategy.AllThread, 0, all.Count + 8, all);
        }

        differences.RemoveAll(difference => difference is null);
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }
}
