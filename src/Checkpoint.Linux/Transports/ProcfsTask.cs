using System;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>
/// Writes one task as one or more messages. Only files that an asked-for attribute needs are opened. What a process's
/// threads share is told with its leader.
/// </summary>
internal sealed partial class ProcfsTask(VmaWalk plainWalk, VmaFindings findings, ProcfsHost host) : IDisposable
{
    private const TaskDiagShow FromWalk = TaskDiagShow.Vma | TaskDiagShow.ExtBuildIds | TaskDiagShow.ExtPageSizes;

    private enum Stage
    {
        Fixed,
        Groups,
        Cmdline,
        Environ,
        Vmas,
        BuildIds,
        PageSizes,
        Finished,
    }

    private readonly SmapsWalk _smaps = new();
    private VmaWalk? _walk; // the one in use
    private readonly byte[] _path = new byte[ProcPath.MaxLength];

    // Nothing in a buffer outlives the stage that it was read for, but groups, which have one of their own.
    private byte[] _stat = new byte[1024];
    private byte[] _groupStat = new byte[1024];
    private byte[] _status = new byte[4096];
    private byte[] _groups = new byte[1024];
    private int _groupsLength; // -1: not told
    private byte[] _blob = new byte[8192];
    private int _blobLength;
    private int _blobSent;
    private bool _tells; // the stage has an answer, though it be empty
    private Stage _stage = Stage.Finished;
    private TaskCursor _cursor = null!;
    private int _tid;
    private int _tgid;
    private bool _whole;
    private bool _mayHaveMemory;
    private int _shared; // the thread to read shared files below, 0 = the process's own directory
    private bool _walking;
    private bool _tellsVmas;

    /// <summary>Bytes of a command line or environment that are told; a gap with E2BIG stands for the rest.</summary>
    internal int MaxText { get; set; } = Math.Max(CaptureLimits.CommandLineBytes, CaptureLimits.EnvironBytes);

    /// <summary>Tasks that were not told because the caller may not inspect them; the caller resets it.</summary>
    internal int Refused { get; set; }

    /// <summary>Whether nothing of the current task is left to write.</summary>
    internal bool Finished => _stage == Stage.Finished;

    /// <summary>Starts on the cursor's task.</summary>
    internal void Start(TaskCursor cursor)
    {
        ThreadProgress.Note(CapturePart.Task, cursor.Tgid);
        _cursor = cursor;
        _tid = cursor.Tid;
        _tgid = cursor.Tgid;
        _whole = !cursor.PerThread || _tid == _tgid;
        _shared = 0;
        _mayHaveMemory = true;
        _gapCount = 0;
        _stage = Stage.Fixed;
    }

    /// <summary>Drops what is left of the current task.</summary>
    internal void Abandon()
    {
        _stage = Stage.Finished;
        _walk?.Close();
        findings.Stop();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        plainWalk.Dispose();
        findings.Dispose();
        _smaps.Dispose();
    }

    /// <summary>Writes one message: as much of the task as the room holds.</summary>
    /// <param name="writer">Has room for the fixed attributes and one of the largest size.</param>
    /// <param name="request">What is asked for.</param>
    internal void WriteMessage(ref TaskDiagWriter writer, in TaskDiagRequest request)
    {
        _ = writer.TryBeginMessage((uint)_tid, (uint)_tgid, request.Sequence);
        if (_stage == Stage.Fixed)
        {
            if (!WriteFixed(ref writer, request.Show))
            {
                writer.CancelMessage();
                _stage = Stage.Finished;
                return;
            }

            Enter(Stage.Groups, request.Show);
        }

        while (_stage != Stage.Finished && WriteStage(ref writer))
        {
            Enter(_stage + 1, request.Show);
        }

        if (_stage == Stage.Finished)
        {
            WriteLast(ref writer, request.Show);
        }

        writer.EndMessage(continued: _stage != Stage.Finished);
    }

    /// <summary>Goes to a stage and reads what it sends; stages without content are passed over by <see cref="WriteStage"/>.</summary>
    private void Enter(Stage stage, TaskDiagShow show)
    {
        _stage = stage;
        _blobLength = _blobSent = 0;
        _tells = false;
        ThreadProgress.Note(stage switch
        {
            Stage.Cmdline => CapturePart.Cmdline,
            Stage.Environ => CapturePart.Environ,
            Stage.Vmas => CapturePart.Maps,
            _ => CapturePart.Task,
        });
        switch (stage)
        {
            case Stage.Groups:
                _tells = _groupsLength >= 0;
                _blobLength = Math.Max(_groupsLength, 0);
                break;
            case Stage.Cmdline when _whole && Asked(show, TaskDiagShow.Cmdline) && !_gone:
                ReadBlob("cmdline"u8, CapturePart.Cmdline);
                break;
            case Stage.Environ when _whole && Asked(show, TaskDiagShow.ExtEnviron) && _mayHaveMemory && !_gone:
                ReadBlob("environ"u8, CapturePart.Environ);
                break;
            case Stage.Vmas when _whole && Asked(show, FromWalk) && _mayHaveMemory && !_gone:
                _tellsVmas = Asked(show, TaskDiagShow.Vma);
                _walk = Asked(show, TaskDiagShow.VmaStat) ? _smaps : plainWalk;
                findings.Start(_cursor.Directory, SharedPath("maps"u8), Asked(show, TaskDiagShow.ExtBuildIds));
                bool wantsFindings = Asked(show, TaskDiagShow.ExtBuildIds | TaskDiagShow.ExtPageSizes);
                int opened = KernelLacks(CapturePart.Maps) ? 1 : _walk.Open(_cursor.Directory, SharedPath(_walk.FileName), wantsFindings ? findings : null);
                _walking = opened == 0;
                AddFileGap(CapturePart.Maps, _walk.FileName, opened);
                break;
            case Stage.Vmas:
                _walking = false;
                break;
            case Stage.BuildIds when _walking && Asked(show, TaskDiagShow.ExtBuildIds):
                _blobLength = findings.EncodeBuildIds(ref _blob);
                break;
            case Stage.PageSizes when _walking && Asked(show, TaskDiagShow.ExtPageSizes):
                _blobLength = findings.EncodePageSizes(ref _blob);
                break;
            default:
                break;
        }
    }

    /// <summary>Writes the current stage's content.</summary>
    /// <returns>Whether it is complete; otherwise the message is full.</returns>
    private bool WriteStage(ref TaskDiagWriter writer) => _stage switch
    {
        Stage.Groups => WriteBlob(ref writer, TaskDiagAttribute.ExtGroups, sizeof(uint), _groups),
        Stage.Cmdline => WriteBlob(ref writer, TaskDiagAttribute.Cmdline, 1, _blob),
        Stage.Environ => WriteBlob(ref writer, TaskDiagAttribute.ExtEnviron, 1, _blob),
        Stage.Vmas => !_walking || WriteVmas(ref writer),
        Stage.BuildIds => WriteBlob(ref writer, TaskDiagAttribute.ExtBuildIds, TaskDiagExtBuildId.Size, _blob),
        Stage.PageSizes => WriteBlob(ref writer, TaskDiagAttribute.ExtPageSizes, TaskDiagExtPageSize.Size, _blob),
        _ => true,
    };

    private void WriteLast(ref TaskDiagWriter writer, TaskDiagShow show)
    {
        if (_walking && Asked(show, TaskDiagShow.ExtPageSizes) && findings.PageSizes.Count == 0 && _walk!.TellsPageSizes)
        {
            // Empty: all are the system's.
            _ = writer.TryAdd(TaskDiagAttribute.ExtPageSizes, default);
        }

        if (_walking && Asked(show, TaskDiagShow.ExtTotalVm))
        {
            WriteTotalVm(ref writer);
        }

        if (Asked(show, TaskDiagShow.ExtGaps))
        {
            WriteGaps(ref writer);
        }
    }

    private bool WriteBlob(ref TaskDiagWriter writer, TaskDiagAttribute type, int unit, byte[] blob)
    {
        if (_blobLength == 0)
        {
            // Empty is an answer too.
            return !_tells || writer.TryAdd(type, default);
        }

        ReadOnlySpan<byte> rest = blob.AsSpan(_blobSent, _blobLength - _blobSent);
        _blobSent += writer.AddPart(type, rest, unit);
        return _blobSent == _blobLength;
    }

    private bool WriteVmas(ref TaskDiagWriter writer)
    {
        if (!_tellsVmas)
        {
            return Walked(DrainWalk());
        }

        // Less room than a record with the longest name takes is left for the next message.
        if (writer.Remaining < TaskDiagVma.Size + (2 * PathRoom) || !writer.TryBeginAttribute(TaskDiagAttribute.Vma, out Span<byte> room))
        {
            return false;
        }

        TaskDiagVmaWriter vmas = new(room);
        int result = _walk!.Fill(ref vmas);
        writer.EndAttribute(vmas.Length);
        if (result == 1)
        {
            return false;
        }

        return Walked(result);
    }

    /// <summary>Walks for the findings alone.</summary>
    private int DrainWalk()
    {
        int result;
        do
        {
            TaskDiagVmaWriter nowhere = new(_blob);
            result = _walk!.Fill(ref nowhere);
        }
        while (result == 1);
        return result;
    }

    private bool Walked(int result)
    {
        _walk!.Close();
        findings.Stop();
        if (_walk.LostName)
        {
            AddGap(CapturePart.Maps, Errno.ENAMETOOLONG);
        }

        if (result == -Errno.ESRCH)
        {
            AfterLostMemory();
        }
        else
        {
            AddGapUnlessDone(CapturePart.Maps, result);
        }

        return true;
    }

    private void ReadBlob(ReadOnlySpan<byte> name, CapturePart part)
    {
        if (KernelLacks(part))
        {
            return;
        }

        int length = ProcFile.ReadStart(_cursor.Directory, SharedPath(name), ref _blob, MaxText + 1);
        if (length == 0 && _mayHaveMemory && IsExiting())
        {
            // It is empty for a task that has let go of its memory.
            AddGap(part, Errno.ESRCH);
            return;
        }

        AddFileGap(part, name, length > MaxText ? -Errno.E2BIG : length);
        _tells = length > 0 || (length == 0 && _mayHaveMemory);
        _blobLength = Math.Clamp(length, 0, MaxText);
    }

    private static bool Asked(TaskDiagShow show, TaskDiagShow flags) => (show & flags) != 0;
}
