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

    private readonly record struct Node(int Index, int Depth, string Indent, bool IsLast);

    /// <summary>Orders the processes: the captured root first, then those whose parent is not in the image.</summary>
    /// <param name="tree">The image.</param>
    /// <returns>One line for each process.</returns>
    internal static List<Line> Of(ProcessTree tree)
    {
        IReadOnlyList<ProcessEntry> processes = tree.Processes;
        Dictionary<int, int> indexByTgid = new(processes.Count);
        for (int i = 0; i < processes.Count; i++)
        {
            indexByTgid.TryAdd(processes[i].Tgid, i);
        }

        List<int>?[] children = new List<int>?[processes.Count];
        List<int> starts = [];
        if (indexByTgid.TryGetValue(tree.Capture.RootTgid, out int captured))
        {
            starts.Add(captured);
        }

        for (int i = 0; i < processes.Count; i++)
        {
            if (indexByTgid.TryGetValue(processes[i].Ppid, out int parent) && parent != i)
            {
                (children[parent] ??= []).Add(i);
            }
            else
            {
                starts.Add(i);
            }
        }

        List<Line> lines = new(processes.Count);
        bool[] seen = new bool[processes.Count];
        foreach (int start in starts)
        {
            Walk(start, processes, children, seen, lines);
        }

        // What is left are rings of processes that claim to be each other's parents.
        for (int i = 0; i < processes.Count; i++)
        {
            Walk(i, processes, children, seen, lines);
        }

        return lines;
    }

    private static void Walk(int start, IReadOnlyList<ProcessEntry> processes, List<int>?[] children, bool[] seen, List<Line> lines)
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
            lines.Add(new Line(processes[node.Index], Branch(node)));
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
