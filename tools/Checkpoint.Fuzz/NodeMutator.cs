using System;
using System.Collections.Generic;

namespace Checkpoint.Fuzz;

/// <summary>Changes the values of a section. What depends on a value, such as the table's checksums, is the caller's.</summary>
internal static class NodeMutator
{
    /// <summary>Makes one change somewhere.</summary>
    /// <param name="root">The section; changed.</param>
    /// <param name="random">What decides.</param>
    /// <param name="donor">Another section to take values from.</param>
    internal static void Change(PackedNode root, Random random, PackedNode donor)
    {
        if (random.Next(5) == 0 && root.Find("columns") is { } columns)
        {
            ChangeRows(root, columns, random);
            return;
        }

        List<PackedNode> all = root.Flatten();
        PackedNode node = all[random.Next(all.Count)];
        switch (random.Next(12))
        {
            case 0 or 1 or 2:
                Replace(node, OddValues.Next(random));
                break;
            case 3:
                Nudge(node, random);
                break;
            case 4:
                ChangeChildren(node, random);
                break;
            case 5:
                node.Claimed = node.Leaf is null ? Claim(node, random) : null;
                break;
            case 6:
                Wrap(node, random.Next(1, 40), random.Next(2) == 0);
                break;
            case 7:
                List<PackedNode> others = donor.Flatten();
                node.Become(others[random.Next(1, others.Count + 1) % others.Count]);
                break;
            case 8:
                node.Become(all[random.Next(all.Count)].Clone());
                break;
            case 9:
                Damage(node, random);
                break;
            case 10:
                (node.Children.Count > 1 ? node.Children[random.Next(node.Children.Count)] : node).Become(node.Children.Count > 1 ? node.Children[random.Next(node.Children.Count)] : node);
                break;
            default:
                Fill(node, random);
                break;
        }
    }

    private static void Replace(PackedNode node, byte[] leaf)
    {
        node.Children.Clear();
        node.Leaf = leaf;
    }

    /// <summary>A number becomes its neighbour.</summary>
    private static void Nudge(PackedNode node, Random random)
    {
        if (node.Leaf is { Length: > 0 } leaf)
        {
            byte[] changed = [.. leaf];
            changed[^1] += (byte)(random.Next(2) == 0 ? 1 : 255);
            node.Leaf = changed;
        }
    }

    private static void ChangeChildren(PackedNode node, Random random)
    {
        if (node.Children.Count == 0)
        {
            return;
        }

        int at = random.Next(node.Children.Count);
        switch (random.Next(4))
        {
            case 0: node.Children.RemoveAt(at); break;
            case 1: node.Children.Insert(at, node.Children[random.Next(node.Children.Count)].Clone()); break;
            case 2: node.Children.Insert(at, PackedNode.Of(OddValues.Next(random))); break;
            default: node.Children.Reverse(at, random.Next(node.Children.Count - at) + 1); break;
        }
    }

    private static uint Claim(PackedNode node, Random random) => random.Next(4) switch
    {
        0 => (uint)node.Children.Count + 1,
        1 => (uint)Math.Max(0, node.Children.Count - 1),
        2 => uint.MaxValue >> random.Next(20),
        _ => (uint)random.Next(1 << 24),
    };

    private static void Wrap(PackedNode node, int depth, bool asMap)
    {
        PackedNode inner = node.Clone();
        for (int i = 0; i < depth; i++)
        {
            PackedNode outer = new() { IsMap = asMap };
            if (asMap)
            {
                outer.Children.Add(PackedNode.Of([0xa1, (byte)'k']));
            }

            outer.Children.Add(inner);
            inner = outer;
        }

        node.Become(inner);
    }

    private static void Damage(PackedNode node, Random random)
    {
        if (node.Leaf is { Length: > 0 } leaf)
        {
            byte[] changed = [.. leaf];
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            node.Leaf = random.Next(4) == 0 ? changed[..random.Next(changed.Length)] : changed;
        }
    }

    /// <summary>All values of an array become one of them, or ascend.</summary>
    private static void Fill(PackedNode node, Random random)
    {
        if (node.IsMap || node.Children.Count == 0)
        {
            return;
        }

        bool ascend = random.Next(2) == 0;
        PackedNode one = random.Next(2) == 0 ? node.Children[random.Next(node.Children.Count)].Clone() : PackedNode.Of(OddValues.Next(random));
        for (int i = 0; i < node.Children.Count; i++)
        {
            node.Children[i] = ascend ? PackedNode.Of(OddValues.Number((ulong)i + 1)) : one.Clone();
        }
    }

    /// <summary>Takes a row out of every column, or doubles one, with the count made right: what gets through the decoder reaches the rules.</summary>
    private static void ChangeRows(PackedNode root, PackedNode columns, Random random)
    {
        int rows = columns.Children.Count > 1 ? columns.Children[1].Children.Count : 0;
        if (rows == 0)
        {
            return;
        }

        int row = random.Next(rows);
        bool remove = random.Next(2) == 0;
        int count = 0;
        for (int i = 1; i < columns.Children.Count; i += 2)
        {
            List<PackedNode> values = columns.Children[i].Children;
            if (values.Count == rows && remove)
            {
                values.RemoveAt(row);
            }
            else if (values.Count == rows)
            {
                values.Insert(row, values[row].Clone());
            }

            count = values.Count;
        }

        // In spaces the count is of lists, and their lengths tell the rows.
        PackedNode? total = root.Find("lengths") is { Children: [_, ..] lengths } ? lengths[0] : root.Find("count");
        total?.Become(PackedNode.Of(OddValues.Number((ulong)count)));
    }
}
