using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Checkpoint.Imaging;

/// <summary>A MessagePack map with string keys of which values are asked by key. All of it was passed over once, so its structure is sound.</summary>
internal sealed class SectionMap
{
    private readonly ReadOnlyMemory<byte> _body;
    private readonly Dictionary<string, int> _positions = new(StringComparer.Ordinal);
    private readonly int _start;

    /// <summary>Passes over the map that <paramref name="body"/> consists of.</summary>
    /// <param name="body">The whole content of a section.</param>
    /// <param name="section">The section's name, for exceptions.</param>
    /// <param name="limits">The caps.</param>
    /// <exception cref="ImageFormatException">It is not one map with distinct short keys.</exception>
    public SectionMap(ReadOnlyMemory<byte> body, string section, ImageLimits limits)
        : this(body, section, limits, 0, limits.Nesting - 1, out int end)
    {
        if (end != body.Length)
        {
            throw new ImageFormatException(end, $"{body.Length - end} bytes follow the section's map", section);
        }
    }

    private SectionMap(ReadOnlyMemory<byte> body, string section, ImageLimits limits, int start, int nesting, out int end)
    {
        _body = body;
        Bytes = MemoryMarshal.TryGetArray(body, out ArraySegment<byte> segment) && segment.Offset == 0 ? segment.Array! : body.ToArray();
        _start = start;
        Section = section;
        Limits = limits;
        MessagePackReader reader = At(start);
        int count = reader.ReadMapHeader();
        if (count > limits.Keys)
        {
            throw reader.Error($"the map has {count} keys, {limits.Keys} are allowed");
        }

        for (int i = 0; i < count; i++)
        {
            string key = ReadShortString(ref reader, limits);
            if (!_positions.TryAdd(key, reader.Position))
            {
                throw reader.Error($"key '{key}' is there twice");
            }

            reader.Skip(nesting);
        }

        end = reader.Position;
    }

    /// <summary>The section's name.</summary>
    public string Section { get; }

    /// <summary>The section's bytes; only <see cref="Length"/> of them count.</summary>
    public byte[] Bytes { get; }

    /// <summary>Length of the section in bytes.</summary>
    public int Length => _body.Length;

    /// <summary>Number of keys.</summary>
    public int Count => _positions.Count;

    /// <summary>The caps.</summary>
    public ImageLimits Limits { get; }

    /// <summary>Reads what every section begins with: its name and version.</summary>
    /// <param name="body">The content of a section.</param>
    /// <param name="offset">Where the section begins in the file, for exceptions.</param>
    /// <param name="limits">The caps.</param>
    /// <returns>Name and version.</returns>
    /// <exception cref="ImageFormatException">It does not begin so.</exception>
    public static (string Name, uint Version) ReadName(ReadOnlySpan<byte> body, long offset, ImageLimits limits)
    {
        try
        {
            MessagePackReader reader = new(body);
            if (reader.ReadMapHeader() >= 2 && ReadShortString(ref reader, limits) == "section")
            {
                string name = ReadShortString(ref reader, limits);
                if (ReadShortString(ref reader, limits) == "version")
                {
                    return (name, reader.ReadUInt32());
                }
            }
        }
        catch (ImageFormatException)
        {
            // Said below, with the place in the file.
        }

        throw new ImageFormatException(offset, "the section does not begin with its name and version") { Fault = ImageFault.SectionName };
    }

    /// <summary>What the section is counted in; null when nothing is counted.</summary>
    public ImageBudget? Budget { get; set; }

    /// <summary>A reader at any place of the section.</summary>
    /// <param name="position">The place.</param>
    /// <returns>The reader.</returns>
    public MessagePackReader At(int position) => new(Bytes.AsSpan(0, Length), Section, position);

    /// <summary>Looks for a value that may be missing.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>Its place, or -1.</returns>
    public int Position(string key) => _positions.GetValueOrDefault(key, -1);

    /// <summary>A reader at the value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The reader.</returns>
    /// <exception cref="ImageFormatException">There is no such key.</exception>
    public MessagePackReader Find(string key) =>
        Position(key) is int position and >= 0 ? At(position) : throw new ImageFormatException(_start, $"'{key}' is missing", Section);

    /// <summary>The map that is the value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The map.</returns>
    /// <exception cref="ImageFormatException">There is no such key, or its value is not a map as above.</exception>
    public SectionMap FindMap(string key) => new(_body, Section, Limits, Find(key).Position, Limits.Nesting - 2, out _) { Budget = Budget };

    /// <summary>Reads the name of a section, key or column.</summary>
    /// <param name="reader">Positioned at it.</param>
    /// <param name="limits">The caps.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ImageFormatException">Something else is there, or it is too long.</exception>
    public static string ReadShortString(ref MessagePackReader reader, ImageLimits limits)
    {
        MessagePackReader ahead = reader;
        int length = ahead.ReadBytes().Length;
        return length <= limits.NameBytes ? reader.ReadString() : throw reader.Error($"a name of {length} bytes is too long, {limits.NameBytes} are allowed");
    }
}
