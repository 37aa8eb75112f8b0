using System.Collections.Concurrent;
using Checkpoint.Linux.Procfs;

namespace Checkpoint.Linux.Transports;

/// <summary>Build IDs by file, so that each file is asked once however many processes map it. Shared by all cores of one capture.</summary>
public sealed class BuildIdCache
{
    private readonly ConcurrentDictionary<FileKey, byte[]> _ids = new(new FileKey.Comparer());

    /// <summary>The file systems of the machine.</summary>
    internal MountTable Mounts { get; } = new();

    /// <summary>Looks a file up.</summary>
    /// <param name="file">The file.</param>
    /// <param name="id">Its ID; empty for a file that has none.</param>
    /// <returns>Whether it is known.</returns>
    internal bool TryGet(FileKey file, out byte[]? id) => _ids.TryGetValue(file, out id);

    /// <summary>Remembers an answer.</summary>
    internal void Add(FileKey file, byte[] id) => _ids.TryAdd(file, id);
}
