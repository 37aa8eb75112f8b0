using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Writes images (<c>images/README.md</c>).</summary>
public static class ImageWriter
{
    /// <summary>
    /// Writes a whole image; needs no seeking. Rows are sorted and numbered here, so that equal state gives equal bytes,
    /// in whatever order it was collected.
    /// </summary>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="tree">What to write.</param>
    /// <exception cref="ArgumentException">The tree contradicts itself, or is beyond what an image may hold; nothing was written.</exception>
    /// <exception cref="IOException">The output failed.</exception>
    /// <exception cref="DllNotFoundException">libzstd is missing.</exception>
    public static void Write(Stream output, ProcessTree tree) => Write(output, tree, ImageLimits.Default);

    /// <summary>The same with other caps.</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="tree">What to write.</param>
    /// <param name="limits">The caps.</param>
    internal static void Write(Stream output, ProcessTree tree, ImageLimits limits)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(tree);
        ContainerWriter container = new(output);
        List<CompressedSection> sections = new SectionEncoder(limits).Encode(tree);
        container.WriteHeader();
        foreach (CompressedSection section in sections)
        {
            container.WriteSection(section);
        }

        container.WriteTable();
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
