using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>How the mapped files of two trees relate; each tree has a table of its own.</summary>
internal sealed class FileRelations
{
    private readonly IReadOnlyList<MappedFile> _old;
    private readonly IReadOnlyList<MappedFile> _new;
    private readonly bool _byRole;
    private readonly bool _oneBoot;
    private readonly int[] _oldIds;
    private readonly int[] _newIds;
    private readonly int[] _oldNames;
    private readonly int[] _newNames;
    private readonly Dictionary<MappedFile, int> _ids = [];
    private readonly Dictionary<ByteString, int> _names = [];

    /// <summary>Numbers the files of both trees.</summary>
    /// <param name="old">The old tree.</param>
    /// <param name="new">The new tree.</param>
    /// <param name="byRole">Whether the trees are of two runs.</param>
    public FileRelations(ProcessTree old, ProcessTree @new, bool byRole)
    {
        _old = old.Files;
        _new = @new.Files;
        _byRole = byRole;
        _oneBoot = old.Capture.BootId == @new.Capture.BootId;
        _oldIds = new int[_old.Count];
        _newIds = new int[_new.Count];
        _oldNames = new int[_old.Count];
        _newNames = new int[_new.Count];
        Number(_old, _oldIds, _oldNames);
        Number(_new, _newIds, _newNames);
    }

    /// <summary>A number that an old file and a new one share if they are equal in everything; -1 for anonymous memory.</summary>
    public int OldId(in Vma vma) => (uint)vma.File < (uint)_oldIds.Length ? _oldIds[vma.File] : -1;

    /// <summary>As <see cref="OldId"/>.</summary>
    public int NewId(in Vma vma) => (uint)vma.File < (uint)_newIds.Length ? _newIds[vma.File] : -1;

    /// <summary>A number that an old file and a new one share if they have one path, deleted or not; -1 for anonymous memory.</summary>
    public int OldName(in Vma vma) => (uint)vma.File < (uint)_oldNames.Length ? _oldNames[vma.File] : -1;

    /// <summary>As <see cref="OldName"/>.</summary>
    public int NewName(in Vma vma) => (uint)vma.File < (uint)_newNames.Length ? _newNames[vma.File] : -1;

    /// <summary>What an old VMA maps.</summary>
    public MappedFile OldFile(in Vma vma) => (uint)vma.File < (uint)_old.Count ? _old[vma.File] : default;

    /// <summary>What a new VMA maps.</summary>
    public MappedFile NewFile(in Vma vma) => (uint)vma.File < (uint)_new.Count ? _new[vma.File] : default;

    /// <summary>In which respects what two VMAs map differs.</summary>
    /// <param name="old">An old VMA.</param>
    /// <param name="new">A new VMA.</param>
    /// <returns>Of the aspects those about files.</returns>
    public VmaAspects Compare(in Vma old, in Vma @new)
    {
        if (OldId(old) == NewId(@new))
        {
            return VmaAspects.None;
        }

        MappedFile a = OldFile(old);
        MappedFile b = NewFile(@new);
        bool hasOneName = OldName(old) == NewName(@new);
        if (a.Inode == 0 || b.Inode == 0)
        {
            return hasOneName && a.Inode == b.Inode ? VmaAspects.None : VmaAspects.File;
        }

        bool isMemory = VmaKinds.Of(old.Flags, a) == VmaKind.Shm && VmaKinds.Of(@new.Flags, b) == VmaKind.Shm;
        return _byRole ? CompareRoles(a, b, hasOneName, isMemory) : CompareIdentities(a, b, hasOneName, isMemory);
    }

    private static VmaAspects CompareIdentities(MappedFile a, MappedFile b, bool hasOneName, bool isMemory)
    {
        bool isOneInode = a.Major == b.Major && a.Minor == b.Minor && a.Inode == b.Inode;
        if (!isOneInode)
        {
            return hasOneName && !isMemory ? VmaAspects.Replaced | Deletion(a, b) : VmaAspects.File;
        }

        // An inode number that was free may be given to the next file.
        VmaAspects rebuilt = a.BuildId is { } was && b.BuildId is { } now && was != now ? VmaAspects.Replaced : VmaAspects.None;
        return rebuilt | Deletion(a, b) | (hasOneName ? VmaAspects.None : VmaAspects.Renamed);
    }

    private static VmaAspects Deletion(MappedFile a, MappedFile b) =>
        // Older images call memory deleted.
        a.IsDeleted == b.IsDeleted || (a.IsPathless && b.IsPathless) ? VmaAspects.None : b.IsDeleted ? VmaAspects.Deleted : VmaAspects.Undeleted;

    /// <summary>Shared memory gets its inode, and often a number in its name, anew in each run.</summary>
    private static ByteString NameOfMemory(MappedFile file)
    {
        ReadOnlySpan<byte> path = VmaKinds.Path(file);
        byte[] name = path.ToArray();
        int length = 0;
        for (int i = 0; i < path.Length; i++)
        {
            if (!char.IsAsciiDigit((char)path[i]))
            {
                name[length++] = path[i];
            }
            else if (length == 0 || name[length - 1] != '#')
            {
                name[length++] = (byte)'#';
            }
        }

        return new ByteString(name.AsSpan(0, length));
    }

    private VmaAspects CompareRoles(MappedFile a, MappedFile b, bool hasOneName, bool isMemory)
    {
        if (!hasOneName || isMemory)
        {
            return hasOneName ? VmaAspects.None : VmaAspects.File;
        }

        bool isReplaced = (a.BuildId is { } was && b.BuildId is { } now && was != now)
            || (_oneBoot && (a.Major != b.Major || a.Minor != b.Minor || a.Inode != b.Inode));
        return Deletion(a, b) | (isReplaced ? VmaAspects.Replaced : VmaAspects.None);
    }

    private void Number(IReadOnlyList<MappedFile> files, int[] ids, int[] names)
    {
        for (int i = 0; i < files.Count; i++)
        {
            MappedFile file = files[i];
            bool isMemory = _byRole && VmaKinds.Of(VmaFlags.Shared, file) == VmaKind.Shm;
            ids[i] = Next(_ids, file);
            names[i] = Next(_names, isMemory ? NameOfMemory(file) : file.LooksDeleted ? new ByteString(VmaKinds.Path(file)) : file.Name);
        }
    }

    private static int Next<T>(Dictionary<T, int> numbers, T item)
        where T : notnull
    {
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, item, out bool known);
        return known ? number : number = numbers.Count;
    }
}
