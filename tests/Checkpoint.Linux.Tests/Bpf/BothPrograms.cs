using System;
using System.Collections.Generic;
using Checkpoint.Linux.Bpf;
using Checkpoint.Linux.Transports;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Tests.Bpf;

/// <summary>The program that one call runs, and those of iterators, for what both must tell.</summary>
internal sealed class BothPrograms : IDisposable
{
    private readonly BpfProgram _called = BpfLoader.Load(BpfProgram.DefaultSlots);
    private readonly BpfProgram _iterators = BpfLoader.LoadIterators(BpfProgram.DefaultSlots);

    /// <summary>What an image says of where VMAs come from, and how to open a transport that knows no names yet.</summary>
    internal IEnumerable<(string VmaSource, Func<TaskDiagTransport> Open)> Transports =>
        [("bpf", () => new BpfTaskDiag(_called, new BuildIdCache())), ("bpf-iter", () => new BpfIterTaskDiag(_iterators, new BuildIdCache()))];

    /// <summary>What each tells of some tasks.</summary>
    /// <param name="show">What.</param>
    /// <param name="strategy">Of which tasks.</param>
    /// <param name="pid">Whose.</param>
    internal IEnumerable<List<TaskDraft>> Ask(TaskDiagShow show, TaskDiagStrategy strategy, int pid)
    {
        foreach ((_, Func<TaskDiagTransport> open) in Transports)
        {
            using TaskSource source = new(open(), new ProcfsTaskDiag());
            List<TaskDraft> drafts = [];
            source.Ask(show, strategy, pid, drafts);
            yield return drafts;
        }
    }

    /// <summary>Captures by each.</summary>
    /// <param name="options">What.</param>
    internal IEnumerable<Model.ProcessTree> Collect(CollectOptions options)
    {
        foreach ((_, Func<TaskDiagTransport> open) in Transports)
        {
            yield return Collector.Collect(options, () => new TaskSource(open(), new ProcfsTaskDiag()), default);
        }
    }

    /// <summary>Fails unless each gives the image that procfs gives.</summary>
    /// <param name="pid">The root of a quiet tree.</param>
    /// <returns>The images.</returns>
    internal List<Model.ProcessTree> AssertSameImage(int pid)
    {
        List<Model.ProcessTree> trees = [];
        foreach ((string vmaSource, Func<TaskDiagTransport> open) in Transports)
        {
            trees.Add(BpfAgreement.AssertSameImage(
                pid, vmaSource, options => Collector.Collect(options, () => new TaskSource(open(), new ProcfsTaskDiag()), default)));
        }

        return trees;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _called.Dispose();
        _iterators.Dispose();
    }
}
