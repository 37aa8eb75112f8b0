using System;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>What one core knows of a mapped file beyond device, inode and name.</summary>
/// <param name="key">Which file.</param>
internal sealed class FileFacts(FileKey key)
{
    /// <summary>Which file.</summary>
    internal FileKey Key { get; } = key;

    /// <summary>Its build ID; empty: it has none; null: not known.</summary>
    internal byte[]? BuildId { get; set; }

    /// <summary>Why its build ID is not known, an errno.</summary>
    internal int Errno { get; set; }

    /// <summary>Processes that could not tell its build ID.</summary>
    internal int Failures { get; set; }

    /// <summary>Whether the name ends in " (deleted)" because the file is called so.</summary>
    internal bool IsCalledDeleted { get; init; }

    /// <summary>The last process that was seen to map it.</summary>
    internal int SeenIn { get; set; }

    /// <summary>The record that tells this.</summary>
    /// <param name="start">Start of a VMA that maps it; 0 with a number.</param>
    /// <param name="number">Its number among the answer's files; 0 with a start.</param>
    internal TaskDiagExtBuildId Record(ulong start, uint number) =>
        new(start, number, BuildId is null ? (ushort)Math.Clamp(Errno, 1, ushort.MaxValue) : (ushort)0, IsCalledDeleted, BuildId ?? ReadOnlySpan<byte>.Empty);
}
