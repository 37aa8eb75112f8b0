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
        _groupsLength = -1;
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

        int exitCode = stat.ExitCode;
        if (_whole && _cursor.PerThread)
        {
            WriteGroupStat(ref writer, show, stat.State, ref exitCode);
        }

        if (Asked(show, TaskDiagShow.ExtSched) && writer.TryReserve(TaskDiagAttribute.ExtSched, TaskDiagExtSched.Size, out room))
        {
            new TaskDiagExtSched(
                host.StartTime(stat.StartTimeTicks), stat.Flags, stat.TtyNr, stat.TpGid, stat.Priority, stat.Nice, stat.RtPriority,
                host.Policy(_tid, stat.Policy), stat.Processor, stat.ExitSignal, exitCode).Write(room);
        }

        MemoryLayout? layout = stat.LayoutKnown ? stat.Layout : null;
        if (_whole && stat.State == TaskState.Zombie && _cursor.PerThread)
        {
            layout = FindLiveThread() ?? layout;
        }

        if (_whole && layout.HasValue && _mayHaveMemory && Asked(show, TaskDiagShow.ExtMm)
            && writer.TryReserve(TaskDiagAttribute.ExtMm, TaskDiagExtMm.Size, out room))
        {
            new TaskDiagExtMm(layout.GetValueOrDefault()).Write(room);
        }
    }

    /// <summary>
    /// What stat of the process has and stat of its leader's thread has not: sums over all threads, and the exit code of a
    /// process that is stopped or ending, which is the signal that stopped it.
    /// </summary>
    private void WriteGroupStat(ref TaskDiagWriter writer, TaskDiagShow show, TaskState leader, ref int exitCode)
    {
        bool mayDiffer = Asked(show, TaskDiagShow.ExtSched) && leader is TaskState.Stopped or TaskState.TracingStop or TaskState.Zombie or TaskState.Dead;
        if (!Asked(show, TaskDiagShow.ExtGroupStat) && !mayDiffer)
        {
            return;
        }

        int length = ProcFile.ReadOnce(_cursor.Directory, Path(0, "stat"u8), ref _groupStat);
        if (!Readable(CapturePart.Stat, length) || !Parsed(CapturePart.Stat, ProcStat.TryParse(_groupStat.AsSpan(0, length), out ProcStat group)))
        {
            return;
        }

        exitCode = group.ExitCode;
        if (Asked(show, TaskDiagShow.ExtGroupStat) && writer.TryReserve(TaskDiagAttribute.ExtGroupStat, TaskDiagStat.Size, out Span<byte> room))
        {
            new TaskDiagStat(group.Counters, (uint)group.ThreadCount).Write(room);
        }
    }

    /// <summary>When the leader is a zombie and other threads live, what they share is readable only below one of those.</summary>
    /// <returns>The layout of their memory, if one was found and it tells.</returns>
    private MemoryLayout? FindLiveThread()
    {
        foreach (int tid in _cursor.Tids)
        {
            int length = tid == _tid ? 0 : ProcFile.ReadOnce(_cursor.Directory, Path(tid, "stat"u8), ref _stat);
            if (length > 0 && ProcStat.TryParse(_stat.AsSpan(0, length), out ProcStat other) && other.MayHaveMemory)
            {
                _shared = tid;
                _mayHaveMemory = true;
                return other.LayoutKnown ? other.Layout : null;
            }
        }

        return null;
    }

    private bool ReadStatus(ReadOnlySpan<byte> path, TaskDiagShow show, out ProcStatus status)
    {
        status = default;
        int length = ProcFile.ReadOnce(_cursor.Directory, path, ref _status);
        AddFileGap(CapturePart.Status, "status"u8, length);
        return length >= 0 && Parsed(CapturePart.Status, ProcStatus.TryParse(
                _status.AsSpan(0, length), Asked(show, TaskDiagShow.Statm), Asked(show, TaskDiagShow.ExtSignals), out status));
    }
}
