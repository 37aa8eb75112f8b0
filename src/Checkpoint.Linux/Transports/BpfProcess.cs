using System;
using System.Runtime.InteropServices;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.Model;

namespace Checkpoint.Linux.Transports;

/// <summary>The process whose <c>/proc/[pid]</c> is asked for what a program could not tell; opened when it is first needed.</summary>
/// <param name="procfd">The open <c>/proc</c>.</param>
/// <param name="walk">Looks single VMAs up.</param>
internal sealed class BpfProcess(int procfd, VmaWalk walk)
{
    private readonly byte[] _path = new byte[ProcPath.MaxLength];
    private readonly byte[] _maps = new byte[ProcPath.MaxLength];
    private int _mapsLength;
    private readonly byte[] _entries = new byte[4096];
    private int[] _tids = new int[64];
    private int _tgid;
    private int _directory = -1;
    private int _owner;
    private int _ownersDirectory = -1;

    /// <summary>Its directory.</summary>
    /// <returns>A descriptor, or a negative errno.</returns>
    internal int Directory(int tgid)
    {
        if (tgid != _tgid)
        {
            Close();
            _directory = ProcFile.Open(procfd, new ProcPath(_path).Add(tgid).End(), Libc.O_DIRECTORY | Libc.O_PATH);
            _tgid = tgid;
        }

        return _directory;
    }

    /// <summary>The directory of the thread that has what a process's threads share: another one's, when the leader is a zombie.</summary>
    /// <returns>A descriptor, or a negative errno.</returns>
    internal int Directory(int tgid, int owner)
    {
        int directory = Directory(tgid);
        if (directory < 0 || owner == tgid)
        {
            return directory;
        }

        if (owner != _owner)
        {
            CloseOwners();
            _ownersDirectory = ProcFile.Open(directory, new ProcPath(_path).Add("task/"u8).Add(owner).End(), Libc.O_DIRECTORY | Libc.O_PATH);
            _owner = owner;
        }

        return _ownersDirectory;
    }

    /// <summary>The <c>maps</c> in which <see cref="Find"/> found a VMA last, NUL-terminated.</summary>
    internal ReadOnlySpan<byte> Maps => _maps.AsSpan(0, _mapsLength);

    /// <summary>Looks a VMA up.</summary>
    /// <param name="tgid">Whose it is.</param>
    /// <param name="record">Its record.</param>
    /// <returns>Whether it is still there, and now the walk's.</returns>
    internal bool Find(int tgid, ReadOnlySpan<byte> record)
    {
        ThreadProgress.Note(CapturePart.Maps, tgid);
        ulong start = MemoryMarshal.Read<ulong>(record);
        ulong end = MemoryMarshal.Read<ulong>(record[8..]);
        bool opened = tgid != _tgid;
        int directory = Directory(tgid);
        if (directory < 0)
        {
            return false;
        }

        if (!opened && start >= walk.Found.Start && walk.Find(start, end) == 1)
        {
            return true;
        }

        return (Open(directory, "maps\0"u8) && walk.Find(start, end) == 1) || FindBelowThread(directory, start, end);
    }

    /// <summary>Forgets it.</summary>
    internal void Close()
    {
        walk.Close();
        if (_directory >= 0)
        {
            _ = Libc.close(_directory);
        }

        CloseOwners();
        _directory = -1;
        _tgid = 0;
    }

    private void CloseOwners()
    {
        if (_ownersDirectory >= 0)
        {
            _ = Libc.close(_ownersDirectory);
        }

        _ownersDirectory = -1;
        _owner = 0;
    }

    private bool Open(int directory, ReadOnlySpan<byte> maps)
    {
        maps.CopyTo(_maps);
        _mapsLength = maps.Length;
        return walk.Open(directory, maps) == 0;
    }

    /// <summary>When the leader is a zombie, its maps are empty, and those of a living thread are the process's.</summary>
    private bool FindBelowThread(int directory, ulong start, ulong end)
    {
        if (walk.Found.End != 0)
        {
            return false;
        }

        int fd = ProcFile.Open(directory, "task\0"u8, Libc.O_DIRECTORY);
        int count = fd < 0 ? 0 : PidDirectory.Next(fd, _entries, ref _tids);
        bool found = false;
        for (int i = 0; i < count && !found; i++)
        {
            found = Open(directory, new ProcPath(_path).Add("task/"u8).Add(_tids[i]).Add("/maps"u8).End())
                && walk.Find(start, end) == 1;
        }

        if (fd >= 0)
        {
            _ = Libc.close(fd);
        }

        return found;
    }
}
