using System;
using System.Globalization;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>Sizes, durations and times for people. JSON has the exact numbers.</summary>
internal static class Quantity
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>A size in words, such as "18.2 KiB".</summary>
    internal static string Bytes(ulong bytes) => Scaled(bytes, " ", "iB", " bytes");

    /// <summary>A size for a table, such as "18.2K"; exact below 1 KiB.</summary>
    internal static string ShortBytes(ulong bytes) => Scaled(bytes, "", "", "");

    /// <summary>A number of things, such as "1 gap" or "2 gaps".</summary>
    internal static string Count(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");

    /// <summary>A duration, such as "5.1 ms".</summary>
    internal static string Duration(long nanoseconds) => nanoseconds switch
    {
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:0.000} ms"),
        < NanosecondsPerSecond => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:0.0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e9:0.00} s"),
    };

    /// <summary>A moment, ISO 8601 in UTC; "?" when no calendar has it.</summary>
    /// <param name="unixNanoseconds">Nanoseconds since 1970.</param>
    /// <param name="fraction">Whether microseconds are shown.</param>
    /// <returns>Such as 2026-01-31T12:00:00Z.</returns>
    internal static string Time(Int128 unixNanoseconds, bool fraction = false)
    {
        Int128 ticks = unixNanoseconds / 100 + DateTime.UnixEpoch.Ticks;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
        {
            return "?";
        }

        DateTime time = new((long)ticks, DateTimeKind.Utc);
        return time.ToString(fraction ? "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'" : "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }

    /// <summary>When a task started, by the captured host's wall clock at the time of the capture.</summary>
    /// <param name="capture">Has both clocks.</param>
    /// <param name="startTimeTicks">Clock ticks since boot.</param>
    /// <returns>ISO 8601 in UTC, or "?".</returns>
    internal static string StartTime(CaptureInfo capture, ulong startTimeTicks) =>
        capture.ClockTicks == 0 ? "?" : Time((Int128)capture.TimeUnixNs - capture.BootTimeNs + Nanoseconds(capture, startTimeTicks));

    /// <summary>How long a task had run, as ps shows it: [dd-]hh:mm:ss.</summary>
    /// <param name="capture">Has the time of the capture.</param>
    /// <param name="startTimeTicks">Clock ticks since boot.</param>
    /// <returns>The time, or "?".</returns>
    internal static string Elapsed(CaptureInfo capture, ulong startTimeTicks)
    {
        if (capture.ClockTicks == 0)
        {
            return "?";
        }

        // A task may start after the capture did.
        Int128 seconds = Int128.Max(0, capture.BootTimeNs - Nanoseconds(capture, startTimeTicks)) / NanosecondsPerSecond;
        return Clock((ulong)seconds);
    }

    /// <summary>CPU time, as ps shows it, with hundredths: [dd-]hh:mm:ss.cc.</summary>
    /// <param name="capture">Has the length of a tick.</param>
    /// <param name="ticks">Clock ticks.</param>
    /// <returns>The time, or "?".</returns>
    internal static string CpuTime(CaptureInfo capture, ulong ticks)
    {
        if (capture.ClockTicks == 0)
        {
            return "?";
        }

        UInt128 hundredths = (UInt128)ticks * 100 / capture.ClockTicks;
        return string.Create(CultureInfo.InvariantCulture, $"{Clock((ulong)(hundredths / 100))}.{(uint)(hundredths % 100):00}");
    }

    private static Int128 Nanoseconds(CaptureInfo capture, ulong ticks) => (Int128)ticks * NanosecondsPerSecond / capture.ClockTicks;

    private static string Clock(ulong seconds)
    {
        const ulong Day = 86_400;
        string time = string.Create(CultureInfo.InvariantCulture, $"{seconds % Day / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}");
        return seconds < Day ? time : string.Create(CultureInfo.InvariantCulture, $"{seconds / Day}-{time}");
    }

    private static string Scaled(ulong bytes, string separator, string suffix, string plain)
    {
        if (bytes < 1024)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{bytes}{plain}");
        }

        double value = bytes;
        int unit = -1;
        do
        {
            value /= 1024;
            unit++;
        }
        while (value >= 1023.95);

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.0}{separator}{"KMGTPE"[unit]}{suffix}");
    }
}
