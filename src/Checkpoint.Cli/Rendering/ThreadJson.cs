using System;
using System.Text;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>One thread as JSON.</summary>
internal static class ThreadJson
{
    /// <summary>Writes an object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="capture">Has the clocks.</param>
    /// <param name="tgid">The process.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="user">The name of its effective user, if known.</param>
    /// <param name="credentials">The index in <c>credentials</c>.</param>
    internal static void Write(
        JsonText json, CaptureInfo capture, int tgid, ThreadEntry thread, ByteString? user, int? credentials)
    {
        json.WriteStartObject();
        json.WriteNumber("pid"u8, tgid);
        json.WriteNumber("tid"u8, thread.Tid);
        WriteOwn(json, capture, thread, user, credentials);
        json.WriteEndObject();
    }

    /// <summary>Writes the properties of a thread into an open object: its own, or its process's.</summary>
    internal static void WriteOwn(
        JsonText json, CaptureInfo capture, ThreadEntry thread, ByteString? user, int? credentials)
    {
        json.WriteBytes("comm"u8, thread.Comm);
        json.WriteString("state"u8, KernelNames.State(thread.State));
        json.WriteString("state_letter"u8, KernelNames.StateLetter(thread.State));
        json.WriteNumber("start_time_ticks"u8, thread.StartTimeTicks);
        json.WriteString("start_time"u8, Quantity.StartTime(capture, thread.StartTimeTicks));
        json.WriteHex("flags"u8, thread.Flags);
        json.WriteNames("flag_names"u8, TaskFlagNames.Of(thread.Flags));
        json.WriteNumber("priority"u8, thread.Priority);
        json.WriteNumber("nice"u8, thread.Nice);
        json.WriteString("policy"u8, KernelNames.Policy(thread.Policy));
        json.WriteNumber("rt_priority"u8, thread.RtPriority);
        json.WriteNumber("processor"u8, thread.Processor);
        json.WriteNumber("tracer_pid"u8, thread.TracerPid);
        json.WriteNumbers("ns_pids"u8, thread.NsPids);
        json.WriteBytes("user"u8, user);
        json.WriteOptional("credentials"u8, credentials);
        WriteSignals(json, thread.Signals);
        WriteCounters(json, "counters"u8, thread.Counters);
    }

    /// <summary>Names of faults and CPU times.</summary>
    internal static readonly string[] CounterNames =
    [
        "min_flt", "cmin_flt", "maj_flt", "cmaj_flt", "utime_ticks", "stime_ticks", "cutime_ticks", "cstime_ticks",
    ];

    private static readonly byte[][] CounterBytes = Array.ConvertAll(CounterNames, Encoding.ASCII.GetBytes);

    /// <summary>Faults and CPU times in the order of <see cref="CounterNames"/>.</summary>
    internal static void SplitCounters(TaskCounters c, Span<ulong> into) =>
        (into[0], into[1], into[2], into[3], into[4], into[5], into[6], into[7]) =
        (c.MinFlt, c.CMinFlt, c.MajFlt, c.CMajFlt, c.UTimeTicks, c.STimeTicks, c.CUTimeTicks, c.CSTimeTicks);

    /// <summary>Writes faults and CPU times.</summary>
    internal static void WriteCounters(JsonText json, ReadOnlySpan<byte> name, TaskCounters counters)
    {
        Span<ulong> values = stackalloc ulong[8];
        SplitCounters(counters, values);
        json.WriteStartObject(name);
        for (int i = 0; i < values.Length; i++)
        {
            json.WriteNumber(CounterBytes[i], values[i]);
        }

        json.WriteEndObject();
    }

    private static void WriteSignals(JsonText json, SignalSets? value)
    {
        if (value is not { } signals)
        {
            json.WriteNull("signals"u8);
            return;
        }

        json.WriteStartObject("signals"u8);
        json.WriteNames("pending"u8, SignalNames.List(signals.Pending));
        json.WriteNames("shared_pending"u8, SignalNames.List(signals.SharedPending));
        json.WriteNames("blocked"u8, SignalNames.List(signals.Blocked));
        json.WriteNames("ignored"u8, SignalNames.List(signals.Ignored));
        json.WriteNames("caught"u8, SignalNames.List(signals.Caught));
        json.WriteEndObject();
    }
}
