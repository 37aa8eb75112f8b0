using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Checkpoint.Imaging;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Model;
using Checkpoint.Validation;
using Xunit;

namespace Checkpoint.Linux.Tests.Races;

public sealed class StormTests
{
    private const int Captures = 200;

    [LinuxFact("gcc")]
    public void Trees_that_fork_exec_and_exit_hundreds_of_times_a_second_are_captured_200_times_over()
    {
        using ChildProcess storm = Workload.Start("storm", "600");
        Dictionary<TaskEventKind, int> events = [];
        int fds = OpenFiles();
        for (int i = 0; i < Captures; i++)
        {
            ProcessTree tree = Collector.Collect(new CollectOptions { Pid = storm.Pid, TextMaps = i % 4 == 3, WithEnviron = true });
            AssertWhole(tree, storm.Pid);
            AssertSurvivesTheImage(tree);
            AssertNoErrors(tree);
            foreach (TaskEvent happened in tree.Events)
            {
                events[happened.Kind] = events.GetValueOrDefault(happened.Kind) + 1;
            }
        }

        Assert.All(Enum.GetValues<TaskEventKind>(), kind => Assert.True(events.GetValueOrDefault(kind) > 0, $"never a {kind}"));
        Assert.True(OpenFiles() < fds + (Captures / 4), "file descriptors are left open");
        Assert.Equal("0", ProcFile.Status(storm.Pid, "TracerPid"));
    }

    [LinuxFact("gcc")]
    public void The_program_gives_a_valid_image_of_a_storm_and_says_what_happened()
    {
        using TempFolder folder = new();
        using ChildProcess storm = Workload.Start("storm", "600");
        int events = 0;
        for (int i = 0; i < 10; i++)
        {
            JsonElement image = Ckpt.DumpAndInspect(storm.PidText, folder["storm.ckpt"], "--force");
            Assert.Contains(image.GetProperty("processes").EnumerateArray(), process => process.GetProperty("pid").GetInt32() == storm.Pid);
            Ckpt.Run("validate", folder["storm.ckpt"], "-q").Expect(0);
            events += image.GetProperty("events").GetArrayLength();
        }

        Assert.True(events > 0);
        Assert.Equal(["storm.ckpt"], folder.Names);
    }

    private static void AssertWhole(ProcessTree tree, int root)
    {
        Assert.Equal(root, tree.Capture.RootTgid);
        ProcessEntry entry = tree.Processes.Single(process => process.Tgid == root);
        Assert.Equal("storm", entry.Leader.Comm.ToString());
        Assert.NotNull(entry.Space);
        Assert.True(tree.Capture.Stable || tree.Capture.Passes == new CollectOptions { Pid = root }.MaxPasses);
        Assert.Equal(tree.Processes.Select(process => process.Tgid).Order().Distinct(), tree.Processes.Select(process => process.Tgid));
        foreach (ProcessEntry process in tree.Processes)
        {
            Assert.NotEmpty(process.Threads);
            Assert.Equal(process.Threads.Select(thread => thread.Tid).Order().Distinct(), process.Threads.Select(thread => thread.Tid));
            Assert.All(process.Threads, thread => Assert.True(thread.StartTimeTicks >= entry.Leader.StartTimeTicks));
            AssertSorted(process);
        }

        // Whatever is missing raced: nothing here is hidden from us.
        Assert.All(tree.Gaps, gap => Assert.True(gap.IsExit, gap.ToString()));
        AssertEventsAddUp(tree);
    }

    /// <summary>However it raced, no rule may call it impossible.</summary>
    private static void AssertNoErrors(ProcessTree tree)
    {
        FindingList findings = new();
        TreeRules.Check(tree, findings);
        Assert.DoesNotContain(findings.Kept, finding => finding.Rule.Severity == Severity.Error);
    }

    private static void AssertSorted(ProcessEntry process)
    {
        ulong end = 0;
        foreach (Vma vma in process.Space is null ? [] : process.Space.Vmas)
        {
            Assert.True(vma.Start >= end && vma.End > vma.Start, $"{process.Tgid}: {vma.Start:x}-{vma.End:x} after {end:x}");
            end = vma.End;
        }
    }

    /// <summary>What appeared is in the image, unless it is said to have gone too; what is in the image and gone is said once.</summary>
    private static void AssertEventsAddUp(ProcessTree tree)
    {
        HashSet<(int, ulong)> captured = tree.Processes.SelectMany(process => process.Threads).Select(thread => (thread.Tid, thread.StartTimeTicks)).ToHashSet();
        HashSet<(int, ulong)> exited = tree.Events.Where(happened => happened.Kind == TaskEventKind.Exited).Select(happened => (happened.Tid, happened.StartTimeTicks)).ToHashSet();
        foreach (TaskEvent happened in tree.Events)
        {
            Assert.InRange(happened.Pass, 1, tree.Capture.Passes);
            if (happened.Kind == TaskEventKind.Appeared)
            {
                (int, ulong) task = (happened.Tid, happened.StartTimeTicks);
                Assert.True(captured.Contains(task) || exited.Contains(task) || exited.Contains((happened.Tid, 0)), $"{happened} is neither captured nor gone");
            }
        }

        (int Tid, ulong)[] twice = tree.Events.Where(happened => happened.Kind == TaskEventKind.Exited && happened.StartTimeTicks != 0)
            .GroupBy(happened => (happened.Tid, happened.StartTimeTicks)).Where(group => group.Count() > 1).Select(group => group.Key).ToArray();
        Assert.Empty(twice);
    }

    private static void AssertSurvivesTheImage(ProcessTree tree)
    {
        using MemoryStream first = new();
        ImageWriter.Write(first, tree);
        first.Position = 0;
        ProcessTree read = ImageReader.Read(first);
        Assert.Equal(tree.Events, read.Events);
        Assert.Equal(tree.Gaps, read.Gaps);
        Assert.Equal(tree.Processes.Count, read.Processes.Count);
        using MemoryStream second = new();
        ImageWriter.Write(second, read);
        Assert.True(first.ToArray().AsSpan().SequenceEqual(second.ToArray()));
    }

    private static int OpenFiles() => Directory.GetFileSystemEntries("/proc/self/fd").Length;
}
