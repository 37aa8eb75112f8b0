using System.Collections.Generic;

namespace Checkpoint.Model;

/// <summary>Which processes run at the moment.</summary>
/// <param name="BootId">Boot id, as <see cref="CaptureInfo.BootId"/>.</param>
/// <param name="StartTimes">Start time in clock ticks since boot, by tgid, of those that were asked for and run.</param>
public sealed record LiveTasks(ByteString BootId, IReadOnlyDictionary<int, ulong> StartTimes)
{
    /// <summary>The pid namespace whose numbers these are, by inode; 0: not known.</summary>
    public ulong PidNamespace { get; init; }
}
