using System.Text.Json;
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
        Utf8JsonWriter json, CaptureInfo capture, int tgid, ThreadEntry thread, ByteString? user, int? credentials)
    {
        json.WriteStartObject();
        json.WriteNumber("pid", tgid);
        json.WriteNumber("tid", thread.Tid);
        WriteOwn(json, capture, thread, user, credentials);
        json.WriteEndObject();
    }

    /// <summary>Writes the properties of a thread into an open object: its own, or its process's.</summary>
    internal static void WriteOwn(
        Utf8JsonWriter json, CaptureInfo capture, ThreadEntry thread, ByteString? user, int? credentials)
    {
        json.WriteBytes("comm", thread.Comm);
        json.WriteString("state", KernelNames.State(thread.State));
        json.WriteString("state_letter", KernelNames.StateLetter(thread.State));
        json.WriteNumber("start_time_ticks", thread.StartTimeTicks);
        json.WriteString("start_time", Quantity.StartTime(capture, thread.StartTimeTicks));
        json.WriteHex("flags", thread.Flags);
        json.WriteNames("flag_names", TaskFlagNames.Of(thread.Flags));
        json.WriteNumber("priority", thread.Priority);
        json.WriteNumber("nice", thread.Nice);
        json.WriteString("policy", KernelNames.Policy(thread.Policy));
        json.WriteNumber("rt_priority", thread.RtPriority);
        json.WriteNumber("processor", thread.Processor);
        json.WriteNumber("tracer_pid", thread.TracerPid);
        json.WriteNumbers("ns_pids", thread.NsPids);
        json.WriteBytes("user", user);
        json.WriteOptional("credentials", credentials);
        WriteSignals(json, thread.Signals);
        WriteCounters(json, "counters", thread.Counters);
    }

    /// <summary>Writes faults and CPU times.</summary>
    internal static void WriteCounters(Utf8JsonWriter json, string name, TaskCounters counters)
    {
        json.WriteStartObject(name);
        json.WriteNumber("min_flt", counters.MinFlt);
        json.WriteNumber("cmin_flt", counters.CMinFlt);
        json.WriteNumber("maj_flt", counters.MajFlt);
        json.WriteNumber("cmaj_flt", counters.CMajFlt);
        json.WriteNumber("utime_ticks", counters.UTimeTicks);
        json.WriteNumber("stime_ticks", counters.STimeTicks);
        json.WriteNumber("cutime_ticks", counters.CUTimeTicks);
        json.WriteNumber("cstime_ticks", counters.CSTimeTicks);
        json.WriteEndObject();
    }

    private static void WriteSignals(Utf8JsonWriter json, SignalSets? value)
    {
        if (value is not { } signals)
        {
            json.WriteNull("signals");
            return;
        }

        json.WriteStartObject("signals");
        json.WriteNames("pending", SignalNames.List(signals.Pending));
        json.WriteNames("shared_pending", SignalNames.List(signals.SharedPending));
        json.WriteNames("blocked", SignalNames.List(signals.Blocked));
        json.WriteNames("ignored", SignalNames.List(signals.Ignored));
        json.WriteNames("caught", SignalNames.List(signals.Caught));
        json.WriteEndObject();
    }
}
