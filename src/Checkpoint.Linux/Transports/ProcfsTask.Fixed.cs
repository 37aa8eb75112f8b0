using System;
using System.Numerics;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <content>The attributes of bounded size: from stat and status, and what could not be read.</content>
internal sealed partial class ProcfsTask
{
    private const TaskDiagShow FromStat =
        TaskDiagShow.Base | TaskDiagShow.Stat | TaskDiagShow.ExtSched | TaskDiagShow.ExtMm | TaskDiagShow.ExtComm | TaskDiagShow.ExtGroupStat;

    private const TaskDiagShow FromStatus =
        TaskDiagShow.Cred | TaskDiagShow.Statm | TaskDiagShow.ExtSecurity | TaskDiagShow.ExtSignals | TaskDiagShow.ExtGroups
        | TaskDiagShow.ExtNsPids | TaskDiagShow.ExtUmask;

    /// <summary>
    /// Whether a request needs no more than one file of each task, which then is opened by its path. The link that tells
    /// whether the caller may look at the task does not count: it supplies no data that could be another process's.
    /// </summary>
    internal static bool NeedsOneFile(TaskDiagShow show)
    {
        TaskDiagShow others = show & ~(FromStat | FromStatus | FromWalk | TaskDiagShow.VmaStat | TaskDiagShow.ExtGaps | TaskDiagShow.Hidden);
        int files = BitOperations.PopCount((ulong)others) + (Asked(show, FromStat) ? 1 : 0) + (Asked(show, FromStatus) ? 1 : 0)
            + (Asked(show, FromWalk) ? 1 : 0);

        // Namespaces are eight links; build IDs may need the mapped files themselves.
        return files <= 1 && !Asked(show, TaskDiagShow.ExtNamespaces | TaskDiagShow.ExtBuildIds);
    }

    private int _groupsLength;
    private bool _gone;

    /// <summary>Writes the attributes of bounded size.</summary>
    /// <returns>
    /// False: the task is not told. It is hidden from the caller, and hidden ones were not asked for; or it has vanished
    /// since it was listed, and gaps were not asked for.
    /// </returns>
    private bool WriteFixed(ref TaskDiagWriter writer, TaskDiagShow show)
    {
        if (!_cursor.PerThread || !_whole)
        {
            // STAT is the sum already, or this thread's own.
            show &= ~TaskDiagShow.ExtGroupStat;
        }

        _gone = false;
        _groupsLength = 0;
        // stat before all else: an exec in between then shows as a layout that no later look at stat finds again.
        int statLength = 0;
        if (Asked(show, FromStat))
        {
            statLength = ProcFile.ReadOnce(_cursor.Directory, OwnPath("stat"u8), ref _stat);
            AddGapUnlessDone(CapturePart.Stat, statLength);
        }

        if (_gone && !Asked(show, TaskDiagShow.ExtGaps))
        {
            return false;
        }

        ProcStat stat = default;
        bool hasStat = statLength > 0 && Parsed(CapturePart.Stat, ProcStat.TryParse(_stat.AsSpan(0, statLength), out stat));
        if (!Asked(show, TaskDiagShow.Hidden) && !MayInspect(hasStat, stat.Layout.StartCode))
        {
            Refused++;
            return false;
        }

        ProcStatus status = default;
        bool hasStatus = !_gone && Asked(show, FromStatus) && ReadStatus(OwnPath("status"u8), show, out status);
        if (hasStat)
        {
            WriteStat(ref writer, show, stat, hasStatus ? status.TracerPid : 0);
        }

        if (hasStatus)
        {
            WriteStatus(ref writer, show, status);
        }

        if (!_gone)
        {
            WriteLinks(ref writer, show);
        }

        return true;
    }

    /// <summary>
    /// Whether the caller may ptrace-read the task. The kernel tells by the start of the code in stat (1: no), but not of a
    /// task without memory; there a link that the same check guards is tried.
    /// </summary>
    private bool MayInspect(bool hasStat, ulong startCode) => hasStat && startCode != 0
        ? startCode != 1
        : ProcFile.ReadLink(_cursor.Directory, OwnPath("ns/user"u8), _link) is not (-Errno.EACCES or -Errno.EPERM);

    private void WriteStat(ref TaskDiagWriter writer, TaskDiagShow show, in ProcStat stat, int tracer)
    {
        _mayHaveMemory = stat.MayHaveMemory;
        if (Asked(show, TaskDiagShow.Base) && writer.TryReserve(TaskDiagAttribute.Base, TaskDiagBase.Size, out Span<byte> room))
        {
            new TaskDiagBase(
                (uint)_tgid, (uint)_tid, (uint)stat.Ppid, (uint)tracer, (uint)stat.Sid, (uint)stat.Pgid,
                stat.State, new TaskComm(stat.Comm)).Write(room);
        }

        if (Asked(show, TaskDiagShow.ExtComm) && stat.Comm.Length >= TaskComm.Size)
        {
            _ = writer.TryAdd(TaskDiagAttribute.ExtComm, stat.Comm);
        }

        if (Asked(show, TaskDiagShow.Stat) && writer.TryReserve(TaskDiagAttribute.Stat, TaskDiagStat.Size, out room))
        {
            new TaskDiagStat(stat.Counters, (uint)stat.ThreadCount).Write(room);
        }

        if (Asked(show, TaskDiagShow.ExtSched) && writer.TryReserve(TaskDiagAttribute.ExtSched, TaskDiagExtSched.Size, out room))
        {
            new TaskDiagExtSched(
                stat.StartTimeTicks, stat.Flags, stat.TtyNr, stat.TpGid, stat.Priority, stat.Nice, stat.RtPriority, stat.Policy,
                stat.Processor, stat.ExitSignal, stat.ExitCode).Write(room);
        }

        MemoryLayout layout = stat.Layout;
        bool layoutKnown = !stat.LayoutHidden;
        if (_whole && stat.State == TaskState.Zombie && _cursor.PerThread)
        {
            FindLiveThread(ref layout, ref layoutKnown);
        }

        if (_whole && layoutKnown && _mayHaveMemory && Asked(show, TaskDiagShow.ExtMm)
            && writer.TryReserve(TaskDiagAttribute.ExtMm, TaskDiagExtMm.Size, out room))
        {
            new TaskDiagExtMm(layout).Write(room);
        }

        if (Asked(show, TaskDiagShow.ExtGroupStat))
        {
            WriteGroupStat(ref writer);
        }
    }

    private void WriteGroupStat(ref TaskDiagWriter writer)
    {
        int length = ProcFile.ReadOnce(_cursor.Directory, "stat\0"u8, ref _stat);
        if (Readable(CapturePart.Stat, length) && Parsed(CapturePart.Stat, ProcStat.TryParse(_stat.AsSpan(0, length), out ProcStat group))
            && writer.TryReserve(TaskDiagAttribute.ExtGroupStat, TaskDiagStat.Size, out Span<byte> room))
        {
            new TaskDiagStat(group.Counters, (uint)group.ThreadCount).Write(room);
        }
    }

    /// <summary>When the leader is a zombie and other threads live, what they share is readable only below one of those.</summary>
    private void FindLiveThread(ref MemoryLayout layout, ref bool known)
    {
        foreach (int tid in _cursor.Tids)
        {
            int length = tid == _tid ? 0 : ProcFile.ReadOnce(_cursor.Directory, Path(tid, "stat"u8), ref _stat);
            if (length > 0 && ProcStat.TryParse(_stat.AsSpan(0, length), out ProcStat other) && other.MayHaveMemory)
            {
                _shared = tid;
                _mayHaveMemory = true;
                layout = other.Layout;
                known = !other.LayoutHidden;
                return;
            }
        }
    }

    private bool ReadStatus(ReadOnlySpan<byte> path, TaskDiagShow show, out ProcStatus status)
    {
        status = default;
        int length = ProcFile.ReadOnce(_cursor.Directory, path, ref _status);
        return Readable(CapturePart.Status, length)
            && Parsed(CapturePart.Status, ProcStatus.TryParse(
                _status.AsSpan(0, length), Asked(show, TaskDiagShow.Statm), Asked(show, TaskDiagShow.ExtSignals), out status));
    }

    /// <summary>Whether a read worked; otherwise notes the gap.</summary>
    private bool Readable(CapturePart part, int result)
    {
        AddGapUnlessDone(part, result);
        return result >= 0;
    }

    private bool Parsed(CapturePart part, bool parsed)
    {
        if (!parsed)
        {
            AddGap(part, Errno.EPROTO);
        }

        return parsed;
    }

    /// <summary>Notes a gap for a negative result. A directory entry that is gone means that the task is.</summary>
    private void AddGapUnlessDone(CapturePart part, int result)
    {
        if (result is -Errno.ENOENT or -Errno.ESRCH)
        {
            if (!_gone)
            {
                _gone = true;
                AddGap(CapturePart.Task, Errno.ESRCH);
            }
        }
        else if (result < 0)
        {
            AddGap(part, -result);
        }
    }

    private void AddGap(CapturePart part, int errno)
    {
        if (_gapCount < _gaps.Length)
        {
            _gaps[_gapCount++] = new TaskDiagExtGap(part, errno);
        }
    }

    private void WriteGaps(ref TaskDiagWriter writer)
    {
        if (_gapCount == 0 || !writer.TryReserve(TaskDiagAttribute.ExtGaps, _gapCount * TaskDiagExtGap.Size, out Span<byte> room))
        {
            return;
        }

        for (int i = 0; i < _gapCount; i++)
        {
            _gaps[i].Write(room[(i * TaskDiagExtGap.Size)..]);
        }
    }
}
