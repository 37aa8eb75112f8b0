using System;
using System.Collections.Generic;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux;

/// <summary>What a task_diag answer says of one task, gathered over its messages.</summary>
internal sealed class TaskDraft(uint tgid, uint tid)
{
    private TextDraft? _cmdline;
    private TextDraft? _environ;

    internal int Tgid { get; } = (int)tgid;

    internal int Tid { get; } = (int)tid;

    internal TaskDiagBase? Base { get; private set; }

    /// <summary>Start time and scheduling; what is 0 when they were not told.</summary>
    internal TaskDiagExtSched Sched { get; private set; }

    /// <summary>Whether start time and scheduling were told.</summary>
    internal bool HasSched { get; private set; }

    /// <summary>Counts up with each exec; null: not told.</summary>
    internal uint? ExecId => Sched.ExecId;

    internal MemoryLayout? Layout { get; private set; }

    internal TaskDiagStat? Stat { get; private set; }

    internal TaskDiagStat? Group { get; private set; }

    internal TaskDiagStatm? Statm { get; private set; }

    internal TaskDiagCred? Cred { get; private set; }

    internal TaskDiagExtSecurity Security { get; private set; }

    internal SignalSets? Signals { get; private set; }

    internal Namespaces? Namespaces { get; private set; }

    internal uint? Umask { get; private set; }

    internal ulong? TotalVm { get; private set; }

    internal ByteString? LongComm { get; private set; }

    internal ByteString? Cmdline => _cmdline?.Value;

    internal ByteString? Environ => _environ?.Value;

    internal ByteString? Exe { get; private set; }

    internal bool ExeDeleted { get; private set; }

    internal ByteString? Cwd { get; private set; }

    internal ByteString? Root { get; private set; }

    internal ByteString? Label { get; private set; }

    internal uint[]? Groups { get; private set; }

    internal int[] NsPids { get; private set; } = [];

    internal List<TaskDiagExtGap> Gaps { get; } = [];

    private bool _vanished;

    /// <summary>Whether the task is there at all: one that vanished at once has nothing but a gap.</summary>
    internal bool Exists => Base is not null && !_vanished;

    /// <summary>Takes one attribute in; VMA lists are the caller's.</summary>
    /// <exception cref="WireFormatException">The payload is not the attribute's.</exception>
    internal void Apply(TaskDiagAttribute type, ReadOnlySpan<byte> payload)
    {
        switch (type)
        {
            case TaskDiagAttribute.Base: Base = TaskDiagBase.Read(payload); break;
            case TaskDiagAttribute.Cred: Cred = TaskDiagCred.Read(payload); break;
            case TaskDiagAttribute.Stat: Stat = TaskDiagStat.Read(payload); break;
            case TaskDiagAttribute.Statm: Statm = TaskDiagStatm.Read(payload); break;
            case TaskDiagAttribute.Cmdline: Append(ref _cmdline, CapturePart.Cmdline, CaptureLimits.CommandLineBytes, payload); break;
            case TaskDiagAttribute.ExtSched: (Sched, HasSched) = (TaskDiagExtSched.Read(payload), true); break;
            case TaskDiagAttribute.ExtMm: Layout = TaskDiagExtMm.Read(payload).Layout; break;
            case TaskDiagAttribute.ExtSecurity: Security = TaskDiagExtSecurity.Read(payload); break;
            case TaskDiagAttribute.ExtSignals: Signals = TaskDiagExtSignals.Read(payload).Sets; break;
            case TaskDiagAttribute.ExtGroups: Groups = [.. Groups ?? [], .. Numbers(payload)]; break;
            case TaskDiagAttribute.ExtNsPids: NsPids = Array.ConvertAll(Numbers(payload), pid => (int)pid); break;
            case TaskDiagAttribute.ExtExe: SetExe(TaskDiagExtExe.Read(payload)); break;
            case TaskDiagAttribute.ExtCwd: Cwd = new ByteString(payload); break;
            case TaskDiagAttribute.ExtRoot: Root = new ByteString(payload); break;
            case TaskDiagAttribute.ExtLabel: Label = new ByteString(payload); break;
            case TaskDiagAttribute.ExtEnviron: Append(ref _environ, CapturePart.Environ, CaptureLimits.EnvironBytes, payload); break;
            case TaskDiagAttribute.ExtNamespaces: Namespaces = TaskDiagExtNamespaces.Read(payload).Inodes; break;
            case TaskDiagAttribute.ExtGroupStat: Group = TaskDiagStat.Read(payload); break;
            case TaskDiagAttribute.ExtComm: LongComm = new ByteString(payload); break;
            case TaskDiagAttribute.ExtUmask: SetUmask(payload); break;
            case TaskDiagAttribute.ExtTotalVm: TotalVm = TaskDiagExtTotalVm.Read(payload).Pages; break;
            case TaskDiagAttribute.ExtGaps: AddGaps(payload); break;
            default: break; // newer than this reader
        }
    }

    /// <summary>Whether it has, or had when it was told of, arguments and an environment: kernel threads and zombies have none, but other threads of a zombie may.</summary>
    internal bool HasMemory => Base is not { } told
        || ((Sched.Flags & ProcStat.KernelThreadFlag) == 0 && (told.State is not (TaskState.Zombie or TaskState.Dead) || Statm is not null || Layout is not null));

    /// <summary>Notes that the task went before all was told that makes an entry of it.</summary>
    internal void NoteVanished()
    {
        _vanished = true;
        NoteGap(CapturePart.Task, Errno.ESRCH);
    }

    /// <summary>Notes that a part was asked for and not told, unless there is a gap that says why.</summary>
    /// <param name="part">The part.</param>
    /// <param name="errno">ENODATA: the source left it out.</param>
    internal void NoteGap(CapturePart part, int errno = Errno.ENODATA)
    {
        if (!HasGap(part))
        {
            Gaps.Add(new TaskDiagExtGap(part, errno));
        }
    }

    /// <summary>Whether a part, or the whole task, could not be read.</summary>
    /// <param name="part">The part.</param>
    internal bool HasGap(CapturePart part) => Gaps.Exists(gap => gap.Part == part || gap.Part == CapturePart.Task);

    /// <summary>Shares the groups of another task, if they are the same: threads have equal ones, and there may be 65,536.</summary>
    internal void ShareGroups(TaskDraft other)
    {
        if (Groups is not null && other.Groups is not null && Groups.AsSpan().SequenceEqual(other.Groups))
        {
            Groups = other.Groups;
        }
    }

    /// <summary>Notes that the answer ended within this task.</summary>
    internal void NoteTruncated() => Gaps.Add(new TaskDiagExtGap(CapturePart.Maps, Errno.EIO));

    private void Append(ref TextDraft? text, CapturePart part, int most, ReadOnlySpan<byte> payload)
    {
        bool wasCut = text?.IsCut ?? false;
        text ??= new TextDraft(most);
        text.Append(payload);
        if (text.IsCut && !wasCut)
        {
            Gaps.Add(new TaskDiagExtGap(part, Errno.E2BIG));
        }
    }

    private static uint[] Numbers(ReadOnlySpan<byte> payload)
    {
        TaskDiagUInt32List list = new(payload);
        uint[] numbers = new uint[list.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = list[i];
        }

        return numbers;
    }

    private void SetUmask(ReadOnlySpan<byte> payload)
    {
        TaskDiagUInt32List list = new(payload);
        Umask = list.Count > 0 ? list[0] : throw new WireFormatException(payload.Length, "EXT_UMASK is empty");
    }

    private void SetExe(TaskDiagExtExe exe)
    {
        Exe = new ByteString(exe.Path);
        ExeDeleted = exe.Deleted;
    }

    private void AddGaps(ReadOnlySpan<byte> payload)
    {
        for (; payload.Length >= TaskDiagExtGap.Size; payload = payload[TaskDiagExtGap.Size..])
        {
            TaskDiagExtGap gap = TaskDiagExtGap.Read(payload);
            if (gap.Errno != Errno.ESRCH || gap.Part is not (CapturePart.Cmdline or CapturePart.Environ) || HasMemory)
            {
                Gaps.Add(gap);
            }
        }
    }
}
