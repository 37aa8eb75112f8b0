using System;
using System.IO;
using System.Text.Json;
using Checkpoint.Cli.Selection;
using Checkpoint.Diffing;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>
/// Differences as JSON, schema <c>ckpt.diff/1</c>: a list of changes, those that matter to security first, else by process,
/// its fields, threads and VMAs; the same two images always give the same bytes.
/// </summary>
internal sealed class DiffJson
{
    private readonly Utf8JsonWriter _json;
    private readonly TreeDiff _diff;
    private readonly DiffValueJson _values;

    private DiffJson(Utf8JsonWriter json, TreeDiff diff)
    {
        _json = json;
        _diff = diff;
        _values = new DiffValueJson(json, diff);
    }

    /// <summary>Writes the document.</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="diff">The differences that count.</param>
    /// <param name="summary">Their counts.</param>
    /// <param name="withChanges">Whether the changes are listed, or the counts alone.</param>
    internal static void Write(Stream output, TreeDiff diff, DiffSummary summary, bool withChanges)
    {
        using (Utf8JsonWriter json = JsonValues.Writer(output))
        {
            new DiffJson(json, diff).WriteDocument(summary, withChanges);
        }

        output.Write("\n"u8);
    }

    private void WriteDocument(DiffSummary summary, bool withChanges)
    {
        _json.WriteStartObject();
        _json.WriteString("schema", "ckpt.diff/1");
        _json.WriteString("match", _diff.Match == MatchMode.Role ? "role" : "identity");
        _json.WriteBoolean("roots_unlike", _diff.AreRootsUnlike);
        CaptureJson.Write(_json, _diff.Old.Capture, "old");
        CaptureJson.Write(_json, _diff.New.Capture, "new");
        if (_diff.RetainedIn is { } third)
        {
            CaptureJson.Write(_json, third.Capture, "retained_in");
        }

        if (_diff.Notes.Count > 0)
        {
            _json.WriteStartArray("notes");
            foreach (DiffNote note in _diff.Notes)
            {
                _json.WriteStringValue(DiffStatText.Note(note));
            }

            _json.WriteEndArray();
        }

        WriteSummary(summary);
        if (withChanges)
        {
            _json.WriteStartArray("changes");
            WriteChanges(isSecurity: true);
            WriteChanges(isSecurity: false);
            _json.WriteEndArray();
        }

        _json.WriteEndObject();
    }

    private void WriteSummary(DiffSummary summary)
    {
        _json.WriteStartObject("summary");
        _json.WriteNumber("processes_added", summary.Added);
        _json.WriteNumber("processes_removed", summary.Removed);
        _json.WriteNumber("processes_changed", summary.Changed);
        _json.WriteNumber("threads_added", summary.ThreadsAdded);
        _json.WriteNumber("threads_removed", summary.ThreadsRemoved);
        _json.WriteNumber("vmas_added", summary.VmasAdded);
        _json.WriteNumber("vmas_removed", summary.VmasRemoved);
        _json.WriteNumber("vmas_changed", summary.VmasChanged);
        _json.WriteStartObject("fields_changed");
        foreach ((ChangeKind kind, long count) in summary.Fields)
        {
            _json.WriteNumber(ChangeWords.Of(kind), count);
        }

        _json.WriteEndObject();
        _json.WriteOptional("rss_change", summary.ResidentBytes is { } bytes ? (long)Int128.Clamp(bytes, long.MinValue, long.MaxValue) : null);
        _json.WriteEndObject();
    }

    private void WriteChanges(bool isSecurity)
    {
        foreach (ProcessDiff process in _diff.Processes)
        {
            string path = "/processes/" + ProcessText.Number(process.Entry.Tgid);
            if (process.Action is ChangeAction.Added or ChangeAction.Removed)
            {
                if (process.Concerns != SecurityConcerns.None == isSecurity)
                {
                    Begin(process, path, ChangeKind.Process, process.Action);
                    _values.Write("old", process.Old);
                    _values.Write("new", process.New);
                    End(process.Concerns);
                }

                continue;
            }

            if (process.Executed && !isSecurity)
            {
                Begin(process, path + "/exec", ChangeKind.Exec, ChangeAction.Changed);
                _values.Write("old", process.Old);
                _values.Write("new", process.New);
                End(SecurityConcerns.None);
            }

            foreach (FieldChange field in process.Fields)
            {
                WriteField(process, path, field, isSecurity);
            }

            foreach (ThreadDiff thread in process.Threads)
            {
                WriteThread(process, thread, $"{path}/threads/{ProcessText.Number(thread.Entry.Tid)}", isSecurity);
            }

            foreach (VmaChange vma in process.Vmas)
            {
                WriteVma(process, path, vma, isSecurity);
            }
        }
    }

    private void WriteThread(ProcessDiff process, ThreadDiff thread, string path, bool isSecurity)
    {
        if (thread.Action != ChangeAction.Changed && !isSecurity)
        {
            Begin(process, path, ChangeKind.Thread, thread.Action);
            _values.Write("old", thread.Old);
            _values.Write("new", thread.New);
            End(SecurityConcerns.None);
        }

        foreach (FieldChange field in thread.Fields)
        {
            WriteField(process, path, field, isSecurity);
        }
    }

    private void WriteField(ProcessDiff process, string path, FieldChange change, bool isSecurity)
    {
        if (change.Concerns != SecurityConcerns.None != isSecurity)
        {
            return;
        }

        Begin(process, path + "/" + change.Field.Name, change.Field.Kind, ChangeAction.Changed);
        _values.Write("old", change.Field.Format, change.Old);
        _values.Write("new", change.Field.Format, change.New);
        End(change.Concerns);
    }

    private void WriteVma(ProcessDiff process, string path, VmaChange change, bool isSecurity)
    {
        if (change.Concerns != SecurityConcerns.None != isSecurity)
        {
            return;
        }

        Vma vma = change.New ?? change.Old ?? default;
        ChangeAction action = (change.Aspects & VmaAspects.Mapped) != 0 ? ChangeAction.Added
            : (change.Aspects & VmaAspects.Unmapped) != 0 ? ChangeAction.Removed
            : ChangeAction.Changed;
        Begin(process, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{path}/vmas/0x{vma.Start:x}"), change.Kind, action);
        _json.WriteNames("aspects", ChangeWords.Of(change.Aspects));
        _values.Write("old", change.Old, _diff.Old.Files);
        _values.Write("new", change.New, _diff.New.Files);
        End(change.Concerns);
    }

    private void Begin(ProcessDiff process, string path, ChangeKind kind, ChangeAction action)
    {
        _json.WriteStartObject();
        _json.WriteString("path", path);
        _json.WriteString("kind", ChangeWords.Of(kind));
        _json.WriteString("action", action switch
        {
            ChangeAction.Added => "added",
            ChangeAction.Removed => "removed",
            _ => "changed",
        });
        _json.WriteOptional("old_pid", process.Old?.Tgid);
        _json.WriteOptional("new_pid", process.New?.Tgid);
    }

    private void End(SecurityConcerns concerns)
    {
        _json.WriteNames("security", ChangeWords.Of(concerns));
        _json.WriteEndObject();
        _json.FlushIfLarge();
    }
}
