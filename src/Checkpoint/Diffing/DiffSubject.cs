using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>What a field is read from.</summary>
/// <param name="Side">The tree.</param>
/// <param name="Process">The process.</param>
/// <param name="Thread">The thread; for fields of processes its leader.</param>
internal readonly record struct DiffSubject(DiffSide Side, ProcessEntry Process, ThreadEntry Thread);
