using System.Text.Json;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>The circumstances of a capture as JSON.</summary>
internal static class CaptureJson
{
    /// <summary>Writes a property.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="capture">The circumstances.</param>
    /// <param name="name">The property's name.</param>
    internal static void Write(Utf8JsonWriter json, CaptureInfo capture, string name = "capture")
    {
        json.WriteStartObject(name);
        json.WriteString("tool_version", capture.ToolVersion);
        json.WriteBytes("host", capture.Host);
        json.WriteBytes("kernel_release", capture.KernelRelease);
        json.WriteBytes("kernel_version", capture.KernelVersion);
        json.WriteBytes("machine", capture.Machine);
        json.WriteBytes("boot_id", capture.BootId);
        json.WriteNumber("page_size", capture.PageSize);
        json.WriteNumber("clock_ticks", capture.ClockTicks);
        json.WriteString("time", Quantity.Time(capture.TimeUnixNs));
        json.WriteNumber("time_unix_ns", capture.TimeUnixNs);
        json.WriteNumber("boot_time_ns", capture.BootTimeNs);
        json.WriteNumber("duration_ns", capture.DurationNs);
        json.WriteNumber("uid", capture.Uid);
        json.WriteNumber("root_pid", capture.RootTgid);
        json.WriteString("transport", capture.Transport);
        json.WriteString("vma_source", capture.VmaSource);
        json.WriteBoolean("with_children", capture.WithChildren);
        json.WriteBoolean("with_environ", capture.WithEnviron);
        json.WriteBoolean("with_vm_flags", capture.WithVmFlags);
        json.WriteBoolean("with_vm_stats", capture.WithVmStats);
        json.WriteNumber("passes", capture.Passes);
        json.WriteBoolean("stable", capture.Stable);
        if (capture.Reader is { } reader)
        {
            json.WriteStartObject("reader");
            json.WriteNumber("user_ns", reader.User);
            json.WriteNumber("pid_ns", reader.Pid);
            json.WriteBytes("uid_map", reader.UidMap);
            json.WriteBytes("gid_map", reader.GidMap);
            json.WriteNumber("boot_clock_offset_ns", reader.BootClockOffsetNs);
            json.WriteEndObject();
        }

        if (capture.OwnMasks)
        {
            json.WriteBoolean("own_masks", true);
        }

        if (capture.Lost.Count > 0)
        {
            json.WriteNames("lost", capture.Lost);
        }

        json.WriteEndObject();
    }
}
