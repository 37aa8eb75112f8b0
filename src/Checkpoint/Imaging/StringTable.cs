using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Collects the strings of an image, each once, numbered in order of first use.</summary>
/// <param name="limits">The caps.</param>
internal sealed class StringTable(ImageLimits limits)
{
    private readonly Dictionary<ByteString, int> _indexes = [];
    private readonly List<ByteString> _values = [];

    /// <summary>The number of a string.</summary>
    /// <param name="value">The string.</param>
    /// <returns>Its number.</returns>
    /// <exception cref="ImageTooLargeException">It is too long, or there are too many.</exception>
    public int Intern(ByteString value)
    {
        if (_indexes.TryGetValue(value, out int index))
        {
            return index;
        }

        if (value.Length > limits.StringBytes || _values.Count == limits.Strings)
        {
            throw new ImageTooLargeException($"an image holds at most {limits.Strings} strings of at most {limits.StringBytes} bytes");
        }

        _indexes.Add(value, _values.Count);
        _values.Add(value);
        return _values.Count - 1;
    }

    /// <summary>The section's name.</summary>
    public const string Name = "strings";

    /// <summary>Writes section <c>strings</c>.</summary>
    /// <param name="output">Where to.</param>
    public void Write(ByteBuffer output)
    {
        MessagePackWriter writer = new(output);
        writer.WriteMapHeader(3);
        writer.WriteSectionName(Name);
        writer.WriteString("values"u8);
        writer.WriteArrayHeader(_values.Count);
        foreach (ByteString value in _values)
        {
            writer.WriteText(value.Span);
        }

        writer.Flush();
    }

    /// <summary>Reads section <c>strings</c>.</summary>
    /// <param name="section">The section.</param>
    /// <returns>The strings.</returns>
    /// <exception cref="ImageFormatException">They are too many or too long.</exception>
    public static ByteString[] Read(SectionMap section)
    {
        MessagePackReader reader = section.Find("values");
        int count = reader.ReadArrayHeader();
        if (count > section.Limits.Strings)
        {
            throw reader.Error($"{count} strings are too many, {section.Limits.Strings} are allowed");
        }

        ByteString[] strings = new ByteString[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> bytes = reader.ReadBytes();
            strings[i] = bytes.Length <= section.Limits.StringBytes
                ? new ByteString(bytes)
                : throw reader.Error($"a string of {bytes.Length} bytes is too long, {section.Limits.StringBytes} are allowed");
        }

        return strings;
    }
}
