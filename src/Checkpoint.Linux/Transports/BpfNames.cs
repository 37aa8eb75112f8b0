using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>
/// Puts the numbers of files into VMA records. A program knows a file only by where its dentry and mount are in the kernel's
/// memory; name and build ID are asked once for each such pair, of the first process that maps it.
/// </summary>
/// <param name="process">The process that is asked.</param>
/// <param name="walk">Looks single VMAs up.</param>
/// <param name="mapped">Reads build IDs.</param>
internal sealed class BpfNames(BpfProcess process, VmaWalk walk, MappedFiles mapped) : IDisposable
{
    private const int KeySize = 16;
    private const int PadOffset = 62;

    // Names that are remembered; beyond it each is asked for again. A process may map tens of thousands, 4 KiB long each.
    private const int MaxKeptBytes = 64 << 20;

    // run.h, TASK_DIAG_VMA_*.
    internal const ushort OddPages = 1;
    internal const ulong IsHeap = 1, IsStack = 2, IsGate = 3, IsNamed = 4, IsSpecial = 5;

    private readonly record struct Key(ulong Mount, ulong Dentry, uint Major, uint Minor, ulong Inode);

    private readonly Dictionary<Key, BpfFile> _files = [];
    private readonly List<BpfFile> _fresh = [];
    private int _mappedOf;
    private bool _lostName;
    private Key _last;
    private BpfFile? _lastFile;
    private int _count; // files told in this answer
    private int _keptBytes;
    private uint _answer;

    /// <summary>Files that the records referred to for the first time in this answer; the caller tells and clears them.</summary>
    internal List<BpfFile> Fresh => _fresh;

    /// <summary>VMAs of the current task whose pages are not of the system's size; the caller clears them.</summary>
    internal List<TaskDiagExtPageSize> PageSizes { get; } = [];

    /// <summary>Whether a file of the current task has a name too long to be told; asked once for each task.</summary>
    internal bool TakeLostName()
    {
        bool lost = _lostName;
        _lostName = false;
        return lost;
    }

    /// <summary>Lets go of the process that was asked.</summary>
    internal void Stop()
    {
        mapped.Stop();
        _mappedOf = 0;
    }

    /// <inheritdoc/>
    public void Dispose() => mapped.Dispose();

    /// <summary>Starts on another answer: every file has to be told again.</summary>
    internal void StartAnswer()
    {
        _answer++;
        _count = 0;
        _fresh.Clear();
        PageSizes.Clear();
        _lostName = false;
        _lastFile = null;
    }

    /// <summary>Puts numbers in place of keys.</summary>
    /// <param name="tgid">Whose VMAs they are.</param>
    /// <param name="records">Payload of a VMA attribute as a program writes it; changed in place.</param>
    /// <param name="withBuildIds">Whether build IDs are wanted too.</param>
    internal void Resolve(int tgid, Span<byte> records, bool withBuildIds)
    {
        int length;
        for (; records.Length >= TaskDiagVma.Size; records = records[length..])
        {
            length = MemoryMarshal.Read<ushort>(records[TaskDiagVma.LengthsOffset..]);
            if (length != TaskDiagVma.Size + KeySize)
            {
                continue;
            }

            // No address of the kernel's leaves this place.
            Span<byte> key = records.Slice(TaskDiagVma.Size, KeySize);
            Key file = new(
                MemoryMarshal.Read<ulong>(key), MemoryMarshal.Read<ulong>(key[8..]), MemoryMarshal.Read<uint>(records[32..]),
                MemoryMarshal.Read<uint>(records[36..]), MemoryMarshal.Read<ulong>(records[40..]));
            ushort marks = MemoryMarshal.Read<ushort>(records[PadOffset..]);
            records.Slice(TaskDiagVma.LengthsOffset + 4, TaskDiagVma.Size - TaskDiagVma.LengthsOffset - 4 + KeySize).Clear();
            if (file != _last || _lastFile is null || file.Dentry == IsNamed)
            {
                _lastFile = Find(tgid, file, records);
                _last = file;
                if (_lastFile is not null)
                {
                    Tell(tgid, _lastFile, records, withBuildIds);
                }
            }

            if (_lastFile is null)
            {
                continue;
            }

            _lostName |= _lastFile.LostName;
            MemoryMarshal.Write(records[48..], (uint)_lastFile.Number);
            if ((marks & OddPages) != 0)
            {
                NotePageSize(tgid, records);
            }
        }
    }

    /// <summary>The file of a key; null when its name could not be had.</summary>
    private BpfFile? Find(int tgid, Key key, ReadOnlySpan<byte> record)
    {
        if (!_files.TryGetValue(key, out BpfFile? file))
        {
            file = Ask(tgid, key, record);
            if (file is not null && key.Dentry != IsNamed && _keptBytes < MaxKeptBytes)
            {
                _keptBytes += file.Name.Length;
                _files.Add(key, file);
            }
        }

        return file;
    }

    private void Tell(int tgid, BpfFile file, ReadOnlySpan<byte> record, bool withBuildIds)
    {
        if (withBuildIds && file.Facts?.BuildId is null && file.Inode != 0)
        {
            AskBuildId(tgid, file, record);
        }

        if (file.ToldIn != _answer)
        {
            file.ToldIn = _answer;
            file.Number = ++_count;
            _fresh.Add(file);
        }
    }

    private BpfFile? Ask(int tgid, Key key, ReadOnlySpan<byte> record)
    {
        switch (key.Dentry)
        {
            case IsHeap: return Add(0, 0, 0, "[heap]"u8);
            case IsStack: return Add(0, 0, 0, "[stack]"u8);
            case IsGate: return Add(0, 0, 0, GateVma.Name);
            default: break;
        }

        if (!process.Find(tgid, record))
        {
            return null;
        }

        // Something else may have been mapped there since: then it is another file, and its name not this one's.
        TaskDiagVma found = walk.Found;
        bool same = found.Inode == key.Inode && found.Major == key.Major && found.Minor == key.Minor;
        return same ? Add(found.Major, found.Minor, found.Inode, walk.FoundName, found.Inode != 0 && walk.FoundName.IsEmpty && walk.LostName) : null;
    }

    private static BpfFile Add(uint major, uint minor, ulong inode, ReadOnlySpan<byte> name, bool lostName = false) =>
        new(major, minor, inode, name.ToArray()) { LostName = lostName };

    private void AskBuildId(int tgid, BpfFile file, ReadOnlySpan<byte> record)
    {
        if (!process.Find(tgid, record) || walk.Found.Inode != file.Inode)
        {
            return; // gone meanwhile: the next process that maps it is asked
        }

        if (_mappedOf != tgid)
        {
            mapped.Start(process.Directory(tgid), process.Maps);
            _mappedOf = tgid;
        }

        file.Facts = mapped.Of(walk.Found, file.Name, out _);
    }

    private void NotePageSize(int tgid, ReadOnlySpan<byte> record)
    {
        if (process.Find(tgid, record) && walk.FoundPageSize != (ulong)Environment.SystemPageSize && walk.FoundPageSize != 0)
        {
            PageSizes.Add(new TaskDiagExtPageSize(walk.Found.Start, walk.FoundPageSize));
        }
    }
}
