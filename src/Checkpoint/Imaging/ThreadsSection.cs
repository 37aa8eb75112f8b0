using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Section <c>threads</c>: what each thread has of its own.</summary>
internal static class ThreadsSection
{
    /// <summary>The section's name.</summary>
    public const string Name = "threads";

    /// <summary>Writes the section.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="columns">Room for the columns.</param>
    /// <param name="strings">The strings.</param>
    /// <param name="rows">The rows by ascending tgid and tid.</param>
    /// <param name="limits">The caps.</param>
    public static void Write(ByteBuffer output, ByteBuffer columns, StringTable strings, ThreadRow[] rows, ImageLimits limits)
    {
        TableWriter<ThreadRow> table = new TableWriter<ThreadRow>(rows, columns)
            .Signed("tgid", r => r.Tgid)
            .Signed("tid", r => r.Thread.Tid)
            .Text("comm", strings, limits.MaxCommBytes, r => r.Thread.Comm)
            .Unsigned("state", r => r.Thread.State is >= 0 and <= TaskState.Idle
                ? (ulong)r.Thread.State
                : throw new ArgumentException($"{(int)r.Thread.State} is no {nameof(TaskState)}"))
            .Unsigned("start_time", r => r.Thread.StartTimeTicks)
            .Unsigned("flags", r => r.Thread.Flags)
            .Signed("priority", r => r.Thread.Priority)
            .Signed("nice", r => r.Thread.Nice)
            .Unsigned("rt_priority", r => r.Thread.RtPriority)
            .Unsigned("policy", r => r.Thread.Policy)
            .Signed("processor", r => r.Thread.Processor)
            .Signed("tracer", r => r.Thread.TracerPid);
        CountersColumns.Write(table, r => r.Thread.Counters);
        table.Signed("cred", r => r.Credentials)
            .Unsigned("sig_pnd", r => r.Thread.Signals?.Pending)
            .Unsigned("shd_pnd", r => r.Thread.Signals?.SharedPending)
            .Unsigned("sig_blk", r => r.Thread.Signals?.Blocked)
            .Unsigned("sig_ign", r => r.Thread.Signals?.Ignored)
            .Unsigned("sig_cgt", r => r.Thread.Signals?.Caught)
            .Numbers("ns_pids", limits.NsPids, r => r.Thread.NsPids)
            .End(Name, output);
    }

    /// <summary>Reads the section and gives the threads to their processes.</summary>
    /// <param name="section">The section.</param>
    /// <param name="strings">The strings.</param>
    /// <param name="credentials">The credentials.</param>
    /// <param name="processes">The processes by ascending tgid.</param>
    /// <param name="threads">The list of each process's threads; filled.</param>
    /// <exception cref="ImageFormatException">It is not valid.</exception>
    public static void Read(
        SectionMap section, ByteString[] strings, Credentials[] credentials, ProcessEntry[] processes, List<ThreadEntry>[] threads)
    {
        ImageLimits limits = section.Limits;
        TableReader table = new(section, limits.Threads);
        ColumnReader tgid = table.Column("tgid");
        ColumnReader tid = table.Column("tid");
        ColumnReader comm = table.Column("comm");
        ColumnReader state = table.Column("state");
        ColumnReader startTime = table.Column("start_time");
        ColumnReader flags = table.Column("flags");
        ColumnReader priority = table.Column("priority");
        ColumnReader nice = table.Column("nice");
        ColumnReader rtPriority = table.Column("rt_priority");
        ColumnReader policy = table.Column("policy");
        ColumnReader processor = table.Column("processor");
        ColumnReader tracer = table.Column("tracer");
        ColumnReader[] counters = CountersColumns.Find(table);
        ColumnReader cred = table.Column("cred");
        ColumnGroup signals = table.Group("sig_pnd", "shd_pnd", "sig_blk", "sig_ign", "sig_cgt");
        ColumnReader nsPids = table.Column("ns_pids");

        Span<ulong> values = stackalloc ulong[5];
        int process = 0;
        int previous = 0;
        for (int i = 0; i < table.Count; i++)
        {
            int group = tgid.Int32();
            while (process < processes.Length && processes[process].Tgid < group)
            {
                CheckHasThreads(section, processes[process], threads[process]);
                process++;
                previous = 0;
            }

            if (process == processes.Length || processes[process].Tgid != group)
            {
                throw tgid.Error($"tgid {group} is not a process, or not in ascending order");
            }

            threads[process].Add(new ThreadEntry
            {
                Tid = previous = tid.Int32() is int id && id > previous ? id : throw tid.Error($"a tid is not above {previous}, the one before it"),
                Comm = comm.Text(strings, limits.MaxCommBytes),
                State = (TaskState)state.Int32(0, (int)TaskState.Idle),
                StartTimeTicks = startTime.UInt64(),
                Flags = flags.UInt32(),
                Priority = priority.Int32(),
                Nice = nice.Int32(),
                RtPriority = rtPriority.UInt32(),
                Policy = policy.UInt32(),
                Processor = processor.Int32(),
                TracerPid = tracer.Int32(),
                Counters = CountersColumns.Read(counters),
                Credentials = cred.TryReadNil() ? null : Shared(section, credentials[cred.Index(credentials.Length, "credentials")]),
                Signals = signals.TryRead(values) ? new SignalSets(values[0], values[1], values[2], values[3], values[4]) : null,
                NsPids = nsPids.TryReadNil() ? [] : nsPids.Array(limits.NsPids, SectionCost.NsPidBytes, (ref reader) => reader.ReadInt32()),
            });
        }

        for (; process < processes.Length; process++)
        {
            CheckHasThreads(section, processes[process], threads[process]);
        }
    }

    /// <summary>Counts what a view shows of credentials for each thread that has them.</summary>
    private static Credentials Shared(SectionMap section, Credentials credentials)
    {
        // Of an image that lost its credentials there are none.
        section.Budget?.Add(((credentials?.Groups?.Length ?? 0) * SectionCost.GroupBytes) + (credentials?.Label?.Length ?? 0));
        return credentials!;
    }

    private static void CheckHasThreads(SectionMap section, ProcessEntry process, List<ThreadEntry> threads)
    {
        if (threads.Count == 0)
        {
            throw new ImageFormatException(0, $"process {process.Tgid} has no threads", section.Section);
        }
    }
}
