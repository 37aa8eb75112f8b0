using System;
using System.Buffers;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Cli.Rendering;

/// <summary>
/// Tasks as JSON lines: the schema, then one object for each. What is shown and was not told is null; a VMA list is
/// written as it comes.
/// </summary>
internal sealed class TasksJson : TasksOutput
{
    private const string Schema = "ckpt.tasks/1";
    private const int Large = 32 * 1024;

    private readonly Stream _output;
    private readonly ArrayBufferWriter<byte> _text = new(2 * Large);
    private readonly Utf8JsonWriter _json;
    private TaskDiagShow _shown;
    private bool _begun;
    private bool _taskOpen;
    private bool _vmasOpen;
    private bool _vmasWritten;

    /// <summary>Sets up the output.</summary>
    /// <param name="output">Where to; not closed.</param>
    internal TasksJson(Stream output)
    {
        _output = output;
        _json = new Utf8JsonWriter(_text, new JsonWriterOptions { Encoder = JavaScriptEncoder.Create(UnicodeRanges.BasicLatin) });
    }

    /// <inheritdoc/>
    internal override void Begin(TaskDiagShow shown)
    {
        _shown = shown;
        _begun = true;
        _json.WriteStartObject();
        _json.WriteString("schema", Schema);
        EndLine();
    }

    /// <inheritdoc/>
    internal override void Values(TasksRecord task, TaskDiagShow fresh)
    {
        if (!_taskOpen)
        {
            _taskOpen = true;
            _vmasWritten = false;
            _json.WriteStartObject();
            _json.WriteNumber("pid", task.Tid);
            _json.WriteNumber("tgid", task.Tgid);
        }

        CloseVmas();
        WriteBase(task, fresh);
        WriteCred(task, fresh);
        WriteStat(task, fresh);
        WriteStatm(task, fresh);
        if ((fresh & TaskDiagShow.Cmdline) != 0)
        {
            _json.WriteStrings("cmdline", new ByteString(task.Cmdline));
            if (task.CmdlineCut)
            {
                _json.WriteBoolean("cmdline_cut", true);
            }
        }
    }

    /// <inheritdoc/>
    internal override void Mapping(in TaskDiagVma vma, ReadOnlySpan<byte> name, TaskDiagVmaStat? stat)
    {
        if (!_vmasOpen)
        {
            _vmasOpen = _vmasWritten = true;
            _json.WriteStartArray("vmas");
        }

        TasksVmaJson.Write(_json, vma, name, stat);
        WriteIfLarge();
    }

    /// <inheritdoc/>
    internal override void End(TasksRecord task)
    {
        CloseVmas();
        if ((_shown & task.Told & TaskDiagShow.Vma) != 0 && !_vmasWritten)
        {
            _json.WriteStartArray("vmas");
            _json.WriteEndArray();
        }

        WriteMissing(_shown & ~task.Told);
        if (task.Gaps.Count > 0)
        {
            _json.WriteStartArray("gaps");
            foreach (TaskDiagExtGap gap in task.Gaps)
            {
                _json.WriteStartObject();
                _json.WriteString("part", KernelNames.Part(gap.Part));
                _json.WriteNumber("errno", gap.Errno);
                _json.WriteString("error", ErrnoNames.Name(gap.Errno));
                _json.WriteEndObject();
            }

            _json.WriteEndArray();
        }

        _taskOpen = false;
        EndLine();
    }

    /// <inheritdoc/>
    internal override void Complete()
    {
        if (!_begun)
        {
            Begin(TaskDiagShow.None);
        }
    }

    /// <inheritdoc/>
    internal override void Flush()
    {
        _json.Flush();
        _output.Write(_text.WrittenSpan);
        _output.Flush();
        _text.ResetWrittenCount();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Flush();
        _json.Dispose();
    }

    private void WriteBase(TasksRecord task, TaskDiagShow fresh)
    {
        if ((fresh & TaskDiagShow.Base) != 0 && task.Base is { } told)
        {
            TaskComm comm = told.Comm;
            _json.WriteNumber("ppid", told.Ppid);
            _json.WriteNumber("pgid", told.Pgid);
            _json.WriteNumber("sid", told.Sid);
            _json.WriteOptional("tracer_pid", task.TracerPid);
            _json.WriteString("state", KernelNames.State(told.State));
            _json.WriteString("state_letter", KernelNames.StateLetter(told.State));
            _json.WriteBytes("comm", new ByteString(comm.Span));
        }
    }

    private void WriteCred(TasksRecord task, TaskDiagShow fresh)
    {
        if ((fresh & TaskDiagShow.Cred) != 0 && task.Cred is { } told)
        {
            _json.WriteStartObject("cred");
            CredentialJson.WriteIds(_json, "uid", told.Uid);
            CredentialJson.WriteIds(_json, "gid", told.Gid);
            _json.WriteNames("cap_inheritable", CapabilityNames.List(told.CapInheritable));
            _json.WriteNames("cap_permitted", CapabilityNames.List(told.CapPermitted));
            _json.WriteNames("cap_effective", CapabilityNames.List(told.CapEffective));
            _json.WriteNames("cap_bounding", CapabilityNames.List(told.CapBounding));
            _json.WriteEndObject();
        }
    }

    private void WriteStat(TasksRecord task, TaskDiagShow fresh)
    {
        if ((fresh & TaskDiagShow.Stat) != 0 && task.Stat is { } told)
        {
            _json.WriteNumber("thread_count", told.Threads);
            WriteCounters(told.Counters);
        }
    }

    private void WriteStatm(TasksRecord task, TaskDiagShow fresh)
    {
        if ((fresh & TaskDiagShow.Statm) == 0 || task.Statm is not { } told)
        {
            return;
        }

        _json.WriteStartObject("statm");
        foreach ((string name, ulong value) in (ReadOnlySpan<(string, ulong)>)
            [
                ("anon", told.Anon), ("file", told.File), ("shmem", told.Shmem), ("total_vm", told.TotalVm),
                ("total_rss", told.TotalRss), ("hiwater_vm", told.HiwaterVm), ("hiwater_rss", told.HiwaterRss),
                ("text", told.Text), ("lib", told.Lib), ("swap", told.Swap), ("ptes_bytes", told.PtesBytes),
                ("locked_vm", told.LockedVm), ("pinned_vm", told.PinnedVm), ("data_vm", told.DataVm), ("stack_vm", told.StackVm),
            ])
        {
            _json.WriteNumber(name, value);
        }

        _json.WriteEndObject();
    }

    private void WriteMissing(TaskDiagShow missing)
    {
        foreach ((TaskDiagShow show, string[] names) in (ReadOnlySpan<(TaskDiagShow, string[])>)
            [
                (TaskDiagShow.Base, ["ppid", "pgid", "sid", "tracer_pid", "state", "state_letter", "comm"]),
                (TaskDiagShow.Cred, ["cred"]),
                (TaskDiagShow.Stat, ["thread_count", "counters"]),
                (TaskDiagShow.Statm, ["statm"]),
                (TaskDiagShow.Cmdline, ["cmdline"]),
                (TaskDiagShow.Vma, ["vmas"]),
            ])
        {
            foreach (string name in names)
            {
                if ((missing & show) != 0)
                {
                    _json.WriteNull(name);
                }
            }
        }
    }

    private void CloseVmas()
    {
        if (_vmasOpen)
        {
            _json.WriteEndArray();
            _vmasOpen = false;
        }
    }

    private void EndLine()
    {
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _text.Write("\n"u8);
        WriteIfLarge();
    }

    /// <summary>Otherwise all of it would be kept in memory.</summary>
    private void WriteIfLarge()
    {
        if (_json.BytesPending + _text.WrittenCount > Large)
        {
            Flush();
        }
    }

    private void WriteCounters(TaskCounters counters)
    {
        Span<ulong> values = stackalloc ulong[8];
        ThreadJson.SplitCounters(counters, values);
        _json.WriteStartObject("counters");
        for (int i = 0; i < values.Length; i++)
        {
            _json.WriteNumber(ThreadJson.CounterNames[i], values[i]);
        }

        _json.WriteEndObject();
    }
}
