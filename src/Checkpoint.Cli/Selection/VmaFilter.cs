using System.Collections.Generic;
using Checkpoint.Cli.Rendering;
using Checkpoint.Model;

namespace Checkpoint.Cli.Selection;

/// <summary>Reduces an image to the VMAs for which all conditions hold.</summary>
internal static class VmaFilter
{
    /// <summary>Reduces an image; processes without such a VMA are left out.</summary>
    /// <param name="tree">The image.</param>
    /// <param name="conditions">The conditions.</param>
    /// <returns>The image, its lists reduced; lists that were shared still are.</returns>
    internal static ProcessTree Apply(ProcessTree tree, IReadOnlyList<VmaCondition> conditions)
    {
        Dictionary<AddressSpace, AddressSpace?> reduced = new(ReferenceEqualityComparer.Instance);
        List<ProcessEntry> processes = [];
        foreach (ProcessEntry process in tree.Processes)
        {
            if (process.Space is not { } space)
            {
                continue;
            }

            if (!reduced.TryGetValue(space, out AddressSpace? left))
            {
                left = Reduce(space, tree.Files, conditions);
                reduced.Add(space, left);
            }

            if (left is not null)
            {
                processes.Add(process with { Space = left });
            }
        }

        return tree with { Processes = processes };
    }

    private static AddressSpace? Reduce(AddressSpace space, IReadOnlyList<MappedFile> files, IReadOnlyList<VmaCondition> conditions)
    {
        List<Vma> vmas = [];
        List<VmaStats> stats = [];
        for (int i = 0; i < space.Vmas.Length; i++)
        {
            if (AllHold(conditions, space.Vmas[i], files))
            {
                vmas.Add(space.Vmas[i]);
                if (!space.Stats.IsEmpty)
                {
                    stats.Add(space.Stats[i]);
                }
            }
        }

        return vmas.Count == 0 ? null : new AddressSpace([.. vmas], [.. stats]);
    }

    private static bool AllHold(IReadOnlyList<VmaCondition> conditions, Vma vma, IReadOnlyList<MappedFile> files)
    {
        MappedFile file = VmaText.FileOf(vma, files);
        foreach (VmaCondition condition in conditions)
        {
            if (!condition.Holds(vma, file))
            {
                return false;
            }
        }

        return true;
    }
}
