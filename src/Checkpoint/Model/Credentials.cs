using System;
using System.Linq;
using System.Runtime.InteropServices;

namespace Checkpoint.Model;

/// <summary>
/// What a thread may do: ids, capability sets, seccomp and LSM label, from <c>/proc/[pid]/status</c> and
/// <c>attr/current</c>. Ids are those of the reader's user namespace. Two equal values are one in the image.
/// </summary>
public sealed record Credentials
{
    /// <summary>Real, effective, saved and file-system user id.</summary>
    public required IdSet Uid { get; init; }

    /// <summary>Real, effective, saved and file-system group id.</summary>
    public required IdSet Gid { get; init; }

    /// <summary>Supplementary groups in the kernel's order (sorted); null when the source did not tell.</summary>
    public uint[]? Groups { get; init; }

    /// <summary>Inheritable capabilities, bit n = capability n (<c>linux/capability.h</c>).</summary>
    public required ulong CapInheritable { get; init; }

    /// <summary>Permitted capabilities.</summary>
    public required ulong CapPermitted { get; init; }

    /// <summary>Effective capabilities.</summary>
    public required ulong CapEffective { get; init; }

    /// <summary>Bounding set.</summary>
    public required ulong CapBounding { get; init; }

    /// <summary>Ambient capabilities; null when the source did not tell.</summary>
    public ulong? CapAmbient { get; init; }

    /// <summary><c>PR_SET_NO_NEW_PRIVS</c>; null when the source did not tell.</summary>
    public bool? NoNewPrivs { get; init; }

    /// <summary>Seccomp mode: 0 off, 1 strict, 2 filter; null when the source did not tell.</summary>
    public uint? Seccomp { get; init; }

    /// <summary>Number of seccomp filters attached; null when the source did not tell (before Linux 5.9).</summary>
    public uint? SeccompFilters { get; init; }

    /// <summary>LSM label (SELinux context, AppArmor profile…) from <c>attr/current</c>, without the final newline; null when there is none.</summary>
    public ByteString? Label { get; init; }

    /// <summary>Equal in every field; groups by content.</summary>
    /// <param name="other">The other value.</param>
    /// <returns>Whether both say the same.</returns>
    public bool Equals(Credentials? other) =>
        other is not null && Uid == other.Uid && Gid == other.Gid
        && CapInheritable == other.CapInheritable && CapPermitted == other.CapPermitted
        && CapEffective == other.CapEffective && CapBounding == other.CapBounding && CapAmbient == other.CapAmbient
        && NoNewPrivs == other.NoNewPrivs && Seccomp == other.Seccomp && SeccompFilters == other.SeccompFilters
        && Label == other.Label
        && (Groups is null ? other.Groups is null : other.Groups is not null && Groups.SequenceEqual(other.Groups));

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // All that a process may choose freely is in it: thousands of different ones must not meet in one bucket.
        HashCode hash = default;
        hash.Add(HashCode.Combine(Uid, Gid, CapInheritable, CapPermitted, CapEffective, CapBounding, CapAmbient, Seccomp));
        hash.AddBytes(MemoryMarshal.AsBytes((ReadOnlySpan<uint>)Groups));
        return hash.ToHashCode();
    }
}
