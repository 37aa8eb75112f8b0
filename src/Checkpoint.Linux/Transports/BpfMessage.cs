using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Checkpoint.Linux.Bpf;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>Hands over one message that a program wrote as task_diag's: keys become paths and numbers of files.</summary>
internal sealed class BpfMessage : IDisposable
{
    private const TaskDiagShow Paths = TaskDiagShow.ExtExe | TaskDiagShow.ExtCwd | TaskDiagShow.ExtRoot | TaskDiagShow.ExtComm;

    // A message of a program and the paths (or gaps) that it gets are below this, so an empty buffer always takes one.
    private const int PathRoom = (4 * (ExePath.Room + TaskDiagWire.AttributeHeadSize)) + TaskDiagWire.AttributeHeadSize;

    private readonly VmaWalk _walk;
    private readonly BpfNames _names;
    private readonly BpfProcess _process;
    private readonly byte[] _text = new byte[ExePath.Room];
    private readonly List<TaskDiagExtGap> _gaps = [];
    private TaskDiagShow _show;
    private bool _resolved;
    private int _filesTold;

    /// <summary>Sets up the look-ups.</summary>
    /// <param name="procfd">The open <c>/proc</c>.</param>
    /// <param name="buildIds">Build IDs that are known already.</param>
    internal BpfMessage(int procfd, BuildIdCache buildIds)
    {
        _walk = ProcfsTaskDiag.Maps(procfd);
        _process = new BpfProcess(procfd, _walk);
        _names = new BpfNames(_process, _walk, new MappedFiles(ProcfsTaskDiag.Maps(procfd), buildIds));
    }

    /// <summary>How procfs reads VMA lists here.</summary>
    internal string ProcfsSource => _walk.Source;

    /// <summary>Whether messages of such an answer have keys.</summary>
    internal static bool HasKeys(TaskDiagShow show) => (show & (Paths | TaskDiagShow.Vma)) != 0;

    /// <summary>Starts on another answer.</summary>
    internal void Start(TaskDiagShow show)
    {
        Drop();
        _show = show;
        _names.StartAnswer();
    }

    /// <summary>Forgets the message that was not handed over whole, and the process that was asked.</summary>
    internal void Drop()
    {
        _resolved = false;
        _names.Stop();
        _process.Close();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _names.Dispose();
        _process.Close();
        _walk.Dispose();
    }

    /// <summary>Hands over a message, after the files that it is the first to name. Called again with what did not fit.</summary>
    /// <param name="message">Whole; its VMA records are changed in place.</param>
    /// <param name="room">Where to.</param>
    /// <returns>Bytes written; negative or 0 when the message itself did not fit any more.</returns>
    internal int Copy(Span<byte> message, Span<byte> room)
    {
        uint tid = MemoryMarshal.Read<uint>(message[16..]);
        uint tgid = MemoryMarshal.Read<uint>(message[20..]);
        uint sequence = MemoryMarshal.Read<uint>(message[8..]);
        if (!_resolved)
        {
            Resolve((int)tgid, message);
            ThreadProgress.Note(CapturePart.Task);
            _resolved = true;
            _filesTold = 0;
        }

        int written = 0;
        while (_filesTold < _names.Fresh.Count)
        {
            TaskDiagWriter files = new(room[written..]);
            if (!files.TryBeginMessage(tid, tgid, sequence) || !TellFiles(ref files))
            {
                return -written;
            }

            files.EndMessage(continued: true);
            written += files.Length;
        }

        bool last = (MemoryMarshal.Read<uint>(message[24..]) & TaskDiagWire.FlagContinued) == 0;
        int pages = last ? _names.PageSizes.Count * TaskDiagExtPageSize.Size : 0;
        if (room.Length - written < message.Length + PathRoom + (2 * TaskDiagWire.AttributeHeadSize) + TaskDiagExtGap.Size + pages)
        {
            return -written;
        }

        _names.Fresh.Clear();
        TaskDiagWriter writer = new(room[written..]);
        _ = writer.TryBeginMessage(tid, tgid, sequence);
        TaskDiagReader reader = new(message);
        _ = reader.NextMessage();
        while (reader.NextAttribute())
        {
            if ((ushort)reader.Type == BpfRun.KeysAttribute)
            {
                TellPaths(ref writer, (int)tgid, MemoryMarshal.Read<BpfPathKeys>(reader.Payload));
            }
            else if (reader.Payload.IsEmpty)
            {
                _ = writer.TryAdd(reader.Type, default); // says that there are none, of groups for example
            }
            else if (writer.TryBeginAttribute(reader.Type, out Span<byte> payload))
            {
                reader.Payload.CopyTo(payload);
                writer.EndAttribute(reader.Payload.Length);
            }
        }

        if (last && (_show & TaskDiagShow.Vma) != 0 && (_show & TaskDiagShow.ExtPageSizes) != 0)
        {
            TellPageSizes(ref writer);
        }

        if (last && _names.TakeLostName() && (_show & TaskDiagShow.ExtGaps) != 0
            && writer.TryReserve(TaskDiagAttribute.ExtGaps, TaskDiagExtGap.Size, out Span<byte> gap))
        {
            new TaskDiagExtGap(CapturePart.Maps, Errno.ENAMETOOLONG).Write(gap);
        }

        writer.EndMessage(continued: !last);
        _resolved = false;
        return written + writer.Length;
    }

    private void Resolve(int tgid, Span<byte> message)
    {
        int at = TaskDiagWire.MessageSize;
        while (at + TaskDiagWire.AttributeHeadSize <= message.Length)
        {
            int length = MemoryMarshal.Read<ushort>(message[at..]);
            if (MemoryMarshal.Read<ushort>(message[(at + 2)..]) == (ushort)TaskDiagAttribute.Vma)
            {
                _names.Resolve(tgid, message[(at + TaskDiagWire.AttributeHeadSize)..(at + length)], (_show & TaskDiagShow.ExtBuildIds) != 0);
            }

            at += Math.Max(TaskDiagWire.Align(length), TaskDiagWire.AttributeHeadSize);
        }
    }

    /// <summary>Tells as many files as there is room for.</summary>
    /// <returns>Whether there was room for one.</returns>
    private bool TellFiles(ref TaskDiagWriter writer)
    {
        List<BpfFile> files = _names.Fresh;
        int first = _filesTold;
        for (; _filesTold < files.Count; _filesTold++)
        {
            BpfFile file = files[_filesTold];
            TaskDiagExtFile record = new((uint)file.Number, file.Major, file.Minor, file.Inode, file.Name);
            int withId = file.Facts is null ? 0 : TaskDiagWire.AttributeHeadSize + TaskDiagExtBuildId.Size;
            if (writer.Remaining < TaskDiagWire.AttributeHeadSize + record.Size + withId)
            {
                break;
            }

            _ = writer.TryReserve(TaskDiagAttribute.ExtFiles, record.Size, out Span<byte> room);
            record.Write(room);
            if (file.Facts is { } facts && writer.TryReserve(TaskDiagAttribute.ExtBuildIds, TaskDiagExtBuildId.Size, out room))
            {
                facts.Record(0, (uint)file.Number).Write(room);
            }
        }

        return _filesTold > first;
    }

    private void TellPaths(ref TaskDiagWriter writer, int tgid, in BpfPathKeys keys)
    {
        _gaps.Clear();
        int directory = _process.Directory(tgid, (int)keys.Owner);
        ReadOnlySpan<byte> path = Link("exe\0"u8, CapturePart.Exe, keys.ExeDentry, directory);
        if (!path.IsEmpty)
        {
            bool deleted = ExePath.TakeMark(directory, "exe\0"u8, ref path);
            TaskDiagExtExe exe = new(path, deleted);
            _ = writer.TryReserve(TaskDiagAttribute.ExtExe, exe.Size, out Span<byte> room);
            exe.Write(room);
        }

        Tell(ref writer, TaskDiagAttribute.ExtCwd, Link("cwd\0"u8, CapturePart.Cwd, keys.CwdDentry, directory));
        Tell(ref writer, TaskDiagAttribute.ExtRoot, Link("root\0"u8, CapturePart.Root, keys.RootDentry, directory));
        if ((_show & TaskDiagShow.ExtGaps) != 0 && _gaps.Count > 0
            && writer.TryReserve(TaskDiagAttribute.ExtGaps, _gaps.Count * TaskDiagExtGap.Size, out Span<byte> gaps))
        {
            for (int i = 0; i < _gaps.Count; i++)
            {
                _gaps[i].Write(gaps[(i * TaskDiagExtGap.Size)..]);
            }
        }

        if ((_show & TaskDiagShow.ExtComm) != 0 && (keys.Flags & BpfPathKeys.KernelThread) != 0)
        {
            byte[] text = _text;
            int length = directory < 0 ? 0 : ProcFile.ReadOnce(directory, "comm\0"u8, ref text) - 1;
            Tell(ref writer, TaskDiagAttribute.ExtComm, length >= TaskComm.Size ? text.AsSpan(0, length) : []);
        }
    }

    /// <summary>
    /// The text of a link that was there when the program ran; a text that cannot be had is a gap. It is read of each process: to
    /// keep one for others, it would have to be certain that the link still leads to the same dentry, and to ask may wait for ever.
    /// </summary>
    /// <returns>The text, valid until the next call.</returns>
    private ReadOnlySpan<byte> Link(ReadOnlySpan<byte> link, CapturePart part, ulong dentry, int directory)
    {
        if (dentry == 0)
        {
            return default;
        }

        int length = directory < 0 ? directory : ProcFile.ReadLink(directory, link, _text);
        if (length > 0)
        {
            return _text.AsSpan(0, length);
        }

        // A task that is gone meanwhile has none any more.
        _gaps.Add(new TaskDiagExtGap(part, length is 0 or -Errno.ENOENT ? Errno.ESRCH : -length));
        return default;
    }

    private static void Tell(ref TaskDiagWriter writer, TaskDiagAttribute type, ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty)
        {
            _ = writer.TryAdd(type, text);
        }
    }

    /// <summary>Empty: all are the system's.</summary>
    private void TellPageSizes(ref TaskDiagWriter writer)
    {
        List<TaskDiagExtPageSize> sizes = _names.PageSizes;
        if (!writer.TryReserve(TaskDiagAttribute.ExtPageSizes, sizes.Count * TaskDiagExtPageSize.Size, out Span<byte> room))
        {
            return;
        }

        for (int i = 0; i < sizes.Count; i++)
        {
            sizes[i].Write(room[(i * TaskDiagExtPageSize.Size)..]);
        }

        sizes.Clear();
    }
}
