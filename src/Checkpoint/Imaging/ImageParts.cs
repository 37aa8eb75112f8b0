using System;

namespace Checkpoint.Imaging;

/// <summary>What of an image is read. What is not asked for is not even decompressed when the file can be sought in.</summary>
[Flags]
public enum ImageParts
{
    /// <summary>The capture, processes, threads, credentials and users: always read.</summary>
    Tasks = 0,

    /// <summary>The VMA lists and mapped files. Without them processes with equal lists still share one <see cref="Model.AddressSpace"/>, which is empty.</summary>
    Vmas = 1,

    /// <summary>Gaps and events.</summary>
    Notes = 2,

    /// <summary>The digests of all sections are verified, those of sections that are not asked for too: for whoever shows the image's digest.</summary>
    Digests = 4,

    /// <summary>Everything.</summary>
    All = Vmas | Notes | Digests,
}
