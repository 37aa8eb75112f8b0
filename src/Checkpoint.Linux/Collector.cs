using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Transports;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux;

/// <summary>Captures a live process tree without stopping it.</summary>
public static class Collector
{
    /// <summary>Captures the tree below one process.</summary>
    /// <param name="options">What to capture.</param>
    /// <param name="cancel">Checked between tasks.</param>
    /// <returns>The tree; what raced or was hidden is in its gaps and events.</returns>
    /// <exception cref="KernelException">The root does not exist or vanished (ESRCH), or <c>/proc</c> cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ProcessTree Collect(CollectOptions options, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        using TransportChoice choice = TransportChoice.Make(
            options.Transport, () => options.WithChildren && TreeSize.IsAtLeast(options.Pid, TransportChoice.LargeRequest), options.TextMaps);
        options.Chosen?.Invoke(choice.Reason);

        // What a thread holds that never comes back from a read is lost, such as a slot of the programs.
        return Collect(
            options, () => new TaskSource(choice.Open(), choice.OpenProcfs()), cancel, choice.MostAtOnce,
            () => new TaskSource(choice.OpenProcfs(), choice.OpenProcfs()));
    }

    /// <summary>Captures by transports of the caller's, instead of the one that the options choose.</summary>
    /// <param name="options">What to capture.</param>
    /// <param name="newSource">Makes a source for one core.</param>
    /// <param name="cancel">Checked between tasks.</param>
    /// <param name="mostAtOnce">How many sources may be made.</param>
    /// <param name="newStandIn">Makes one in place of one that does not come back from a read.</param>
    /// <returns>The tree.</returns>
    internal static ProcessTree Collect(
        CollectOptions options, Func<TaskSource> newSource, CancellationToken cancel, int mostAtOnce = int.MaxValue, Func<TaskSource>? newStandIn = null)
    {
        long wallClock = Libc.Nanoseconds(Libc.CLOCK_REALTIME);
        ReaderNamespaces reader = HostFacts.Reader();
        long bootClock = Libc.Nanoseconds(Libc.CLOCK_BOOTTIME) - reader.BootClockOffsetNs;
        long started = Libc.Nanoseconds(Libc.CLOCK_MONOTONIC);
        CaptureBudget budget = options.Budget ?? new CaptureBudget();
        using TreeWalk walk = new(
            options, () => new ProcessVisitor(newSource(), options, budget), () => new ProcessVisitor((newStandIn ?? newSource)(), options, budget),
            mostAtOnce, budget, cancel);
        walk.Run();
        IReadOnlyList<ProcessEntry> processes = walk.Processes;
        return new ProcessTree
        {
            Capture = HostFacts.Read() with
            {
                TimeUnixNs = wallClock,
                BootTimeNs = bootClock,
                DurationNs = Libc.Nanoseconds(Libc.CLOCK_MONOTONIC) - started,
                RootTgid = walk.RootTgid,
                Transport = walk.Transport.Name,
                VmaSource = VmaSource(walk.Transport, options),
                WithChildren = options.WithChildren,
                WithEnviron = options.WithEnviron,
                WithVmFlags = options.WithVmFlags || walk.Transport.TellsVmFlags,
                WithVmStats = options.WithVmStats,
                Passes = walk.Passes,
                Stable = walk.Stable,
                Reader = reader,
                OwnMasks = walk.Transport.TellsOwnMasks,
            },
            Processes = processes,
            Files = walk.Files,
            Gaps = walk.Gaps,
            Events = walk.Events,
            Users = UserNames.Of(UserIds(processes)),
        };
    }

    private static string VmaSource(TaskDiagTransport transport, CollectOptions options) =>
        (options.WithVmStats || (options.WithVmFlags && !transport.TellsVmFlags))
            && (transport is ProcfsTaskDiag || (transport.Lacks & TaskDiagShow.VmaStat) != 0)
            ? SmapsWalk.SourceName
            : transport.VmaSource;

    private static HashSet<uint> UserIds(IReadOnlyList<ProcessEntry> processes)
    {
        HashSet<uint> ids = [];
        foreach (Credentials credentials in processes.SelectMany(p => p.Threads).Select(t => t.Credentials).OfType<Credentials>().Distinct())
        {
            ids.UnionWith([credentials.Uid.Real, credentials.Uid.Effective, credentials.Uid.Saved, credentials.Uid.FileSystem]);
        }

        return ids;
    }
}
