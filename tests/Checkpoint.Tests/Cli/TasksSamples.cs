using System;
using System.Collections.Generic;
using System.Text;
using Checkpoint.Cli.Commands;
using Checkpoint.Model;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Tests.Cli;

/// <summary>Recordings as a transport would answer.</summary>
internal static class TasksSamples
{
    internal const TaskDiagShow Everything = TaskDiagShows.Standard;

    internal static readonly TaskDiagVma Heap = new(
        0x1000, 0x3000, VmaFlags.Read | VmaFlags.Write | VmaFlags.MayRead, 0, 0, 0, 0, 0);

    internal static readonly TaskDiagVma Library = new(
        0x7f00_0000_1000, 0x7f00_0000_2000, VmaFlags.Read | VmaFlags.Exec | VmaFlags.Shared, 0x2000, 0xfe, 0x10, 4711, 0);

    internal static readonly TaskDiagVmaStat Stat = new(8192, 1024, 2048, 3072, 4096, 5120, 6144, 7168, 9216, 1536 << 12);

    internal delegate void Fill(ref TaskDiagWriter writer);

    /// <summary>One message.</summary>
    internal static byte[] Message(uint tid, uint tgid, uint sequence, bool continued, Fill fill)
    {
        byte[] buffer = new byte[256 * 1024];
        TaskDiagWriter writer = new(buffer);
        Assert.True(writer.TryBeginMessage(tid, tgid, sequence));
        fill(ref writer);
        writer.EndMessage(continued);
        return buffer[..writer.Length];
    }

    internal static void Base(ref TaskDiagWriter writer, uint tid, string comm, TaskState state = TaskState.Sleeping, uint tracer = 0)
    {
        Assert.True(writer.TryReserve(TaskDiagAttribute.Base, TaskDiagBase.Size, out Span<byte> room));
        new TaskDiagBase(tid, tid, 1, tracer, 20, 30, state, new TaskComm(Encoding.UTF8.GetBytes(comm))).Write(room);
    }

    internal static void Cred(ref TaskDiagWriter writer)
    {
        Assert.True(writer.TryReserve(TaskDiagAttribute.Cred, TaskDiagCred.Size, out Span<byte> room));
        new TaskDiagCred(0, 1 << 13, 1 << 13, 0x1ff_ffff_ffff, new IdSet(1, 2, 3, 4), new IdSet(5, 6, 7, 8)).Write(room);
    }

    internal static void Counters(ref TaskDiagWriter writer)
    {
        Assert.True(writer.TryReserve(TaskDiagAttribute.Stat, TaskDiagStat.Size, out Span<byte> room));
        new TaskDiagStat(new TaskCounters(11, 12, 13, 14, 15, 16, 17, 18), 2).Write(room);
    }

    internal static void Sizes(ref TaskDiagWriter writer)
    {
        Assert.True(writer.TryReserve(TaskDiagAttribute.Statm, TaskDiagStatm.Size, out Span<byte> room));
        new TaskDiagStatm(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 12, 13, 14, 15).Write(room);
    }

    internal static void Cmdline(ref TaskDiagWriter writer, string text) =>
        Assert.True(writer.TryAdd(TaskDiagAttribute.Cmdline, Encoding.UTF8.GetBytes(text)));

    internal static void Vmas(ref TaskDiagWriter writer, bool withStat)
    {
        Assert.True(writer.TryBeginAttribute(TaskDiagAttribute.Vma, out Span<byte> room));
        TaskDiagVmaWriter vmas = new(room);
        Assert.True(withStat ? vmas.TryAppend(Heap, "[heap]"u8, Stat) : vmas.TryAppend(Heap, "[heap]"u8));
        Assert.True(withStat ? vmas.TryAppend(Library, "/lib/\u001b[31m.so"u8, Stat) : vmas.TryAppend(Library, "/lib/\u001b[31m.so"u8));
        writer.EndAttribute(vmas.Length);
    }

    internal static void Gap(ref TaskDiagWriter writer, CapturePart part, int errno)
    {
        Assert.True(writer.TryReserve(TaskDiagAttribute.ExtGaps, TaskDiagExtGap.Size, out Span<byte> room));
        new TaskDiagExtGap(part, errno).Write(room);
    }

    /// <summary>Two tasks: one with everything, in two messages; one with nothing but itself and a gap.</summary>
    internal static byte[] Rich(TaskDiagShow show = Everything)
    {
        uint sequence = TasksShow.ToSequence(show);
        List<byte> bytes = [];
        bytes.AddRange(Message(100, 100, sequence, continued: true, (ref TaskDiagWriter writer) =>
        {
            Base(ref writer, 100, "a b\n");
            Cred(ref writer);
            Counters(ref writer);
            Sizes(ref writer);
            Cmdline(ref writer, "run\0--to");
            Vmas(ref writer, withStat: true);
        }));
        bytes.AddRange(Message(100, 100, sequence, continued: false, (ref TaskDiagWriter writer) => Vmas(ref writer, withStat: true)));
        bytes.AddRange(Message(101, 100, sequence, continued: false, (ref TaskDiagWriter writer) =>
        {
            Base(ref writer, 101, "other", TaskState.TracingStop, tracer: 7);
            Gap(ref writer, CapturePart.Maps, 13);
        }));
        return [.. bytes];
    }
}
