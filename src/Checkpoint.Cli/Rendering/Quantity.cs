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
    /// <returns>Such as 2026-01-31T12:00:00.000000Z.</returns>
    internal static string Time(long unixNanoseconds)
    {
        // 64 bits of nanoseconds are some 292 years before and after: the calendar has all of them.
        long ticks = (unixNanoseconds / 100) + DateTime.UnixEpoch.Ticks;
        return new DateTime(ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
    }

    /// <summary>When a task started, by the captured host's wall clock at the time of the capture.</summary>
    /// <param name="capture">Has both clocks.</param>
    /// <param name="startTimeTicks">Clock ticks since boot.</param>
    /// <returns>ISO 8601 in UTC, or "?".</returns>
    internal static string StartTime(CaptureInfo capture, ulong startTimeTicks)
    {
        if (capture.ClockTicks == 0)
        {
            return "?";
        }

        // Every real capture until the year 2116, and much faster: 2^62 ns are 146 years.
        const long Plausible = 1L << 62;
        ulong seconds = startTimeTicks / capture.ClockTicks;
        if (seconds < Plausible / 2 / NanosecondsPerSecond && capture.TimeUnixNs is >= 0 and < Plausible && capture.BootTimeNs is >= 0 and < Plausible)
        {
            ulong rest = startTimeTicks % capture.ClockTicks * NanosecondsPerSecond / capture.ClockTicks;
            long moment = capture.TimeUnixNs - capture.BootTimeNs + ((long)seconds * NanosecondsPerSecond) + (long)rest;
            return Text(DateTime.UnixEpoch.AddTicks(moment / 100));
        }

        return ExactStartTime(capture, startTimeTicks);
    }

    /// <summary>Apart from the rest, since what uses 128 bits is not compiled ahead.</summary>
    private static string ExactStartTime(CaptureInfo capture, ulong startTimeTicks)
    {
        Int128 ticks = ((Int128)capture.TimeUnixNs - capture.BootTimeNs + Nanoseconds(capture, startTimeTicks)) / 100 + DateTime.UnixEpoch.Ticks;
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks ? "?" : Text(new DateTime((long)ticks, DateTimeKind.Utc));
    }

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

    private static string Text(DateTime time) => time.ToString("s", CultureInfo.InvariantCulture) + "Z";

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
