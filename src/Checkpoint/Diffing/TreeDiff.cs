using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>
/// What differs between two trees. Complete: applied to the old tree it gives the compared content of the new one, whose
/// parts are <see cref="DiffField.OfProcess"/>, <see cref="DiffField.OfThread"/> and the VMAs.
/// </summary>
public sealed record TreeDiff
{
    /// <summary>The old tree.</summary>
    public required ProcessTree Old { get; init; }

    /// <summary>The new tree.</summary>
    public required ProcessTree New { get; init; }

    /// <summary>A third tree, if only what is still there in it is told; else null.</summary>
    public ProcessTree? RetainedIn { get; init; }

    /// <summary>How processes were paired: <see cref="MatchMode.Identity"/> or <see cref="MatchMode.Role"/>.</summary>
    public required MatchMode Match { get; init; }

    /// <summary>
    /// Whether the captured roots are a pair by role for want of anything better: they have neither comm nor executable nor command line
    /// in common, so these may be trees of different programs.
    /// </summary>
    public bool AreRootsUnlike { get; init; }

    /// <summary>Every process of both trees, by its tgid and start time on the new side, or the old one if it went.</summary>
    public required IReadOnlyList<ProcessDiff> Processes { get; init; }

    /// <summary>What was not compared, because of how the images were taken; not a difference.</summary>
    public IReadOnlyList<DiffNote> Notes => Of(Old.Capture, New.Capture);

    /// <summary>Bytes that differences may take when nobody says less: as many as the sections of an image.</summary>
    public const long MaxBytes = 1L << 30;

    /// <summary>Compares two trees.</summary>
    /// <param name="old">The old tree.</param>
    /// <param name="new">The new tree.</param>
    /// <param name="match">How to pair processes.</param>
    /// <param name="maxBytes">How much memory the differences may take.</param>
    /// <returns>The differences; the same for the same trees in whatever order they list processes, threads and files.</returns>
    /// <exception cref="DiffTooLargeException">They would take more.</exception>
    public static TreeDiff Of(ProcessTree old, ProcessTree @new, MatchMode match = MatchMode.Auto, long maxBytes = MaxBytes)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(@new);
        if (match == MatchMode.Auto)
        {
            match = IdentityMatch.IsPossible(old, @new) ? MatchMode.Identity : MatchMode.Role;
        }

        List<ProcessPair> pairs = match == MatchMode.Role ? RoleMatch.Processes(old, @new) : IdentityMatch.Processes(old, @new);
        ProcessComparer comparer = new(new DiffSide(old), new DiffSide(@new), pairs, match == MatchMode.Role, new DiffBudget(maxBytes));
        List<ProcessDiff> processes = new(pairs.Count);
        foreach (ProcessPair pair in pairs)
        {
            processes.Add(comparer.Compare(pair));
        }

        processes.Sort(static (a, b) => Order(a).CompareTo(Order(b)));
        return new TreeDiff { Old = old, New = @new, Match = match, Processes = processes, AreRootsUnlike = match == MatchMode.Role && AreUnlike(Root(old), Root(@new)) };
    }

    private static DiffNote[] Of(CaptureInfo old, CaptureInfo @new)
    {
        bool users = ReaderNamespaces.NumberUsersAlike(old, @new);
        bool processes = old.BootId != @new.BootId || ReaderNamespaces.NumberProcessesAlike(old, @new);
        return (users, processes) switch
        {
            (false, false) => [DiffNote.OtherUserNamespace, DiffNote.OtherPidNamespace],
            (false, true) => [DiffNote.OtherUserNamespace],
            (true, false) => [DiffNote.OtherPidNamespace],
            _ => [],
        };
    }

    /// <summary>The process that a capture was asked for.</summary>
    /// <param name="tree">The tree.</param>
    /// <returns>The process; null if it is not there.</returns>
    public static ProcessEntry? Root(ProcessTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        foreach (ProcessEntry process in tree.Processes)
        {
            if (process.Tgid == tree.Capture.RootTgid)
            {
                return process;
            }
        }

        return null;
    }

    private static bool AreUnlike(ProcessEntry? old, ProcessEntry? @new) =>
        old is not null && @new is not null && old.Leader.Comm != @new.Leader.Comm
        && (old.Exe is null || old.Exe != @new.Exe) && (old.Cmdline is null or { IsEmpty: true } || old.Cmdline != @new.Cmdline);

    private static (int Tgid, ulong Started, bool IsNew) Order(ProcessDiff diff) =>
        (diff.Entry.Tgid, diff.Entry.Leader.StartTimeTicks, diff.New is not null);
}
