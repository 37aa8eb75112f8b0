using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>How single values look in the JSON output.</summary>
internal static class JsonValues
{
    /// <summary>How all of it is written.</summary>
    internal static JsonWriterOptions Options { get; } = new() { Indented = true, Encoder = JavaScriptEncoder.Default, SkipValidation = true };

    /// <summary>A writer for data of any kind: quotes and control characters are escaped, and nothing outside ASCII is left raw.</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <returns>An indenting writer.</returns>
    internal static Utf8JsonWriter Writer(Stream output) =>
        new(output, Options);

    /// <summary>Gives away what is written; otherwise the writer keeps the whole document in memory. To be called after each of many elements.</summary>
    internal static void FlushIfLarge(this Utf8JsonWriter json)
    {
        const int Large = 64 * 1024;
        if (json.BytesPending > Large)
        {
            json.Flush();
        }
    }

    /// <summary>Kernel bytes: a string when they are valid UTF-8, else an object with the bytes in hex; null stays null.</summary>
    internal static void WriteBytes(this Utf8JsonWriter json, string name, ByteString? value)
    {
        json.WritePropertyName(name);
        if (value is { } bytes)
        {
            json.WriteBytesValue(bytes.Span);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    /// <summary>As <see cref="WriteBytes"/>, for an element of an array.</summary>
    internal static void WriteBytesValue(this Utf8JsonWriter json, ReadOnlySpan<byte> value)
    {
        if (Utf8.IsValid(value))
        {
            json.WriteStringValue(value);
            return;
        }

        json.WriteStartObject();
        json.WriteString("bytes", Convert.ToHexStringLower(value));
        json.WriteEndObject();
    }

    /// <summary>NUL-terminated strings as an array; null stays null.</summary>
    internal static void WriteStrings(this Utf8JsonWriter json, string name, ByteString? strings)
    {
        if (strings is not { } value)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        ReadOnlySpan<byte> rest = value.Span;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)0);
            json.WriteBytesValue(end < 0 ? rest : rest[..end]);
            rest = end < 0 ? default : rest[(end + 1)..];
        }

        json.WriteEndArray();
    }

    /// <summary>An array of names.</summary>
    internal static void WriteNames(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>An array of numbers.</summary>
    internal static void WriteNumbers(this Utf8JsonWriter json, string name, IEnumerable<int> values)
    {
        json.WriteStartArray(name);
        foreach (int value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>An array of numbers.</summary>
    internal static void WriteNumbers(this Utf8JsonWriter json, string name, ReadOnlySpan<uint> values)
    {
        json.WriteStartArray(name);
        foreach (uint value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>An address or mask as a hex string, since many JSON readers keep only 53 bits of a number.</summary>
    internal static void WriteHex(this Utf8JsonWriter json, string name, ulong value)
    {
        Span<char> text = stackalloc char[2 + 16];
        _ = text.TryWrite(CultureInfo.InvariantCulture, $"0x{value:x}", out int length);
        json.WriteString(name, text[..length]);
    }

    /// <summary>A number that may be unknown.</summary>
    internal static void WriteOptional(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>Gaps, by process, thread and part.</summary>
    internal static void WriteGaps(this Utf8JsonWriter json, IReadOnlyList<Gap> gaps)
    {
        json.WriteStartArray("gaps");
        foreach (Gap gap in gaps)
        {
            json.WriteStartObject();
            json.WriteNumber("pid", gap.Tgid);
            json.WriteNumber("tid", gap.Tid);
            json.WriteString("part", KernelNames.Part(gap.Part));
            json.WriteNumber("errno", gap.Errno);
            json.WriteString("error", ErrnoNames.Name(gap.Errno));
            json.WriteEndObject();
            json.FlushIfLarge();
        }

        json.WriteEndArray();
    }

    /// <summary>Events in the order in which they were noticed.</summary>
    internal static void WriteEvents(this Utf8JsonWriter json, IReadOnlyList<TaskEvent> events)
    {
        json.WriteStartArray("events");
        foreach (TaskEvent happened in events)
        {
            json.WriteStartObject();
            json.WriteNumber("pass", happened.Pass);
            json.WriteString("kind", KernelNames.Event(happened.Kind));
            json.WriteNumber("pid", happened.Tgid);
            json.WriteNumber("tid", happened.Tid);
            json.WriteNumber("start_time_ticks", happened.StartTimeTicks);
            json.WriteEndObject();
            json.FlushIfLarge();
        }

        json.WriteEndArray();
    }
}
