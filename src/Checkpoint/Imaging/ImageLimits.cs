using System;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>
/// Every cap on what a count or length in an image may make a reader allocate, checked before memory is taken. The
/// writer keeps the same caps, so that it never writes what cannot be read. <c>images/README.md</c> lists them.
/// </summary>
internal sealed record ImageLimits
{
    /// <summary>The caps of format version 1. Tests make smaller ones.</summary>
    public static ImageLimits Default { get; } = new();

    /// <summary>Frames of any kind in a file: ten sections today, room for later ones; keeps a stream of empty frames from going on forever.</summary>
    public int Frames { get; init; } = 256;

    /// <summary>Bytes of one section after decompression: 8 million VMAs at 12 bytes are 96 MB, 8,000 environments of 16 KiB 128 MB.</summary>
    public int SectionBytes { get; init; } = 256 << 20;

    /// <summary>Bytes of all sections after decompression.</summary>
    public long TotalBytes { get; init; } = 1L << 30;

    /// <summary>Bytes that any file may take: three of them are in memory for <c>diff --retained</c>, beside what differs.</summary>
    public long FreeBytes { get; init; } = 48 << 20;

    /// <summary>Length up to which a file may take no more than <see cref="FreeBytes"/>: small files cost little, whatever they hold.</summary>
    public long SmallFile { get; init; } = 1 << 20;

    /// <summary>Bytes that each further byte of a file may take: the most uniform of real trees, thousands of copies of one process, take 250.</summary>
    public long BytesPerByte { get; init; } = 1024;

    /// <summary>log2 of the window that decompression may keep: 8 MiB is what every zstd decoder is asked to support; level 3 uses 2 MiB.</summary>
    public int WindowLog { get; init; } = 23;

    /// <summary>Bytes of the section table: 64 is more than a row takes.</summary>
    public int TableBytes { get; init; } = 64 << 10;

    /// <summary>MessagePack containers inside each other; version 1 nests 4 deep.</summary>
    public int Nesting { get; init; } = 16;

    /// <summary>Keys of one map: version 1 has at most 60 columns.</summary>
    public int Keys { get; init; } = 512;

    /// <summary>Bytes of a section's, key's or column's name.</summary>
    public int NameBytes { get; init; } = 64;

    /// <summary>Strings: a few a process, one a mapped file; most are shared.</summary>
    public int Strings { get; init; } = 4 << 20;

    /// <summary>Bytes of one string, whatever refers to it.</summary>
    public int StringBytes { get; init; } = 8 << 20;

    /// <summary>Bytes of a command line: what the kernel allows of arguments and environment together (execve(2)). A capture cuts them at <see cref="CaptureLimits"/>; earlier ones kept all.</summary>
    public int MaxCommandLineBytes { get; init; } = 6 << 20;

    /// <summary>Bytes of an environment: likewise.</summary>
    public int MaxEnvironBytes { get; init; } = 6 << 20;

    /// <summary>Bytes of a thread's name: 15 for user tasks, 63 for kernel workers (<c>fs/proc/array.c</c>).</summary>
    public int MaxCommBytes { get; init; } = 63;

    /// <summary>Bytes of a path or another short text: the kernel's PATH_MAX, and room for " (deleted)".</summary>
    public int MaxPathBytes { get; init; } = 4096 + 16;

    /// <summary>Bytes of a mapped file's name: <c>maps</c> shows paths that are deeper than PATH_MAX.</summary>
    public int MaxFileNameBytes { get; init; } = 64 << 10;

    /// <summary>Files: mappings of one file are one row, whatever their number.</summary>
    public int Files { get; init; } = 4 << 20;

    /// <summary>VMAs of all lists together, 40 bytes each in memory; vm.max_map_count is 65530 a process unless raised.</summary>
    public int Vmas { get; init; } = 8 << 20;

    /// <summary>VMAs with page statistics, 128 bytes more each in memory; in a section of <see cref="SectionBytes"/> at 30 to 60 bytes each.</summary>
    public int VmaStats { get; init; } = 4 << 20;

    /// <summary>Bytes of a build ID: SHA-1's, the kernel's BUILD_ID_SIZE_MAX.</summary>
    public int BuildIdBytes { get; init; } = 20;

    /// <summary>Distinct credentials: at most one a thread.</summary>
    public int Credentials { get; init; } = 1 << 20;

    /// <summary>Supplementary groups of one task: the kernel's NGROUPS_MAX.</summary>
    public int Groups { get; init; } = 65536;

    /// <summary>Supplementary groups of all credentials together.</summary>
    public int TotalGroups { get; init; } = 4 << 20;

    /// <summary>Processes: the kernel's highest pid_max is 4194304, an entry takes some 700 bytes.</summary>
    public int Processes { get; init; } = 1 << 20;

    /// <summary>Threads: the kernel's highest pid_max is 4194304, an entry takes some 300 bytes.</summary>
    public int Threads { get; init; } = 2 << 20;

    /// <summary>Ids of one thread: the kernel nests 32 pid namespaces below the first.</summary>
    public int NsPids { get; init; } = 33;

    /// <summary>Gaps: a dozen parts a task.</summary>
    public int Gaps { get; init; } = 4 << 20;

    /// <summary>Events: several a task.</summary>
    public int Events { get; init; } = 4 << 20;

    /// <summary>User names.</summary>
    public int Users { get; init; } = 1 << 20;

    /// <summary>How much sections may come to, decompressed, and how much they may take together with their rows and texts.</summary>
    /// <param name="read">Bytes of the file up to there.</param>
    /// <returns>Bytes.</returns>
    public long MemoryFor(long read) => FreeBytes + (BytesPerByte * Math.Max(0, read - SmallFile));
}
