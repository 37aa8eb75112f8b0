using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>A process on both sides, or on one.</summary>
/// <param name="Old">On the old side.</param>
/// <param name="New">On the new side.</param>
internal readonly record struct ProcessPair(ProcessEntry? Old, ProcessEntry? New);
