namespace Checkpoint.Model;

/// <summary>The four user or group ids of a task.</summary>
/// <param name="Real">Real id.</param>
/// <param name="Effective">Effective id.</param>
/// <param name="Saved">Saved set-id.</param>
/// <param name="FileSystem">Id for file access.</param>
public readonly record struct IdSet(uint Real, uint Effective, uint Saved, uint FileSystem);
