using System;
using System.Collections.Generic;
using System.Linq;
using Checkpoint.Diffing;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Diffing;

/// <summary>Applies differences to the content of the old tree, and compares with the content of the new one.</summary>
internal static class AppliedDiff
{
    /// <summary>What by role is not compared as a plain value.</summary>
    private static readonly string[] NotByRole =
    [
        "ppid", "pgid", "sid", "tty", "tpgid", "state", "flags", "tracer", "sig_pending", "sig_shared_pending", "ns_pids",
        "ns_cgroup", "ns_ipc", "ns_mnt", "ns_net", "ns_pid", "ns_time", "ns_user", "ns_uts", "start_code", "end_code", "start_stack",
        "start_data", "end_data", "start_brk", "arg_start", "arg_end", "env_start", "env_end",
    ];

    /// <summary>By identity: everything.</summary>
    internal static void AssertGives(TreeDiff diff)
    {
        SortedDictionary<(int, ulong), ProcessEntry> old = ByIdentity(diff.Old);
        SortedDictionary<(int, ulong), ProcessEntry> @new = ByIdentity(diff.New);
        foreach (ProcessDiff process in diff.Processes)
        {
            Assert.True(process.Old is null || old.Remove((process.Old.Tgid, process.Old.Leader.StartTimeTicks)));
            Assert.True(process.New is null || @new.Remove((process.New.Tgid, process.New.Leader.StartTimeTicks)));
            if (process is { Old: { } a, New: { } b })
            {
                Assert.Equal((a.Tgid, a.Leader.StartTimeTicks), (b.Tgid, b.Leader.StartTimeTicks));
                AssertSame(ComparedContent.Of(b), Applied(ComparedContent.Of(a), process.Fields), NotTold(a, b));
                AssertThreads(process, a, b, []);
                AssertSame(new ComparedMemory(b.Space, diff.New.Files).Text(), Applied(diff, process, a).Text());
            }
        }

        Assert.Empty(old);
        Assert.Empty(@new);
    }

    /// <summary>Where the kernel told nothing on one side, there is nothing to compare.</summary>
    private static string[] NotTold(ProcessEntry old, ProcessEntry @new) => (old.Layout is null) == (@new.Layout is null)
        ? []
        : ["start_code", "end_code", "start_stack", "start_data", "end_data", "start_brk", "arg_start", "arg_end", "env_start", "env_end"];

    /// <summary>By role: what is compared as a plain value, and VMAs without their addresses.</summary>
    internal static void AssertGivesByRole(TreeDiff diff)
    {
        HashSet<ProcessEntry> old = new(diff.Old.Processes, ReferenceEqualityComparer.Instance);
        HashSet<ProcessEntry> @new = new(diff.New.Processes, ReferenceEqualityComparer.Instance);
        foreach (ProcessDiff process in diff.Processes)
        {
            Assert.True(process.Old is null || old.Remove(process.Old));
            Assert.True(process.New is null || @new.Remove(process.New));
            if (process is { Old: { } a, New: { } b })
            {
                AssertSame(ComparedContent.Of(b), Applied(ComparedContent.Of(a), process.Fields), NotByRole);
                AssertThreads(process, a, b, NotByRole);
                List<string> vmas = Placeless(a.Space?.Vmas.ToArray(), diff.Old.Files);
                Assert.All(Placeless(process.Vmas.Where(v => v.Old is not null).Select(v => v.Old!.Value), diff.Old.Files), gone => Assert.True(vmas.Remove(gone)));
                vmas.AddRange(Placeless(process.Vmas.Where(v => v.New is not null).Select(v => v.New!.Value), diff.New.Files));
                AssertSame(Placeless(b.Space?.Vmas.ToArray(), diff.New.Files), vmas);
            }
        }

        Assert.Empty(old);
        Assert.Empty(@new);
    }

    private static void AssertSame(IReadOnlyCollection<string> expected, IReadOnlyCollection<string> actual)
    {
        Assert.Equal([], expected.Except(actual));
        Assert.Equal([], actual.Except(expected));
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
    }

    private static List<string> Placeless(IEnumerable<Vma>? vmas, IReadOnlyList<MappedFile> files) =>
        [.. (vmas ?? []).Select(v => $"{v with { Start = 0, End = v.End - v.Start, File = 0, Offset = v.Offset }} {(v.File < 0 ? default : files[v.File])}")];

    private static void AssertThreads(ProcessDiff process, ProcessEntry old, ProcessEntry @new, string[] except)
    {
        // What is not in the differences is the same on both sides: by role some thread of the same content.
        List<ThreadEntry> left = [.. old.Threads];
        List<ThreadEntry> right = [.. @new.Threads];
        foreach (ThreadDiff thread in process.Threads)
        {
            Assert.True(thread.Old is null || left.RemoveAll(t => ReferenceEquals(t, thread.Old)) == 1);
            Assert.True(thread.New is null || right.RemoveAll(t => ReferenceEquals(t, thread.New)) == 1);
            if (thread is { Old: { } a, New: { } b })
            {
                AssertSame(ComparedContent.Of(b), Applied(ComparedContent.Of(a), thread.Fields), except);
            }
        }

        Assert.Equal(left.Select(t => Text(t, except)).Order(StringComparer.Ordinal), right.Select(t => Text(t, except)).Order(StringComparer.Ordinal));
    }

    private static string Text(ThreadEntry thread, string[] except) =>
        (except.Length == 0 ? $"{thread.Tid} {thread.StartTimeTicks} " : "") + string.Join(' ', ComparedContent.Of(thread).Where(pair => !except.Contains(pair.Key)));

    private static SortedDictionary<string, string> Applied(SortedDictionary<string, string> content, IReadOnlyList<FieldChange> changes)
    {
        foreach (FieldChange change in changes.Where(change => content.ContainsKey(change.Field.Name)))
        {
            Assert.Equal(content[change.Field.Name], ComparedContent.Of(change.Old));
            content[change.Field.Name] = ComparedContent.Of(change.New);
        }

        return content;
    }

    private static ComparedMemory Applied(TreeDiff diff, ProcessDiff process, ProcessEntry old)
    {
        ComparedMemory memory = new(old.Space, diff.Old.Files);
        foreach (VmaChange change in process.Vmas.Where(change => change.Old is not null))
        {
            memory.Take(change.Old!.Value, diff.Old.Files);
        }

        foreach (VmaChange change in process.Vmas.Where(change => change.New is not null))
        {
            memory.Put(change.New!.Value, diff.New.Files);
        }

        return memory;
    }

    private static void AssertSame(SortedDictionary<string, string> expected, SortedDictionary<string, string> actual, string[] except) =>
        Assert.Equal(expected.Where(pair => !except.Contains(pair.Key)), actual.Where(pair => !except.Contains(pair.Key)));

    private static SortedDictionary<(int, ulong), ProcessEntry> ByIdentity(ProcessTree tree) =>
        new(tree.Processes.ToDictionary(process => (process.Tgid, process.Leader.StartTimeTicks)));
}
