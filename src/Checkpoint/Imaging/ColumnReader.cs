using System;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>
/// Reads the values of one column in order. Most are one byte, or nil: these are looked at in place, since a table has a
/// hundred values a row.
/// </summary>
/// <param name="section">The section it is in.</param>
/// <param name="name">Its name.</param>
/// <param name="position">Where its first value is; -1 when the column is missing, which means nil in every row.</param>
internal sealed class ColumnReader(SectionMap section, string name, int position)
{
    private readonly byte[] _bytes = section.Bytes;
    private readonly int _end = section.Length;
    private int _position = position;

    /// <summary>Reads a nil if there is one.</summary>
    /// <returns>Whether there was.</returns>
    public bool TryReadNil()
    {
        int at = _position;
        if (at < 0)
        {
            return true;
        }

        if (at >= _end)
        {
            throw section.At(at).Error("the data ends where a value should begin");
        }

        bool isNil = _bytes[at] == MessagePackCode.Nil;
        _position = isNil ? at + 1 : at;
        return isNil;
    }

    /// <summary>Reads a number of 0 to 2^64-1.</summary>
    /// <returns>The value.</returns>
    public ulong UInt64()
    {
        if (TryReadByte(out byte small))
        {
            return small;
        }

        MessagePackReader reader = Begin();
        ulong value = reader.ReadUInt64();
        _position = reader.Position;
        return value;
    }

    /// <summary>Reads a number of 0 to 2^32-1.</summary>
    /// <returns>The value.</returns>
    public uint UInt32()
    {
        if (TryReadByte(out byte small))
        {
            return small;
        }

        MessagePackReader reader = Begin();
        uint value = reader.ReadUInt32();
        _position = reader.Position;
        return value;
    }

    /// <summary>Reads a number of -2^31 to 2^31-1.</summary>
    /// <returns>The value.</returns>
    public int Int32()
    {
        if (TryReadByte(out byte small))
        {
            return small;
        }

        MessagePackReader reader = Begin();
        int value = reader.ReadInt32();
        _position = reader.Position;
        return value;
    }

    /// <summary>Reads a bool.</summary>
    /// <returns>The value.</returns>
    public bool Boolean()
    {
        MessagePackReader reader = Begin();
        bool value = reader.ReadBoolean();
        _position = reader.Position;
        return value;
    }

    /// <summary>Reads a str.</summary>
    /// <returns>The value.</returns>
    public string String()
    {
        MessagePackReader reader = Begin();
        string value = reader.ReadString();
        _position = reader.Position;
        return value;
    }

    /// <summary>Reads an index that must be in range.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="what">What they are, for the exception.</param>
    /// <returns>The index.</returns>
    public int Index(int count, string what)
    {
        ulong index = UInt64();
        return index < (ulong)count ? (int)index : throw Error($"there is no {what} {index}, there are {count}");
    }

    /// <summary>Reads a number that must be within bounds.</summary>
    /// <param name="least">Least that is allowed.</param>
    /// <param name="most">Most that is allowed.</param>
    /// <returns>The value.</returns>
    public int Int32(int least, int most)
    {
        int value = Int32();
        return value >= least && value <= most ? value : throw Error($"{value} is out of range, {least} to {most} is allowed");
    }

    /// <summary>Reads an array of numbers.</summary>
    /// <param name="most">Elements that are allowed.</param>
    /// <param name="cost">What one counts for.</param>
    /// <param name="read">Reads one element.</param>
    /// <typeparam name="T">Type of an element.</typeparam>
    /// <returns>The elements.</returns>
    public T[] Array<T>(int most, int cost, ElementReader<T> read)
    {
        MessagePackReader reader = Begin();
        int count = reader.ReadArrayHeader();
        if (count > most)
        {
            throw Error($"{count} elements are too many, {most} are allowed");
        }

        section.Budget?.Add((long)count * cost);
        T[] elements = count == 0 ? [] : new T[count];
        for (int i = 0; i < count; i++)
        {
            elements[i] = read(ref reader);
        }

        _position = reader.Position;
        return elements;
    }

    /// <summary>Reads an index into the strings. The string counts each time.</summary>
    /// <param name="strings">The strings.</param>
    /// <param name="most">Bytes that are allowed.</param>
    /// <returns>The string.</returns>
    public ByteString Text(ByteString[] strings, int most)
    {
        ByteString text = strings[Index(strings.Length, "string")];
        if (text.Length > most)
        {
            throw new ImageFormatException(Math.Max(_position, 0), $"column '{name}': a text of {text.Length} bytes is too long, {most} are allowed", section.Section)
            {
                Fault = ImageFault.Limit,
            };
        }

        section.Budget?.Add(text.Length);
        return text;
    }

    /// <summary>Reads an index into the strings, or nil.</summary>
    /// <param name="strings">The strings.</param>
    /// <param name="most">Bytes that are allowed.</param>
    /// <returns>The string, or null.</returns>
    public ByteString? TextOrNull(ByteString[] strings, int most) => TryReadNil() ? null : Text(strings, most);

    /// <summary>Reads bytes, or nil.</summary>
    /// <param name="most">Bytes that are allowed; none is never.</param>
    /// <returns>The bytes, or null.</returns>
    public ByteString? BinaryOrNull(int most)
    {
        if (TryReadNil())
        {
            return null;
        }

        MessagePackReader reader = Begin();
        ReadOnlySpan<byte> bytes = reader.ReadBytes();
        _position = reader.Position;
        return bytes.Length > 0 && bytes.Length <= most ? new ByteString(bytes) : throw Error($"{bytes.Length} bytes are none or too many, {most} are allowed");
    }

    /// <summary>Reads a number or nil.</summary>
    /// <returns>The number, or null.</returns>
    public uint? UInt32OrNull() => TryReadNil() ? null : UInt32();

    /// <summary>An exception at the current place.</summary>
    /// <param name="what">What is wrong.</param>
    /// <returns>The exception.</returns>
    public ImageFormatException Error(string what) => new(Math.Max(_position, 0), $"column '{name}': {what}", section.Section);

    /// <summary>Reads an integer of 0 to 127 in its shortest form, if there is one.</summary>
    private bool TryReadByte(out byte value)
    {
        uint at = (uint)_position;
        value = at < (uint)_end ? _bytes[at] : byte.MaxValue;
        bool isSmall = value <= MessagePackCode.MaxFixInt;
        _position += isSmall ? 1 : 0;
        return isSmall;
    }

    private MessagePackReader Begin() => _position >= 0 ? section.At(_position) : throw Error("is missing, and may not be nil");
}
