using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>
/// The order and indentation in which <c>ps f</c> draws a tree. Iterative, and every process comes exactly once, whatever
/// an image claims about parents.
/// </summary>
internal static class TreeOrder
{
    /// <summary>Branches are drawn to this depth; deeper lines say their depth, so that output stays in proportion to the tree.</summary>
    internal const int MaxDrawnDepth = 64;

    /// <summary>One line.</summary>
    /// <param name="Process">The process.</param>
    /// <param name="Branch">What to draw before its command, such as <c> |   \_ </c>.</param>
    internal readonly record struct Line(ProcessEntry Process, string Branch);

    /// <summary>One line of any tree.</summary>
    /// <param name="Index">Which of the nodes.</param>
    /// <param name="Branch">What to draw before it.</param>
    internal readonly record struct Place(int Index, string Branch);

    private readonly record struct Node(int Index, int Depth, string Indent, bool IsLast);

    /// <summary>Orders the processes: the captured root first, then those whose parent is not in the image.</summary>
    /// <param name="tree">The image.</param>
    /// <returns>One line for each process.</returns>
    internal static List<Line> Of(ProcessTree tree)
    {
        List<(int Id, int Parent)> nodes = new(tree.Processes.Count);
        foreach (ProcessEntry process in tree.Processes)
        {
            nodes.Add((process.Tgid, process.Ppid));
        }

        List<Line> lines = new(nodes.Count);
        foreach (Place place in Of(nodes, tree.Capture.RootTgid))
        {
            lines.Add(new Line(tree.Processes[place.Index], place.Branch));
        }

        return lines;
    }

    /// <summary>Orders the nodes of any tree: the root first, then those whose parent is none of them.</summary>
    /// <param name="nodes">The id of each and that of its parent; siblings stay in this order.</param>
    /// <param name="root">The id of the root.</param>
    /// <returns>One place for each node.</returns>
    internal static List<Place> Of(IReadOnlyList<(int Id, int Parent)> nodes, int root)
    {
        Dictionary<int, int> indexById = new(nodes.Count, IdHash.Comparer);
        for (int i = 0; i < nodes.Count; i++)
        {
            indexById.TryAdd(nodes[i].Id, i);
        }

        List<int>?[] children = new List<int>?[nodes.Count];
        List<int> starts = [];
        if (indexById.TryGetValue(root, out int first))
        {
            starts.Add(first);
        }

        for (int i = 0; i < nodes.Count; i++)
        {
            if (indexById.TryGetValue(nodes[i].Parent, out int parent) && parent != i)
            {
                (children[parent] ??= []).Add(i);
            }
            else
            {
                starts.Add(i);
            }
        }

        List<Place> places = new(nodes.Count);
        bool[] seen = new bool[nodes.Count];
        foreach (int start in starts)
        {
            Walk(start, children, seen, places);
        }

        // What is left are rings of processes that claim to be each other's parents.
        for (int i = 0; i < nodes.Count; i++)
        {
            Walk(i, children, seen, places);
        }

        return places;
    }

    private static void Walk(int start, List<int>?[] children, bool[] seen, List<Place> places)
    {
        Stack<Node> pending = new();
        pending.Push(new Node(start, 0, "", IsLast: true));
        while (pending.TryPop(out Node node))
        {
            if (seen[node.Index])
            {
                continue;
            }

            seen[node.Index] = true;
            places.Add(new Place(node.Index, Branch(node)));
            if (children[node.Index] is not { } below)
            {
                continue;
            }

            string indent = node.Depth is 0 or > MaxDrawnDepth ? node.Indent : node.Indent + (node.IsLast ? "    " : " |  ");
            for (int i = below.Count - 1; i >= 0; i--)
            {
                pending.Push(new Node(below[i], node.Depth + 1, indent, IsLast: i == below.Count - 1));
            }
        }
    }

    private static string Branch(Node node) => node.Depth switch
    {
        0 => "",
        <= MaxDrawnDepth => node.Indent + @" \_ ",
        _ => $@"{node.Indent} \_ (depth {node.Depth}) ",
    };
}
