using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>The distinct credentials of an image in order of first use, and who has them.</summary>
internal sealed class CredentialSets
{
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<Credentials, int> _indexes = [];

    /// <summary>Threads share few instances, and to find one by its content costs far more.</summary>
    private readonly Dictionary<Credentials, int> _byInstance = new(ReferenceEqualityComparer.Instance);

    /// <summary>Collects the sets of a tree.</summary>
    /// <param name="tree">The image.</param>
    internal CredentialSets(ProcessTree tree)
    {
        foreach (ProcessEntry process in tree.Processes)
        {
            foreach (ThreadEntry thread in process.Threads)
            {
                Add(thread);
            }

            if (SharedBy(process) is { } shared)
            {
                _entries[_byInstance[shared]].Pids.Add(process.Tgid);
                continue;
            }

            foreach (ThreadEntry thread in process.Threads)
            {
                if (thread.Credentials is { } own)
                {
                    _entries[_byInstance[own]].Tids.Add((process.Tgid, thread.Tid));
                }
            }
        }
    }

    /// <summary>One set.</summary>
    /// <param name="Value">The credentials.</param>
    /// <param name="Pids">The processes all of whose threads have them.</param>
    /// <param name="Tids">Single threads, with their process, where a process's threads differ.</param>
    internal sealed record Entry(Credentials Value, List<int> Pids, List<(int Tgid, int Tid)> Tids);

    /// <summary>The sets.</summary>
    internal IReadOnlyList<Entry> Entries => _entries;

    /// <summary>The index of a thread's set in <see cref="Entries"/>; null when its credentials could not be read.</summary>
    internal int? IndexOf(ThreadEntry thread) => thread.Credentials is { } own ? _byInstance[own] : null;

    private static Credentials? SharedBy(ProcessEntry process)
    {
        Credentials? first = process.Leader.Credentials;
        foreach (ThreadEntry thread in process.Threads)
        {
            if (first is null || !(ReferenceEquals(first, thread.Credentials) || first.Equals(thread.Credentials)))
            {
                return null;
            }
        }

        return first;
    }

    private void Add(ThreadEntry thread)
    {
        if (thread.Credentials is not { } own || _byInstance.ContainsKey(own))
        {
            return;
        }

        if (_indexes.TryAdd(own, _entries.Count))
        {
            _entries.Add(new Entry(own, [], []));
        }

        _byInstance.Add(own, _indexes[own]);
    }
}
