using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Writes images (<c>images/README.md</c>).</summary>
public static class ImageWriter
{
    /// <summary>zstd level that is used unless another is asked for: see <c>tools/README.md</c> for what each costs.</summary>
    public const int DefaultLevel = 3;

    /// <summary>The least zstd level that can be asked for.</summary>
    public const int LeastLevel = 1;

    /// <summary>The highest zstd level that can be asked for: above it windows grow beyond what every reader must support.</summary>
    public const int HighestLevel = 19;

    /// <summary>
    /// Writes a whole image; needs no seeking. Rows are sorted and numbered here, so that equal state gives equal bytes,
    /// in whatever order it was collected.
    /// </summary>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="tree">What to write.</param>
    /// <param name="level">zstd level, <see cref="LeastLevel"/> to <see cref="HighestLevel"/>.</param>
    /// <returns>The image's digest (<see cref="ImageScan.Digest"/>), 32 bytes.</returns>
    /// <exception cref="ArgumentException">The tree contradicts itself; nothing was written.</exception>
    /// <exception cref="ImageTooLargeException">The tree is beyond what an image may hold; nothing was written.</exception>
    /// <exception cref="IOException">The output failed.</exception>
    /// <exception cref="DllNotFoundException">libzstd is missing.</exception>
    public static ByteString Write(Stream output, ProcessTree tree, int level = DefaultLevel) => Write(output, tree, ImageLimits.Default, level);

    /// <summary>The same with other caps.</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="tree">What to write.</param>
    /// <param name="limits">The caps.</param>
    /// <param name="level">zstd level.</param>
    /// <param name="more">Sections to copy behind those of the tree.</param>
    /// <returns>The image's digest.</returns>
    internal static ByteString Write(
        Stream output, ProcessTree tree, ImageLimits limits, int level = DefaultLevel, IReadOnlyList<CompressedSection>? more = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentOutOfRangeException.ThrowIfLessThan(level, LeastLevel);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, HighestLevel);
        ContainerWriter container = new(output);
        List<CompressedSection> sections = new SectionEncoder(limits, level).Encode(tree);
        container.WriteHeader();
        if (ImagePadding.For(tree, sections, limits) is { } padding)
        {
            container.WriteSkippable(padding);
        }

        foreach (CompressedSection section in sections)
        {
            container.WriteSection(section);
        }

        foreach (CompressedSection section in more ?? [])
        {
            container.WriteSection(section);
        }

        container.WriteTable();
        return container.Digest;
    }

    /// <summary>Sorts by tgid and checks that no two are the same.</summary>
    /// <param name="processes">The processes.</param>
    /// <returns>The sorted processes.</returns>
    /// <exception cref="ArgumentException">A tgid is impossible, or there twice.</exception>
    internal static ProcessEntry[] Sort(IReadOnlyList<ProcessEntry> processes)
    {
        ProcessEntry[] sorted = [.. processes.OrderBy(p => p.Tgid)];
        CheckAscending(sorted, p => p.Tgid, "tgid");
        return sorted;
    }

    /// <summary>Sorts by tid and checks that no two are the same.</summary>
    /// <param name="process">The process.</param>
    /// <returns>The sorted threads.</returns>
    /// <exception cref="ArgumentException">A tid is impossible or there twice, or there is no thread.</exception>
    internal static ThreadEntry[] SortThreads(ProcessEntry process)
    {
        ThreadEntry[] sorted = [.. process.Threads.OrderBy(t => t.Tid)];
        CheckAscending(sorted, t => t.Tid, "tid");
        return sorted.Length > 0 ? sorted : throw new ArgumentException($"process {process.Tgid} has no threads");
    }

    private static void CheckAscending<T>(T[] rows, Func<T, int> id, string what)
    {
        int previous = 0;
        foreach (T row in rows)
        {
            previous = id(row) > previous ? id(row) : throw new ArgumentException($"{what} {id(row)} is there twice, or not above 0");
        }
    }
}
