using System;
using System.Collections.Generic;
using System.IO;
using Checkpoint.Imaging;

namespace Checkpoint.Fuzz;

/// <summary>One MessagePack value that can be changed in any way, also into what is not valid.</summary>
internal sealed class PackedNode
{
    /// <summary>Bytes of a value without others in it; null for an array or map.</summary>
    internal byte[]? Leaf { get; set; }

    /// <summary>Whether it is a map, whose keys and values take turns in <see cref="Children"/>.</summary>
    internal bool IsMap { get; set; }

    /// <summary>What is in it.</summary>
    internal List<PackedNode> Children { get; } = [];

    /// <summary>How many it claims to hold; null: as many as it does.</summary>
    internal uint? Claimed { get; set; }

    /// <summary>A value without others in it.</summary>
    internal static PackedNode Of(byte[] leaf) => new() { Leaf = leaf };

    /// <summary>Takes apart what a section consists of.</summary>
    internal static PackedNode Parse(byte[] bytes)
    {
        int position = 0;
        return Parse(bytes, ref position);
    }

    /// <summary>The bytes.</summary>
    internal byte[] Encode()
    {
        using MemoryStream output = new();
        Encode(output);
        return output.ToArray();
    }

    /// <summary>All values in it, itself first.</summary>
    internal List<PackedNode> Flatten()
    {
        List<PackedNode> all = [this];
        for (int i = 0; i < all.Count; i++)
        {
            all.AddRange(all[i].Children);
        }

        return all;
    }

    /// <summary>A copy with all that is in it.</summary>
    internal PackedNode Clone()
    {
        PackedNode copy = new() { Leaf = Leaf, IsMap = IsMap, Claimed = Claimed };
        foreach (PackedNode child in Children)
        {
            copy.Children.Add(child.Clone());
        }

        return copy;
    }

    /// <summary>Becomes another value.</summary>
    internal void Become(PackedNode other)
    {
        PackedNode copy = other.Clone();
        Leaf = copy.Leaf;
        IsMap = copy.IsMap;
        Claimed = copy.Claimed;
        Children.Clear();
        Children.AddRange(copy.Children);
    }

    /// <summary>The value of a key of a map.</summary>
    internal PackedNode? Find(string key)
    {
        for (int i = 0; IsMap && i + 1 < Children.Count; i += 2)
        {
            if (Children[i].Leaf is { Length: > 1 } name && name.AsSpan(1).SequenceEqual(System.Text.Encoding.UTF8.GetBytes(key)))
            {
                return Children[i + 1];
            }
        }

        return null;
    }

    private static PackedNode Parse(byte[] bytes, ref int position)
    {
        MessagePackReader reader = new(bytes, null, position);
        byte code = reader.NextCode;
        bool isMap = code is (>= 0x80 and < 0x90) or MessagePackCode.Map16 or MessagePackCode.Map32;
        bool isArray = code is (>= 0x90 and < 0xa0) or MessagePackCode.Array16 or MessagePackCode.Array32;
        PackedNode node = new() { IsMap = isMap };
        if (isMap || isArray)
        {
            int count = isMap ? 2 * reader.ReadMapHeader() : reader.ReadArrayHeader();
            position = reader.Position;
            for (int i = 0; i < count; i++)
            {
                node.Children.Add(Parse(bytes, ref position));
            }
        }
        else
        {
            reader.Skip(1);
            node.Leaf = bytes[position..reader.Position];
            position = reader.Position;
        }

        return node;
    }

    private void Encode(MemoryStream output)
    {
        if (Leaf is not null)
        {
            output.Write(Leaf);
            return;
        }

        uint count = Claimed ?? (uint)(IsMap ? Children.Count / 2 : Children.Count);
        if (count < 16)
        {
            output.WriteByte((byte)((IsMap ? 0x80u : 0x90u) | count));
        }
        else
        {
            output.Write([IsMap ? MessagePackCode.Map32 : MessagePackCode.Array32, (byte)(count >> 24), (byte)(count >> 16), (byte)(count >> 8), (byte)count]);
        }

        foreach (PackedNode child in Children)
        {
            child.Encode(output);
        }
    }
}
