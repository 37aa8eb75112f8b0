using System;
using System.Collections.Generic;
using Checkpoint.Cli.Rendering;
using Checkpoint.TaskDiag;

namespace Checkpoint.Cli.Commands;

/// <summary>Decodes the messages of one answer, live or recorded, and shows each task as it comes.</summary>
/// <param name="output">Where tasks are shown.</param>
/// <param name="chosen">What is shown; null = what the answer's request asked for.</param>
internal sealed class TasksDecoder(TasksOutput output, TaskDiagShow? chosen)
{
    private readonly TasksFiles _files = new();
    private readonly TasksRecord _task = new();
    private TaskDiagShow? _shown;
    private TaskDiagShow _fresh;
    private bool _open; // a message of the task has come, and another must
    private bool _written;

    /// <summary>Takes the id of each task that was told; null: nobody asks.</summary>
    internal HashSet<int>? Told { get; init; }

    /// <summary>Decodes the next part of the answer.</summary>
    /// <param name="messages">Whole messages.</param>
    /// <exception cref="WireFormatException">They are not valid.</exception>
    internal void Decode(ReadOnlySpan<byte> messages)
    {
        TaskDiagReader reader = new(messages);
        while (reader.NextMessage())
        {
            if (!_open)
            {
                Start(reader);
            }
            else if (reader.Pid != _task.Tid)
            {
                throw new WireFormatException(16, $"task {reader.Pid} begins before task {_task.Tid} has ended");
            }

            while (reader.NextAttribute())
            {
                Take(reader.Type, reader.Payload);
            }

            _open = reader.Continued;
            if (!_open)
            {
                Finish();
            }
        }
    }

    /// <summary>Ends the answer.</summary>
    /// <exception cref="WireFormatException">It ends within a task.</exception>
    internal void Complete()
    {
        if (_open)
        {
            throw new WireFormatException(0, $"the answer ends before task {_task.Tid} has ended");
        }

        output.Complete();
    }

    private void Start(in TaskDiagReader reader)
    {
        if (_shown is null)
        {
            _shown = (chosen ?? TasksShow.OfSequence(reader.Sequence)) | TaskDiagShow.Base;
            output.Begin(_shown.Value);
        }

        _task.Start(reader.Pid, reader.Tgid);
        Told?.Add((int)reader.Pid);
        _fresh = TaskDiagShow.None;
        _written = false;
    }

    private void Take(TaskDiagAttribute type, ReadOnlySpan<byte> payload)
    {
        if (type == TaskDiagAttribute.ExtFiles)
        {
            _files.Take(payload);
            return;
        }

        TaskDiagShow show = (int)type < 64 ? (TaskDiagShow)(1UL << (int)type) : TaskDiagShow.None;
        if ((show & (_shown.GetValueOrDefault() | TaskDiagShow.ExtGaps)) == 0)
        {
            return;
        }

        _task.Take(show, type, payload);
        if (type == TaskDiagAttribute.Vma)
        {
            TakeVmas(payload);
        }
        else if (type != TaskDiagAttribute.ExtGaps)
        {
            _fresh |= show;
        }
    }

    private void TakeVmas(ReadOnlySpan<byte> payload)
    {
        if (!_written)
        {
            WriteValues();
        }

        bool withStat = (_shown & TaskDiagShow.VmaStat) != 0;
        TaskDiagVmaReader vmas = new(payload);
        while (vmas.Next())
        {
            TaskDiagVma vma = vmas.Current;
            output.Mapping(vma, _files.NameOf(vma, vmas.Name), withStat && vmas.HasStat ? vmas.Stat : null);
        }
    }

    private void Finish()
    {
        if (!_written || _fresh != TaskDiagShow.None)
        {
            WriteValues();
        }

        output.End(_task);
    }

    private void WriteValues()
    {
        output.Values(_task, _fresh);
        _fresh = TaskDiagShow.None;
        _written = true;
    }
}
