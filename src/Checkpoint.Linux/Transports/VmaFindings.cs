using System;
using System.Collections.Generic;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>What a walk over one process's VMAs finds beside the VMAs: build IDs of the files, unusual page sizes. Reused from process to process.</summary>
/// <param name="cache">Build IDs that are known already.</param>
internal sealed class VmaFindings(BuildIdCache cache)
{
    private readonly HashSet<FileKey> _seen = [];
    private readonly List<(FileKey File, byte[] Id)> _ids = [];
    private readonly List<TaskDiagExtPageSize> _pageSizes = [];
    private readonly byte[] _id = new byte[Procfs.ElfBuildId.MaxLength];
    private FileKey _last;

    /// <summary>Build IDs of the files seen since <see cref="Clear"/>, each file once.</summary>
    internal List<(FileKey File, byte[] Id)> BuildIds => _ids;

    /// <summary>VMAs whose page size is not the system's.</summary>
    internal List<TaskDiagExtPageSize> PageSizes => _pageSizes;

    /// <summary>Starts on another process.</summary>
    internal void Clear()
    {
        _seen.Clear();
        _ids.Clear();
        _pageSizes.Clear();
        _last = default;
    }

    /// <summary>Takes a VMA in.</summary>
    /// <param name="walk">Reads the build ID of its current VMA.</param>
    /// <param name="vma">The current VMA.</param>
    internal void Add(VmaWalk walk, in TaskDiagVma vma)
    {
        FileKey file = new(vma.Major, vma.Minor, vma.Inode);
        if (vma.Inode == 0 || file == _last)
        {
            return;
        }

        _last = file;
        if (!_seen.Add(file))
        {
            return;
        }

        if (!cache.TryGet(file, out byte[]? id))
        {
            int length = walk.ReadBuildId(_id);
            if (length < 0)
            {
                return; // gone meanwhile, or not to be opened through this process: the next that maps it is asked again
            }

            id = _id.AsSpan(0, length).ToArray();
            cache.Add(file, id);
        }

        if (id!.Length > 0)
        {
            _ids.Add((file, id));
        }
    }

    /// <summary>Notes the page size of a VMA when it is not the system's.</summary>
    internal void AddPageSize(ulong start, ulong pageSize)
    {
        if (pageSize != (ulong)Environment.SystemPageSize && pageSize != 0)
        {
            _pageSizes.Add(new TaskDiagExtPageSize(start, pageSize));
        }
    }

    /// <summary>Encodes the build IDs as the payload of their attribute.</summary>
    /// <param name="buffer">Grown as needed.</param>
    /// <returns>Length in bytes.</returns>
    internal int EncodeBuildIds(ref byte[] buffer)
    {
        int length = Reserve(ref buffer, _ids.Count, TaskDiagExtBuildId.Size);
        for (int i = 0; i < _ids.Count; i++)
        {
            (FileKey file, byte[] id) = _ids[i];
            new TaskDiagExtBuildId(file.Major, file.Minor, file.Inode, id).Write(buffer.AsSpan(i * TaskDiagExtBuildId.Size));
        }

        return length;
    }

    /// <summary>Encodes the page sizes as the payload of their attribute.</summary>
    /// <param name="buffer">Grown as needed.</param>
    /// <returns>Length in bytes.</returns>
    internal int EncodePageSizes(ref byte[] buffer)
    {
        int length = Reserve(ref buffer, _pageSizes.Count, TaskDiagExtPageSize.Size);
        for (int i = 0; i < _pageSizes.Count; i++)
        {
            _pageSizes[i].Write(buffer.AsSpan(i * TaskDiagExtPageSize.Size));
        }

        return length;
    }

    private static int Reserve(ref byte[] buffer, int count, int size)
    {
        if (buffer.Length < count * size)
        {
            buffer = new byte[count * size];
        }

        return count * size;
    }
}
