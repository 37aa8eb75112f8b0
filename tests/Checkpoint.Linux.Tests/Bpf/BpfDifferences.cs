using System;
using System.Collections.Generic;
using System.Linq;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Tests.Bpf;

/// <summary>
/// Where BPF and procfs differ and both are right. This is the whole list: what is not here must be equal, byte for byte.
/// </summary>
internal static class BpfDifferences
{
    /// <summary>
    /// The umask of a process whose leader has exited: it lives in what the leader has given up, so <c>status</c> has no line
    /// for it, but the surviving threads have it still, and a program sees those.
    /// </summary>
    internal static ProcessTree WithoutUmaskOfDeadLeaders(ProcessTree tree) => tree with
    {
        Processes = [.. tree.Processes.Select(process => process.Leader.State == TaskState.Zombie ? process with { Umask = null } : process)],
    };

    /// <summary>
    /// What a leader has given up when it exited, and the living threads of its process have still: a program tells it with
    /// the leader. Of procfs, the files of the leader are empty; it looks below the other threads for some of it, when asked
    /// by THREAD or ALL_THREAD, as a capture does, and the umask is in none of them.
    /// </summary>
    /// <param name="type">The attribute.</param>
    /// <param name="leaderIsDead">Whether it is of a process whose leader has exited before its threads.</param>
    internal static bool IsExpected(TaskDiagAttribute type, bool leaderIsDead) => leaderIsDead && type is (
        TaskDiagAttribute.ExtUmask or TaskDiagAttribute.Statm or TaskDiagAttribute.ExtMm or TaskDiagAttribute.ExtExe
        or TaskDiagAttribute.ExtCwd or TaskDiagAttribute.ExtRoot or TaskDiagAttribute.ExtNamespaces);

    /// <summary>The payload without what only a program tells: the count of execs at the end of EXT_SCHED.</summary>
    /// <param name="type">The attribute.</param>
    /// <param name="payload">Its payload.</param>
    internal static ReadOnlySpan<byte> Comparable(TaskDiagAttribute type, ReadOnlySpan<byte> payload) =>
        type == TaskDiagAttribute.ExtSched ? payload[..TaskDiagExtSched.Size] : payload;

    /// <summary>No supplementary groups: an empty list on the wire, or none.</summary>
    /// <param name="type">The attribute.</param>
    /// <param name="length">Bytes of its payload.</param>
    internal static bool SaysNothing(TaskDiagAttribute type, int length) => type == TaskDiagAttribute.ExtGroups && length == 0;

    /// <summary>What is told of VMAs has other forms on the wire (names as numbers of files), so the lists are compared as they are in an image.</summary>
    internal static IReadOnlyList<TaskDiagShow> ComparedInImages { get; } =
        [TaskDiagShow.Vma, TaskDiagShow.ExtBuildIds, TaskDiagShow.ExtPageSizes, TaskDiagShow.ExtFiles, TaskDiagShow.ExtTotalVm];
}
