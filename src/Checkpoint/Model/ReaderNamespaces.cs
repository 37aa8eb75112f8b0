namespace Checkpoint.Model;

/// <summary>
/// The namespaces that the capturing program was in. The kernel numbers users and processes for a reader by its own, so ids and
/// pids of two captures are only the same numbers for the same thing where these agree.
/// </summary>
public sealed record ReaderNamespaces
{
    /// <summary>User namespace by inode number, 0: not known.</summary>
    public required ulong User { get; init; }

    /// <summary>Pid namespace by inode number, 0: not known.</summary>
    public required ulong Pid { get; init; }

    /// <summary>Lines of <c>uid_map</c>, each "first id here, first id outside, how many"; empty: not known.</summary>
    public required ByteString UidMap { get; init; }

    /// <summary>Lines of <c>gid_map</c>.</summary>
    public required ByteString GidMap { get; init; }

    /// <summary>How far the boot clock of its time namespace is ahead of the machine's, nanoseconds. All times of the image are the machine's.</summary>
    public required long BootClockOffsetNs { get; init; }

    /// <summary>Whether the same number is the same user in two captures; true where it is not known.</summary>
    /// <param name="one">A capture.</param>
    /// <param name="other">Another.</param>
    public static bool NumberUsersAlike(CaptureInfo one, CaptureInfo other) =>
        one.Reader is not { User: not 0 } a || other.Reader is not { User: not 0 } b
        || (a.User == b.User && one.BootId == other.BootId)
        || (a.UidMap == b.UidMap && a.GidMap == b.GidMap);

    /// <summary>Whether the same number is the same process in two captures of one boot; true where it is not known.</summary>
    /// <param name="one">A capture.</param>
    /// <param name="other">Another.</param>
    public static bool NumberProcessesAlike(CaptureInfo one, CaptureInfo other) =>
        one.Reader is not { Pid: not 0 } a || other.Reader is not { Pid: not 0 } b || a.Pid == b.Pid;
}
