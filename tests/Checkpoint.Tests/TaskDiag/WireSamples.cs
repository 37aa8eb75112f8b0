using System;
using Checkpoint.Model;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Tests.TaskDiag;

/// <summary>Values of any bits and streams of every attribute, from a seed.</summary>
internal static class WireSamples
{
    public static ulong U64(Random random) => (ulong)random.NextInt64(long.MinValue, long.MaxValue);

    public static uint U32(Random random) => (uint)random.NextInt64(1L << 32);

    public static int S32(Random random) => (int)U32(random);

    /// <summary>Bytes without NUL.</summary>
    public static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)random.Next(1, 256);
        }

        return bytes;
    }

    public static TaskDiagBase Base(Random random) => new(
        U32(random), U32(random), U32(random), U32(random), U32(random), U32(random),
        (TaskState)random.Next(9), new TaskComm(Bytes(random, random.Next(16))));

    public static IdSet Ids(Random random) => new(U32(random), U32(random), U32(random), U32(random));

    public static TaskDiagCred Cred(Random random) => new(U64(random), U64(random), U64(random), U64(random), Ids(random), Ids(random));

    public static TaskDiagStat Stat(Random random) => new(
        new TaskCounters(
            U64(random), U64(random), U64(random), U64(random), U64(random), U64(random), U64(random), U64(random)),
        U32(random));

    public static TaskDiagStatm Statm(Random random) => new(
        U64(random), U64(random), U64(random), U64(random), U64(random), U64(random), U64(random), U64(random),
        U64(random), U64(random), U64(random), U64(random), U64(random), U64(random), U64(random), U64(random));

    public static TaskDiagVma Vma(Random random) => new(
        U64(random), U64(random), (VmaFlags)U64(random), U64(random), U32(random), U32(random), U64(random), U32(random));

    public static TaskDiagVmaStat VmaStat(Random random) => new(
        U64(random), U64(random), U64(random), U64(random), U64(random), U64(random), U64(random), U64(random),
        U64(random), U64(random), U64(random), U64(random), U64(random), U64(random), U64(random), U64(random));

    public static TaskDiagExtSched Sched(Random random) => new(
        U64(random), U32(random), S32(random), S32(random), S32(random), S32(random),
        U32(random), U32(random), S32(random), S32(random), S32(random));

    public static TaskDiagExtMm Mm(Random random) => new(new MemoryLayout(
        U64(random), U64(random), U64(random), U64(random), U64(random),
        U64(random), U64(random), U64(random), U64(random), U64(random)));

    public static TaskDiagExtSecurity Security(Random random) => new(
        random.Next(2) == 0 ? U64(random) : null, random.Next(2) == 0 ? random.Next(2) == 0 : null,
        random.Next(2) == 0 ? U32(random) : null, random.Next(2) == 0 ? U32(random) : null);

    public static TaskDiagExtSignals Signals(Random random) => new(new SignalSets(
        U64(random), U64(random), U64(random), U64(random), U64(random)));

    public static TaskDiagExtNamespaces Namespaces(Random random) => new(new Namespaces(
        U64(random), U64(random), U64(random), U64(random), U64(random), U64(random), U64(random), U64(random)));

    public static TaskDiagExtGap Gap(Random random) => new((CapturePart)random.Next(13), S32(random));

    public static TaskDiagExtPageSize PageSize(Random random) => new(U64(random), U64(random));

    public static TaskDiagExtTotalVm TotalVm(Random random) => new(U64(random));

    /// <summary>Two messages of one task with every attribute there is and VMA records of every shape.</summary>
    public static byte[] Stream(int seed)
    {
        Random random = new(seed);
        byte[] buffer = new byte[4096];
        TaskDiagWriter writer = new(buffer);
        Assert.True(writer.TryBeginMessage(U32(random), U32(random), 7));
        Base(random).Write(Reserve(ref writer, TaskDiagAttribute.Base, TaskDiagBase.Size));
        Cred(random).Write(Reserve(ref writer, TaskDiagAttribute.Cred, TaskDiagCred.Size));
        Stat(random).Write(Reserve(ref writer, TaskDiagAttribute.Stat, TaskDiagStat.Size));
        Statm(random).Write(Reserve(ref writer, TaskDiagAttribute.Statm, TaskDiagStatm.Size));
        Bytes(random, 13).CopyTo(Reserve(ref writer, TaskDiagAttribute.Cmdline, 13));
        writer.EndMessage(continued: true);
        Assert.True(writer.TryBeginMessage(U32(random), U32(random), 7));
        Assert.True(writer.TryBeginAttribute(TaskDiagAttribute.Vma, out Span<byte> room));
        TaskDiagVmaWriter vmas = new(room);
        Assert.True(vmas.TryAppend(Vma(random), "/usr/lib/libc.so.6"u8));
        Assert.True(vmas.TryAppend(Vma(random), []));
        Assert.True(vmas.TryAppend(Vma(random), "[heap]"u8, VmaStat(random)));
        writer.EndAttribute(vmas.Length);
        Sched(random).Write(Reserve(ref writer, TaskDiagAttribute.ExtSched, TaskDiagExtSched.Size));
        Mm(random).Write(Reserve(ref writer, TaskDiagAttribute.ExtMm, TaskDiagExtMm.Size));
        Security(random).Write(Reserve(ref writer, TaskDiagAttribute.ExtSecurity, TaskDiagExtSecurity.Size));
        Signals(random).Write(Reserve(ref writer, TaskDiagAttribute.ExtSignals, TaskDiagExtSignals.Size));
        TaskDiagUInt32List.Write([4, 24, 27], Reserve(ref writer, TaskDiagAttribute.ExtGroups, 12));
        TaskDiagUInt32List.Write([4711, 1], Reserve(ref writer, TaskDiagAttribute.ExtNsPids, 8));
        TaskDiagExtExe exe = new("/bin/cat"u8, deleted: true);
        exe.Write(Reserve(ref writer, TaskDiagAttribute.ExtExe, exe.Size));
        Assert.True(writer.TryAdd(TaskDiagAttribute.ExtCwd, "/home"u8));
        Assert.True(writer.TryAdd(TaskDiagAttribute.ExtEnviron, "A=1\0B=2\0"u8));
        Namespaces(random).Write(Reserve(ref writer, TaskDiagAttribute.ExtNamespaces, TaskDiagExtNamespaces.Size));
        Stat(random).Write(Reserve(ref writer, TaskDiagAttribute.ExtGroupStat, TaskDiagStat.Size));
        Gap(random).Write(Reserve(ref writer, TaskDiagAttribute.ExtGaps, TaskDiagExtGap.Size));
        TaskDiagUInt32List.Write([0x12], Reserve(ref writer, TaskDiagAttribute.ExtUmask, 4));
        Span<byte> records = Reserve(ref writer, TaskDiagAttribute.ExtBuildIds, 2 * TaskDiagExtBuildId.Size);
        new TaskDiagExtBuildId(U64(random), U32(random), 0, false, Bytes(random, 20)).Write(records);
        new TaskDiagExtBuildId(U64(random), U32(random), 0, true, Bytes(random, 8)).Write(records[TaskDiagExtBuildId.Size..]);
        records = Reserve(ref writer, TaskDiagAttribute.ExtPageSizes, 2 * TaskDiagExtPageSize.Size);
        PageSize(random).Write(records);
        PageSize(random).Write(records[TaskDiagExtPageSize.Size..]);
        TaskDiagExtFile named = new(U32(random), U32(random), U32(random), U64(random), Bytes(random, random.Next(9)));
        named.Write(Reserve(ref writer, TaskDiagAttribute.ExtFiles, named.Size));
        TotalVm(random).Write(Reserve(ref writer, TaskDiagAttribute.ExtTotalVm, TaskDiagExtTotalVm.Size));
        writer.EndMessage(continued: false);
        return buffer[..writer.Length];
    }

    /// <summary>Decodes everything a stream holds, as the collector does.</summary>
    /// <returns>A sum over what was seen, and how many attributes and VMA records.</returns>
    public static (ulong Sum, int Items) Decode(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 0;
        int items = 0;
        TaskDiagReader reader = new(bytes);
        while (reader.NextMessage())
        {
            sum += reader.Pid + reader.Tgid + reader.Sequence + (reader.Continued ? 1u : 0u);
            while (reader.NextAttribute())
            {
                items++;
                sum += DecodeAttribute(reader.Type, reader.Payload, ref items);
            }
        }

        return (sum, items);
    }

    private static ulong DecodeAttribute(TaskDiagAttribute type, ReadOnlySpan<byte> payload, ref int items)
    {
        ulong sum = 0;
        switch (type)
        {
            case TaskDiagAttribute.Base:
                TaskComm comm = TaskDiagBase.Read(payload).Comm;
                return (ulong)comm.Span.Length;
            case TaskDiagAttribute.Cred:
                return TaskDiagCred.Read(payload).CapEffective;
            case TaskDiagAttribute.Stat or TaskDiagAttribute.ExtGroupStat:
                return TaskDiagStat.Read(payload).Threads;
            case TaskDiagAttribute.Statm:
                return TaskDiagStatm.Read(payload).StackVm;
            case TaskDiagAttribute.Vma:
                TaskDiagVmaReader vmas = new(payload);
                while (vmas.Next())
                {
                    items++;
                    sum += vmas.Current.Start + (ulong)vmas.Name.Length + (vmas.HasStat ? vmas.Stat.PssShifted + vmas.Stat.SwapPss : 0);
                }

                return sum;
            case TaskDiagAttribute.ExtSched:
                return TaskDiagExtSched.Read(payload).StartTimeTicks;
            case TaskDiagAttribute.ExtMm:
                return TaskDiagExtMm.Read(payload).Layout.EnvEnd;
            case TaskDiagAttribute.ExtSecurity:
                return TaskDiagExtSecurity.Read(payload).CapAmbient.GetValueOrDefault();
            case TaskDiagAttribute.ExtSignals:
                return TaskDiagExtSignals.Read(payload).Sets.Caught;
            case TaskDiagAttribute.ExtGroups or TaskDiagAttribute.ExtNsPids or TaskDiagAttribute.ExtUmask:
                TaskDiagUInt32List list = new(payload);
                for (int i = 0; i < list.Count; i++)
                {
                    sum += list[i];
                }

                return sum;
            case TaskDiagAttribute.ExtExe:
                TaskDiagExtExe exe = TaskDiagExtExe.Read(payload);
                return (ulong)exe.Path.Length + (exe.Deleted ? 1u : 0u);
            case TaskDiagAttribute.ExtNamespaces:
                return TaskDiagExtNamespaces.Read(payload).Inodes.Uts;
            case TaskDiagAttribute.ExtGaps:
                for (ReadOnlySpan<byte> rest = payload; !rest.IsEmpty; rest = rest[TaskDiagExtGap.Size..])
                {
                    sum += (uint)TaskDiagExtGap.Read(rest).Errno;
                }

                return sum;
            case TaskDiagAttribute.ExtBuildIds:
                for (ReadOnlySpan<byte> rest = payload; !rest.IsEmpty; rest = rest[TaskDiagExtBuildId.Size..])
                {
                    TaskDiagExtBuildId file = TaskDiagExtBuildId.Read(rest);
                    sum += file.Start + (file.Id.IsEmpty ? 0u : file.Id[^1]);
                }

                return sum;
            case TaskDiagAttribute.ExtPageSizes:
                for (ReadOnlySpan<byte> rest = payload; !rest.IsEmpty; rest = rest[TaskDiagExtPageSize.Size..])
                {
                    sum += TaskDiagExtPageSize.Read(rest).PageSize;
                }

                return sum;
            case TaskDiagAttribute.ExtFiles:
                int size;
                for (ReadOnlySpan<byte> rest = payload; !rest.IsEmpty; rest = rest[size..])
                {
                    TaskDiagExtFile named = TaskDiagExtFile.Read(rest, out size);
                    sum += named.Inode + (ulong)named.Name.Length;
                }

                return sum;
            case TaskDiagAttribute.ExtTotalVm:
                return TaskDiagExtTotalVm.Read(payload).Pages;
            default:
                return (ulong)payload.Length;
        }
    }

    private static Span<byte> Reserve(ref TaskDiagWriter writer, TaskDiagAttribute type, int length)
    {
        Assert.True(writer.TryReserve(type, length, out Span<byte> payload));
        return payload;
    }
}
