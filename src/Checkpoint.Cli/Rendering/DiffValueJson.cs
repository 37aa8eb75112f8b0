using System;
using System.Collections.Generic;
using System.Numerics;
using System.Text.Json;
using Checkpoint.Diffing;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>Old and new values as JSON, in the forms that <c>inspect --json</c> uses.</summary>
/// <param name="json">Where to.</param>
/// <param name="diff">The trees, for clocks.</param>
internal sealed class DiffValueJson(Utf8JsonWriter json, TreeDiff diff)
{
    /// <summary>Writes the value of a field.</summary>
    internal void Write(string name, FieldFormat format, FieldValue value)
    {
        if (value.IsNone)
        {
            json.WriteNull(name);
            return;
        }

        ulong number = value.Number;
        switch (format)
        {
            case FieldFormat.Signed:
                json.WriteNumber(name, (long)number);
                break;
            case FieldFormat.List:
                json.WriteNumbers(name, value.List);
                break;
            case FieldFormat.Capabilities:
                json.WriteNames(name, CapabilityNames.List(number));
                break;
            case FieldFormat.Signals:
                json.WriteNames(name, SignalNames.List(number));
                break;
            case FieldFormat.Parts:
                json.WriteNames(name, Parts(number));
                break;
            case FieldFormat.Signal:
                json.WriteString(name, (long)number > 0 ? SignalNames.Name((int)number) : null);
                break;
            case FieldFormat.Octal:
                json.WriteString(name, Convert.ToString((long)number, 8).PadLeft(4, '0'));
                break;
            case FieldFormat.Hex:
                json.WriteHex(name, number);
                break;
            case FieldFormat.State:
                json.WriteString(name, KernelNames.State((TaskState)number));
                break;
            case FieldFormat.Policy:
                json.WriteString(name, KernelNames.Policy((uint)number));
                break;
            case FieldFormat.Seccomp:
                json.WriteString(name, KernelNames.Seccomp((uint)number));
                break;
            case FieldFormat.Tty:
                json.WriteString(name, TtyName.Of((int)number));
                break;
            case FieldFormat.Boolean:
                json.WriteBoolean(name, number != 0);
                break;
            case FieldFormat.Text:
                json.WriteBytes(name, value.Bytes);
                break;
            case FieldFormat.Strings or FieldFormat.Variables:
                json.WriteStrings(name, value.Bytes);
                break;
            case FieldFormat.BuildId:
                json.WriteString(name, Convert.ToHexStringLower(value.Bytes.Span));
                break;
            default:
                json.WriteNumber(name, number);
                break;
        }
    }

    /// <summary>Writes a VMA, or null.</summary>
    internal void Write(string name, Vma? value, IReadOnlyList<MappedFile> files)
    {
        json.WritePropertyName(name);
        if (value is not { } vma)
        {
            json.WriteNullValue();
            return;
        }

        MappedFile file = VmaText.FileOf(vma, files);
        json.WriteStartObject();
        VmaJson.WritePlace(json, vma, file);
        json.WriteString("build_id", file.BuildId is { } id ? Convert.ToHexStringLower(id.Span) : null);
        json.WriteEndObject();
    }

    /// <summary>Writes what a process is known by, or null.</summary>
    internal void Write(string name, ProcessEntry? process)
    {
        json.WritePropertyName(name);
        if (process is null)
        {
            json.WriteNullValue();
            return;
        }

        CaptureInfo capture = name == "old" ? diff.Old.Capture : diff.New.Capture;
        ThreadEntry leader = process.Leader;
        json.WriteStartObject();
        json.WriteNumber("pid", process.Tgid);
        json.WriteNumber("ppid", process.Ppid);
        json.WriteNumber("start_time_ticks", leader.StartTimeTicks);
        json.WriteString("start_time", Quantity.StartTime(capture, leader.StartTimeTicks));
        json.WriteBytes("comm", leader.Comm);
        json.WriteBytes("exe", process.Exe);
        json.WriteStrings("cmdline", process.Cmdline);
        json.WriteString("state", KernelNames.State(leader.State));
        json.WriteOptional("uid", leader.Credentials?.Uid.Effective);
        json.WriteNumber("threads", process.Threads.Count);
        json.WriteOptional("vmas", process.Space?.Vmas.Length);
        json.WriteOptional("rss", (long?)process.Memory?.VmRss);
        json.WriteEndObject();
    }

    /// <summary>Writes what a thread is known by, or null.</summary>
    internal void Write(string name, ThreadEntry? thread)
    {
        json.WritePropertyName(name);
        if (thread is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteNumber("tid", thread.Tid);
        json.WriteNumber("start_time_ticks", thread.StartTimeTicks);
        json.WriteBytes("comm", thread.Comm);
        json.WriteString("state", KernelNames.State(thread.State));
        json.WriteEndObject();
    }

    private static IEnumerable<string> Parts(ulong parts)
    {
        for (ulong rest = parts; rest != 0; rest &= rest - 1)
        {
            yield return KernelNames.Part((CapturePart)BitOperations.TrailingZeroCount(rest));
        }
    }
}
