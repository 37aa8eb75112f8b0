using System;

namespace Checkpoint.Linux.Procfs;

/// <summary>The lines of <c>/proc/[pid]/smaps</c> below the line of a VMA: "Key:   n kB", and "VmFlags: rd ex …" as the last.</summary>
internal struct SmapsParser
{
    internal ulong RssKb, PssKb, SharedCleanKb, SharedDirtyKb, PrivateCleanKb, PrivateDirtyKb;
    internal ulong ReferencedKb, AnonymousKb, AnonHugePagesKb, SwapKb, LockedKb, SwapPssKb;
    internal ulong ShmemPmdMappedKb, FilePmdMappedKb, SharedHugetlbKb, PrivateHugetlbKb, KernelPageSizeKb;

    /// <summary>Whether a line that was taken in had no number where one should be.</summary>
    internal bool Failed;

    /// <summary>Whether a line is the first of a VMA: only those begin with a lower-case hex digit or a number.</summary>
    internal static bool IsHead(ReadOnlySpan<byte> line) =>
        !line.IsEmpty && line[0] is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f');

    /// <summary>Takes a line in; keys that are not kept are passed over.</summary>
    /// <param name="line">Without its newline.</param>
    internal void Add(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon < 0)
        {
            return;
        }

        ReadOnlySpan<byte> key = line[..colon];
        ByteCursor value = new(line[(colon + 1)..]);
        if (key.SequenceEqual("Rss"u8)) { RssKb = value.NextUnsigned(); }
        else if (key.SequenceEqual("Pss"u8)) { PssKb = value.NextUnsigned(); }
        else if (key.SequenceEqual("Shared_Clean"u8)) { SharedCleanKb = value.NextUnsigned(); }
        else if (key.SequenceEqual("Shared_Dirty"u8)) { SharedDirtyKb = value.NextUnsigned(); }
        else if (key.SequenceEqual("Private_Clean"u8)) { PrivateCleanKb = value.NextUnsigned(); }
        else if (key.SequenceEqual("Private_Dirty"u8)) { PrivateDirtyKb = value.NextUnsigned(); }
        else if (key.SequenceEqual("Referenced"u8)) { ReferencedKb = value.NextUnsigned(); }
        else if (key.SequenceEqual("Anonymous"u8)) { AnonymousKb = value.NextUnsigned(); }
        else if (key.SequenceEqual("AnonHugePages"u8)) { AnonHugePagesKb = value.NextUnsigned(); }
        else if (key.SequenceEqual("Swap"u8)) { SwapKb = value.NextUnsigned(); }
        else if (key.SequenceEqual("SwapPss"u8)) { SwapPssKb = value.NextUnsigned(); }
        else if (key.SequenceEqual("Locked"u8)) { LockedKb = value.NextUnsigned(); }
        else if (key.SequenceEqual("ShmemPmdMapped"u8)) { ShmemPmdMappedKb = value.NextUnsigned(); }
        else if (key.SequenceEqual("FilePmdMapped"u8)) { FilePmdMappedKb = value.NextUnsigned(); }
        else if (key.SequenceEqual("Shared_Hugetlb"u8)) { SharedHugetlbKb = value.NextUnsigned(); }
        else if (key.SequenceEqual("Private_Hugetlb"u8)) { PrivateHugetlbKb = value.NextUnsigned(); }
        else if (key.SequenceEqual("KernelPageSize"u8)) { KernelPageSizeKb = value.NextUnsigned(); }
        else { return; }

        Failed |= !value.IsValid;
    }
}
