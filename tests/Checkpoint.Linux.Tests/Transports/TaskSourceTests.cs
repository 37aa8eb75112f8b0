using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Checkpoint.Imaging;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Linux.Transports;
using Checkpoint.Model;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Linux.Tests.Transports;

public sealed class TaskSourceTests
{
    private const TaskDiagShow Standard = TaskDiagShow.Base | TaskDiagShow.Vma;

    private static List<TaskDraft> Ask(FakeKernel kernel, TaskSource source, Action answer)
    {
        List<TaskDraft> drafts = [];
        Exception? failure = null;
        Thread other = new(() => failure = Record.Exception(() =>
        {
            _ = kernel.Receive();
            answer();
        }));
        other.Start();
        source.Ask(Standard, TaskDiagStrategy.All, 0, drafts);
        other.Join();
        Assert.Null(failure);
        return drafts;
    }

    private static byte[] Vmas(int from, int count)
    {
        byte[] room = new byte[count * 80];
        TaskDiagVmaWriter writer = new(room);
        for (int i = from; i < from + count; i++)
        {
            Assert.True(writer.TryAppend(new TaskDiagVma { Start = (ulong)(i + 1) << 12, End = (ulong)(i + 2) << 12 }, "name"u8));
        }

        return room[..writer.Length];
    }

    [LinuxFact]
    public void A_task_goes_on_over_messages_and_over_reads()
    {
        using FakeKernel kernel = new();
        using TaskSource source = new(kernel.Open(), new ProcfsTaskDiag());
        List<TaskDraft> drafts = Ask(kernel, source, () =>
        {
            kernel.Send(
                kernel.Message(7, 7, false, kernel.Base(7, 7)),
                kernel.Message(8, 8, true, kernel.Base(8, 8), (TaskDiagAttribute.Vma, Vmas(0, 3))),
                kernel.Message(8, 8, true, (TaskDiagAttribute.Vma, Vmas(3, 2))));
            kernel.Send(kernel.Message(8, 8, true, (TaskDiagAttribute.Vma, Vmas(5, 4))));
            kernel.Send(kernel.Message(8, 8, false, (TaskDiagAttribute.Cmdline, "x"u8.ToArray())), kernel.Message(9, 9, false, kernel.Base(9, 9)));
            kernel.SendEnd();
        });
        Assert.Equal([7, 8, 9], drafts.Select(draft => draft.Tid));
        Assert.Equal(Enumerable.Range(1, 9).Select(page => (ulong)page << 12), source.Vmas.Take(null, out _)!.ToArray().Select(vma => vma.Start));
        Assert.Equal("x"u8.ToArray(), drafts[1].Cmdline!.Value.Span.ToArray());
        Assert.All(drafts, draft => Assert.Empty(draft.Gaps));
    }

    [LinuxFact]
    public void An_end_in_the_middle_of_a_task_is_a_gap_and_the_next_request_is_answered()
    {
        using FakeKernel kernel = new();
        using TaskSource source = new(kernel.Open(), new ProcfsTaskDiag());
        List<TaskDraft> drafts = Ask(kernel, source, () =>
        {
            kernel.Send(kernel.Message(7, 7, false, kernel.Base(7, 7)), kernel.Message(8, 8, true, kernel.Base(8, 8), (TaskDiagAttribute.Vma, Vmas(0, 3))));
            kernel.SendEnd();
        });
        Assert.Empty(drafts[0].Gaps);
        Assert.Equal([new TaskDiagExtGap(CapturePart.Maps, Errno.EIO)], drafts[1].Gaps);
        Assert.Equal(3, source.Vmas.Take(null, out _)!.Length);

        drafts = Ask(kernel, source, () =>
        {
            kernel.Send(kernel.Message(7, 7, false, kernel.Base(7, 7)));
            kernel.SendEnd();
        });
        Assert.Equal([7], drafts.Select(draft => draft.Tid));
        Assert.Null(source.Vmas.Take(null, out _));
        Assert.Equal(1, kernel.Opened);
    }

    [LinuxFact]
    public void An_end_between_tasks_looks_like_the_end()
    {
        using FakeKernel kernel = new();
        using TaskSource source = new(kernel.Open(), new ProcfsTaskDiag());
        List<TaskDraft> drafts = Ask(kernel, source, () =>
        {
            kernel.Send(kernel.Message(7, 7, false, kernel.Base(7, 7)));
            kernel.SendEnd();
        });
        Assert.Equal([7], drafts.Select(draft => draft.Tid));
        Assert.Empty(drafts[0].Gaps);
    }

    [LinuxFact("gcc", Root = true)]
    public void A_kernel_that_knows_the_standard_attributes_alone_gives_the_same_capture()
    {
        using ChildProcess child = Workload.Start("threads");
        using ChildProcess many = Workload.Start("manyvmas", "3000");
        foreach (int pid in (int[])[child.Pid, many.Pid])
        {
            using RecordedQuirks quirks = new();
            CollectOptions options = new() { Pid = pid, WithEnviron = true };
            Environment.ProcFile.WaitUntilQuiet(pid);
            ProcessTree plain = Collector.Collect(options with { Transport = TransportKind.Procfs });
            ProcessTree filled = Collector.Collect(options, () => new TaskSource(quirks.Transport, new ProcfsTaskDiag()), CancellationToken.None);
            Assert.Equal("task-diag", filled.Capture.Transport);
            Assert.Equal(Image(plain), Image(filled with { Capture = plain.Capture }));
            Assert.Null(quirks.Failure);
            Assert.All(quirks.Kernel.Asked, show => Assert.Equal(TaskDiagShow.None, show & ~TaskDiagShows.Standard));
            Assert.True(pid == child.Pid || quirks.Chunks > 10);
        }
    }

    private static byte[] Image(ProcessTree tree)
    {
        using MemoryStream image = new();
        ImageWriter.Write(image, tree);
        return image.ToArray();
    }
}
