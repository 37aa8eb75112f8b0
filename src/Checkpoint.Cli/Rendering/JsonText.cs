using System;
using System.Runtime.CompilerServices;

namespace Checkpoint.Cli.Rendering;

/// <summary>
/// Writes elements of a long array of the document as indented JSON, byte for byte as the writer of
/// <see cref="JsonValues.Writer"/> would. In the first tenth of a second, which is all that a command takes, that one runs
/// mostly unoptimised and needs three times as long; this one is compiled ahead.
/// </summary>
internal sealed partial class JsonText
{
    /// <summary>Indentation of what is inside an array that is a property of the top object, in spaces.</summary>
    private const int Outer = 4;

    private byte[] _bytes = new byte[64 * 1024];
    private int _length;
    private int _indent = Outer;
    private bool _isFirst = true;

    /// <summary>What was written.</summary>
    internal ReadOnlySpan<byte> Text => _bytes.AsSpan(0, _length);

    /// <summary>Begins anew, with the memory that there is.</summary>
    internal void Clear() => (_length, _isFirst) = (0, true);

    /// <summary>Begins an object that is an element.</summary>
    internal void WriteStartObject() => Open((byte)'{', element: true);

    /// <summary>Begins an object that is a property.</summary>
    internal void WriteStartObject(ReadOnlySpan<byte> name)
    {
        Name(name);
        Open((byte)'{', element: false);
    }

    /// <summary>Begins an array that is a property.</summary>
    internal void WriteStartArray(ReadOnlySpan<byte> name)
    {
        Name(name);
        Open((byte)'[', element: false);
    }

    /// <summary>Ends an object.</summary>
    internal void WriteEndObject() => Close((byte)'}');

    /// <summary>Ends an array.</summary>
    internal void WriteEndArray() => Close((byte)']');

    private void Open(byte bracket, bool element)
    {
        if (element)
        {
            NextLine();
        }

        Room(1)[0] = bracket;
        _length++;
        _indent += 2;
        _isFirst = true;
    }

    private void Close(byte bracket)
    {
        _indent -= 2;
        if (!_isFirst)
        {
            Line();
        }

        Room(1)[0] = bracket;
        _length++;
        _isFirst = false;
    }

    private void NextLine()
    {
        if (!_isFirst)
        {
            Raw(","u8);
        }

        _isFirst = false;
        Line();
    }

    private void Line()
    {
        Span<byte> room = Room(1 + _indent);
        "\n                        "u8[..(1 + _indent)].CopyTo(room);
        _length += 1 + _indent;
    }

    private void Name(ReadOnlySpan<byte> name)
    {
        if (!_isFirst)
        {
            Raw(","u8);
        }

        _isFirst = false;
        int indent = _indent;
        Span<byte> room = Room(indent + name.Length + 5);
        "\n                        "u8[..(1 + indent)].CopyTo(room);
        room[indent + 1] = (byte)'"';
        name.CopyTo(room[(indent + 2)..]);
        room = room[(indent + 2 + name.Length)..];
        room[0] = (byte)'"';
        room[1] = (byte)':';
        room[2] = (byte)' ';
        _length += indent + name.Length + 5;
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Room(int count)
    {
        if (count > _bytes.Length - _length)
        {
            Grow(count);
        }

        return _bytes.AsSpan(_length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int count) => Array.Resize(ref _bytes, Math.Max(_length + count, 2 * _bytes.Length));
}
