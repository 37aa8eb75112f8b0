using System;
using System.Collections.Generic;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Cli.Rendering;

/// <summary>What an answer has told of one task so far, its VMAs apart, which nobody keeps. One record serves all tasks in turn.</summary>
internal sealed class TasksRecord
{
    /// <summary>Bytes of a command line that are kept: one less than transports tell of a longer one, so that it shows that it was cut.</summary>
    internal const int MaxCmdline = CaptureLimits.CommandLineBytes - 1;

    /// <summary>Gaps that are kept; a task has at most one for each part of it.</summary>
    internal const int MaxGaps = 256;

    private byte[] _cmdline = new byte[4096];
    private int _cmdlineLength;

    /// <summary>Thread id.</summary>
    internal uint Tid { get; private set; }

    /// <summary>Process id.</summary>
    internal uint Tgid { get; private set; }

    /// <summary>What has come of this task.</summary>
    internal TaskDiagShow Told { get; private set; }

    /// <summary>Who it is.</summary>
    internal TaskDiagBase? Base { get; private set; }

    /// <summary>What it may do.</summary>
    internal TaskDiagCred? Cred { get; private set; }

    /// <summary>Faults and CPU times.</summary>
    internal TaskDiagStat? Stat { get; private set; }

    /// <summary>Sizes in pages.</summary>
    internal TaskDiagStatm? Statm { get; private set; }

    /// <summary>The command line's first <see cref="MaxCmdline"/> bytes; empty when it was not told.</summary>
    internal ReadOnlySpan<byte> Cmdline => _cmdline.AsSpan(0, _cmdlineLength);

    /// <summary>Whether the command line is longer than what is kept.</summary>
    internal bool CmdlineCut { get; private set; }

    /// <summary>What could not be read.</summary>
    internal List<TaskDiagExtGap> Gaps { get; } = [];

    /// <summary>
    /// The tracer, 0 = none, null = not known: procfs tells it in <c>status</c> alone, which is read for credentials and
    /// sizes only, and BASE has no way to say so.
    /// </summary>
    internal uint? TracerPid =>
        Base is { TracerPid: > 0 } traced ? traced.TracerPid
        : (Told & (TaskDiagShow.Cred | TaskDiagShow.Statm)) != 0 ? Base?.TracerPid
        : null;

    /// <summary>Starts on another task.</summary>
    internal void Start(uint tid, uint tgid)
    {
        Tid = tid;
        Tgid = tgid;
        Told = TaskDiagShow.None;
        Base = null;
        Cred = null;
        Stat = null;
        Statm = null;
        _cmdlineLength = 0;
        CmdlineCut = false;
        Gaps.Clear();
    }

    /// <summary>Takes an attribute in; those without a place here are only noted as told.</summary>
    /// <param name="show">The attribute's bit.</param>
    /// <param name="type">The attribute.</param>
    /// <param name="payload">Its payload.</param>
    /// <exception cref="WireFormatException">The payload is not the attribute's, or one of fixed size came twice.</exception>
    internal void Take(TaskDiagShow show, TaskDiagAttribute type, ReadOnlySpan<byte> payload)
    {
        bool again = (Told & show) != 0;
        Told |= show;
        switch (type)
        {
            case TaskDiagAttribute.Cmdline:
                AddCmdline(payload);
                return;
            case TaskDiagAttribute.ExtGaps:
                AddGaps(payload);
                return;
            case TaskDiagAttribute.Vma:
                return;
            default:
                break;
        }

        if (again)
        {
            throw new WireFormatException(0, $"attribute {(int)type} of task {Tid} a second time");
        }

        switch (type)
        {
            case TaskDiagAttribute.Base: Base = TaskDiagBase.Read(payload); break;
            case TaskDiagAttribute.Cred: Cred = TaskDiagCred.Read(payload); break;
            case TaskDiagAttribute.Stat: Stat = TaskDiagStat.Read(payload); break;
            case TaskDiagAttribute.Statm: Statm = TaskDiagStatm.Read(payload); break;
            default: break;
        }
    }

    private void AddCmdline(ReadOnlySpan<byte> payload)
    {
        int kept = Math.Min(payload.Length, MaxCmdline - _cmdlineLength);
        CmdlineCut |= kept < payload.Length;
        if (_cmdlineLength + kept > _cmdline.Length)
        {
            Array.Resize(ref _cmdline, Math.Max(_cmdline.Length * 2, _cmdlineLength + kept));
        }

        payload[..kept].CopyTo(_cmdline.AsSpan(_cmdlineLength));
        _cmdlineLength += kept;
    }

    private void AddGaps(ReadOnlySpan<byte> payload)
    {
        for (; !payload.IsEmpty; payload = payload[TaskDiagExtGap.Size..])
        {
            if (Gaps.Count == MaxGaps)
            {
                throw new WireFormatException(0, $"more than {MaxGaps} gaps of task {Tid}");
            }

            Gaps.Add(TaskDiagExtGap.Read(payload));
        }
    }
}
