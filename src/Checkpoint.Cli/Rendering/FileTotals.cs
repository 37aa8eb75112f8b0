using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>A mapped file and who maps it.</summary>
/// <param name="File">The file.</param>
/// <param name="Processes">How many processes map it.</param>
/// <param name="Total">Their VMAs of it.</param>
internal readonly record struct FileTotals(MappedFile File, int Processes, VmaTotal Total)
{
    /// <summary>All files with an inode that the processes of an image map.</summary>
    /// <param name="tree">The image.</param>
    /// <returns>By name, bytewise, then device and inode.</returns>
    internal static List<FileTotals> Of(ProcessTree tree)
    {
        int[] processes = new int[tree.Files.Count];
        VmaTotal[] totals = new VmaTotal[tree.Files.Count];
        foreach ((AddressSpace space, List<int> pids) in new SpaceSets(tree).Entries)
        {
            Dictionary<int, VmaTotal> own = [];
            for (int i = 0; i < space.Vmas.Length; i++)
            {
                if (VmaText.FileOf(space.Vmas[i], tree.Files).Inode != 0)
                {
                    int file = space.Vmas[i].File;
                    own[file] = own.GetValueOrDefault(file).With(space, i);
                }
            }

            foreach ((int file, VmaTotal total) in own)
            {
                processes[file] += pids.Count;
                totals[file] += total.Times(pids.Count);
            }
        }

        List<FileTotals> files = [];
        for (int i = 0; i < processes.Length; i++)
        {
            if (processes[i] > 0)
            {
                files.Add(new FileTotals(tree.Files[i], processes[i], totals[i]));
            }
        }

        files.Sort((a, b) => a.File.Name.CompareTo(b.File.Name) is int order and not 0
            ? order
            : (a.File.Major, a.File.Minor, a.File.Inode).CompareTo((b.File.Major, b.File.Minor, b.File.Inode)));
        return files;
    }

    /// <summary>The build ID in hex; null without one.</summary>
    internal string? BuildId => File.BuildId is { } id ? Convert.ToHexStringLower(id.Span) : null;
}
