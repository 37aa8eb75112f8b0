using System;
using System.Runtime.InteropServices;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <content>The attributes that come from links (exe, cwd, root, namespaces) and the LSM label.</content>
internal sealed partial class ProcfsTask
{
    private const int PathRoom = ExePath.Room;

    private readonly byte[] _link = new byte[PathRoom];
    private byte[] _label = new byte[256];
    private bool _noLabels;

    private void WriteLinks(ref TaskDiagWriter writer, TaskDiagShow show)
    {
        if (Asked(show, TaskDiagShow.ExtLabel) && !_noLabels)
        {
            WriteLabel(ref writer);
        }

        if (!_whole)
        {
            return;
        }

        if (Asked(show, TaskDiagShow.ExtExe))
        {
            WriteExe(ref writer);
        }

        if (Asked(show, TaskDiagShow.ExtCwd) && TryLink("cwd"u8, CapturePart.Cwd, out int length))
        {
            _ = writer.TryAdd(TaskDiagAttribute.ExtCwd, _link.AsSpan(0, length));
        }

        if (Asked(show, TaskDiagShow.ExtRoot) && TryLink("root"u8, CapturePart.Root, out length))
        {
            _ = writer.TryAdd(TaskDiagAttribute.ExtRoot, _link.AsSpan(0, length));
        }

        if (Asked(show, TaskDiagShow.ExtNamespaces))
        {
            WriteNamespaces(ref writer);
        }
    }

    private void WriteExe(ref TaskDiagWriter writer)
    {
        if (!TryLink("exe"u8, CapturePart.Exe, out int length))
        {
            return;
        }

        ReadOnlySpan<byte> path = _link.AsSpan(0, length);
        bool deleted = ExePath.TakeMark(_cursor.Directory, SharedPath("exe"u8), ref path);
        TaskDiagExtExe exe = new(path, deleted);
        if (writer.TryReserve(TaskDiagAttribute.ExtExe, exe.Size, out Span<byte> room))
        {
            exe.Write(room);
        }
    }

    private void WriteNamespaces(ref TaskDiagWriter writer)
    {
        Span<ulong> inodes = stackalloc ulong[8];
        for (int i = 0; i < inodes.Length; i++)
        {
            int length = ProcFile.ReadLink(_cursor.Directory, SharedPath(NamespaceFile(i)), _link);
            if (length is not -Errno.ENOENT and < 0)
            {
                AddLinkGap(CapturePart.Namespaces, length);
                return;
            }

            // "mnt:[4026531841]"; ENOENT: a zombie has none, or the kernel lacks the kind.
            inodes[i] = NamespaceLink.Inode(_link.AsSpan(0, Math.Max(length, 0)));
        }

        if (inodes.ContainsAnyExcept(0ul))
        {
            _ = writer.TryAdd(TaskDiagAttribute.ExtNamespaces, MemoryMarshal.AsBytes(inodes));
        }
    }

    private static ReadOnlySpan<byte> NamespaceFile(int index) => index switch
    {
        0 => "ns/cgroup"u8,
        1 => "ns/ipc"u8,
        2 => "ns/mnt"u8,
        3 => "ns/net"u8,
        4 => "ns/pid"u8,
        5 => "ns/time"u8,
        6 => "ns/user"u8,
        _ => "ns/uts"u8,
    };

    private void WriteLabel(ref TaskDiagWriter writer)
    {
        int length = ProcFile.ReadOnce(_cursor.Directory, OwnPath("attr/current"u8), ref _label);
        if (length == -Errno.EINVAL || (length == -Errno.ENOENT && host.Files.Lacks((int)CapturePart.Label, "attr/current"u8)))
        {
            // No security module answers for labels: so it is for every task until the next boot.
            _noLabels = true;
        }
        else if (Readable(CapturePart.Label, length))
        {
            ReadOnlySpan<byte> label = _label.AsSpan(0, Math.Min(length, PathRoom)).TrimEnd("\n\0"u8);
            _ = writer.TryAdd(TaskDiagAttribute.ExtLabel, label);
        }
    }

    /// <summary>Reads a link; ENOENT is no gap: kernel threads and zombies have none.</summary>
    private bool TryLink(ReadOnlySpan<byte> name, CapturePart part, out int length)
    {
        length = ProcFile.ReadLink(_cursor.Directory, SharedPath(name), _link);
        if (length < 0 && length != -Errno.ENOENT)
        {
            AddLinkGap(part, length);
        }

        return length > 0;
    }

    /// <summary>Notes a link that could not be read. The kernel says EACCES of a task that is gone, too.</summary>
    private void AddLinkGap(CapturePart part, int error)
    {
        bool gone = error == -Errno.EACCES && !ProcFile.TryStat(_cursor.Directory, SharedPath("stat"u8), out _);
        AddGapUnlessDone(part, gone ? -Errno.ESRCH : error);
    }
}
