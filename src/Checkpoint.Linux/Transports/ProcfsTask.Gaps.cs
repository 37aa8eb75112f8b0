using System;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <content>What could not be read, and why.</content>
internal sealed partial class ProcfsTask
{
    private const int SmapsNumber = 31; // beside the numbers of CapturePart

    private readonly TaskDiagExtGap[] _gaps = new TaskDiagExtGap[16];
    private int _gapCount;
    private bool _gone;

    /// <summary>The address space is gone: not a gap when the task never had one, else it exited or executed another program.</summary>
    private void AfterLostMemory()
    {
        int length = ProcFile.ReadOnce(_cursor.Directory, Path(_shared, "stat"u8), ref _stat);
        if (length < 0)
        {
            AddGapUnlessDone(CapturePart.Maps, length);
        }
        else if (ProcStat.TryParse(_stat.AsSpan(0, length), out ProcStat now) && now.MayHaveMemory)
        {
            AddGap(CapturePart.Maps, Errno.ESRCH);
        }
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

    /// <summary>
    /// Notes a gap for a negative result. A file that is not there means that the task is gone, unless no task of this kernel
    /// has it. One that was refused may be one of a task that has let go of its memory: the kernel gives these to root.
    /// </summary>
    private void AddFileGap(CapturePart part, ReadOnlySpan<byte> name, int result)
    {
        if (result == -Errno.ENOENT && host.Files.Lacks(FileNumber(part), name))
        {
            AddGap(part, Errno.ENOSYS);
        }
        else if (result == -Errno.EACCES && IsExiting())
        {
            AddGap(part, Errno.ESRCH);
        }
        else
        {
            AddGapUnlessDone(part, result);
        }
    }

    /// <summary>Whether the kernel is known not to have a file; then there is a gap, and no need to try.</summary>
    private bool KernelLacks(CapturePart part)
    {
        bool lacks = host.Files.Lacks(FileNumber(part));
        if (lacks)
        {
            AddGap(part, Errno.ENOSYS);
        }

        return lacks;
    }

    private int FileNumber(CapturePart part) => part == CapturePart.Maps && _walk == _smaps ? SmapsNumber : (int)part;

    private bool IsExiting()
    {
        int length = ProcFile.ReadOnce(_cursor.Directory, SharedPath("stat"u8), ref _stat);
        return length < 0 || (ProcStat.TryParse(_stat.AsSpan(0, length), out ProcStat now) && now.IsExiting);
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
