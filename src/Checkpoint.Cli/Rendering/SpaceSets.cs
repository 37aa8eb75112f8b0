using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>The VMA lists of an image in order of first use; processes with equal lists share one.</summary>
internal sealed class SpaceSets
{
    private readonly List<(AddressSpace Space, List<int> Pids)> _entries = [];
    private readonly Dictionary<AddressSpace, int> _indexes = new(ReferenceEqualityComparer.Instance);

    /// <summary>Collects the lists of a tree.</summary>
    /// <param name="tree">The image.</param>
    internal SpaceSets(ProcessTree tree)
    {
        foreach (ProcessEntry process in tree.Processes)
        {
            if (process.Space is not { } space)
            {
                continue;
            }

            if (_indexes.TryAdd(space, _entries.Count))
            {
                _entries.Add((space, []));
            }

            _entries[_indexes[space]].Pids.Add(process.Tgid);
        }
    }

    /// <summary>The lists, and the processes that have them.</summary>
    internal IReadOnlyList<(AddressSpace Space, List<int> Pids)> Entries => _entries;

    /// <summary>The index of a process's list in <see cref="Entries"/>; null without a list.</summary>
    internal int? IndexOf(ProcessEntry process) => process.Space is { } space ? _indexes[space] : null;
}
