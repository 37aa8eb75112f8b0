using System;
using System.Collections.Generic;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>The mapped files that one core has seen, with their build IDs. Seeing a known one allocates nothing.</summary>
internal sealed class MappedFiles : IDisposable
{
    // A file that so many processes could not tell of is not asked for again.
    private const int MostFailures = 4;

    private readonly BuildIdCache _cache;
    private readonly BuildIdReader _reader;
    private readonly Dictionary<FileKey, FileFacts> _files;
    private readonly Dictionary<FileKey, FileFacts>.AlternateLookup<FileKey.View> _lookup;
    private readonly byte[] _id = new byte[ElfBuildId.MaxLength];
    private FileFacts? _last;
    private int _process;
    private int _directory = -1;
    private ulong _mounts;
    private bool _mountsAsked;

    /// <summary>An empty table.</summary>
    /// <param name="own">A walk of its own, to look single VMAs up.</param>
    /// <param name="cache">Build IDs that are known already.</param>
    internal MappedFiles(VmaWalk own, BuildIdCache cache)
    {
        _cache = cache;
        _reader = new BuildIdReader(own, cache.Mounts);
        _files = new Dictionary<FileKey, FileFacts>(new FileKey.Comparer());
        _lookup = _files.GetAlternateLookup<FileKey.View>();
    }

    /// <summary>Starts on another process.</summary>
    /// <param name="directory">Its directory, open until <see cref="Stop"/>.</param>
    /// <param name="maps">Its <c>maps</c>, or that of one of its threads, NUL-terminated.</param>
    internal void Start(int directory, ReadOnlySpan<byte> maps)
    {
        _process++;
        _last = null;
        _directory = directory;
        _mountsAsked = false;
        _reader.Start(directory, maps);
    }

    /// <summary>Ends with the process.</summary>
    internal void Stop() => _reader.Stop();

    /// <summary>The file that a VMA of the process maps.</summary>
    /// <param name="vma">The VMA; it has an inode.</param>
    /// <param name="name">Its name.</param>
    /// <param name="isNew">Whether this is the first VMA of the process that maps it.</param>
    /// <returns>What is known of it now.</returns>
    internal FileFacts Of(in TaskDiagVma vma, ReadOnlySpan<byte> name, out bool isNew)
    {
        FileFacts file = _last is { } last && last.Key.Inode == vma.Inode && last.Key.Major == vma.Major && last.Key.Minor == vma.Minor
            && name.SequenceEqual(last.Key.Name) ? last : Find(vma, name);
        _last = file;
        isNew = file.SeenIn != _process;
        file.SeenIn = _process;
        if (file.BuildId is null && (isNew || vma.Offset == 0) && file.Failures < MostFailures)
        {
            Ask(file, vma, isNew);
        }

        return file;
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private FileFacts Find(in TaskDiagVma vma, ReadOnlySpan<byte> name)
    {
        FileKey.View key = new(Mounts(vma.Major), vma.Major, vma.Minor, vma.Inode, name);
        if (!_lookup.TryGetValue(key, out FileFacts? file))
        {
            bool isCalledSo = name.EndsWith(TargetFile.DeletedMark) && name[0] == (byte)'/'
                && TargetFile.TryFind(_directory, name, out Statx found) && TargetFile.IsSame(vma, found);
            file = new FileFacts(new FileKey(key.Mounts, vma.Major, vma.Minor, vma.Inode, name.ToArray())) { IsCalledDeleted = isCalledSo };
            _files.Add(file.Key, file);
        }

        return file;
    }

    private void Ask(FileFacts file, in TaskDiagVma vma, bool isNew)
    {
        if (isNew && _cache.TryGet(file.Key, out byte[]? known))
        {
            file.BuildId = known;
            return;
        }

        int length = _reader.Read(vma, file.Key.Name, _id);
        if (length < 0)
        {
            // Gone meanwhile, or not to be had through this process: the next that maps it is asked again.
            file.Errno = -length;
            file.Failures += isNew ? 1 : 0;
            return;
        }

        file.BuildId = _id.AsSpan(0, length).ToArray();
        _cache.Add(file.Key, file.BuildId);
    }

    /// <summary>The process's mount namespace, where a device's number is no disk's.</summary>
    private ulong Mounts(uint major)
    {
        if (major != 0)
        {
            return 0;
        }

        if (!_mountsAsked)
        {
            _mountsAsked = true;
            _mounts = MountTable.NamespaceOf(_directory);
        }

        return _mounts;
    }
}
