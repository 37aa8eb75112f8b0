using System;
using System.Collections.Generic;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>What a walk over one process's VMAs finds beside the VMAs: build IDs of the files, unusual page sizes. Reused from process to process.</summary>
/// <param name="files">What is known of mapped files.</param>
internal sealed class VmaFindings(MappedFiles files) : IDisposable
{
    private readonly List<(ulong Start, FileFacts File)> _files = [];
    private readonly List<TaskDiagExtPageSize> _pageSizes = [];

    /// <summary>VMAs whose page size is not the system's.</summary>
    internal List<TaskDiagExtPageSize> PageSizes => _pageSizes;

    /// <summary>Starts on another process.</summary>
    /// <param name="directory">Its directory.</param>
    /// <param name="maps">Its <c>maps</c>, or that of one of its threads, NUL-terminated.</param>
    /// <param name="withFiles">Whether files are wanted.</param>
    internal void Start(int directory, ReadOnlySpan<byte> maps, bool withFiles)
    {
        _files.Clear();
        _pageSizes.Clear();
        WithFiles = withFiles;
        if (withFiles)
        {
            files.Start(directory, maps);
        }
    }

    /// <summary>Whether files are wanted.</summary>
    internal bool WithFiles { get; private set; }

    /// <summary>Ends with the process; what was found stays.</summary>
    internal void Stop() => files.Stop();

    /// <inheritdoc/>
    public void Dispose() => files.Dispose();

    /// <summary>Takes a VMA in.</summary>
    /// <param name="vma">The VMA.</param>
    /// <param name="name">Its name.</param>
    internal void Add(in TaskDiagVma vma, ReadOnlySpan<byte> name)
    {
        if (vma.Inode == 0)
        {
            return;
        }

        FileFacts file = files.Of(vma, name, out bool isNew);
        if (isNew)
        {
            _files.Add((vma.Start, file));
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
        int length = Reserve(ref buffer, _files.Count, TaskDiagExtBuildId.Size);
        for (int i = 0; i < _files.Count; i++)
        {
            (ulong start, FileFacts file) = _files[i];
            file.Record(start, 0).Write(buffer.AsSpan(i * TaskDiagExtBuildId.Size));
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
