using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <content>Properties of every kind, and how single values look.</content>
internal sealed partial class JsonText
{
    /// <summary>By byte, whether the encoder leaves it alone.</summary>
    private static readonly bool[] Plain = MakePlain();

    /// <summary>A property that is a number.</summary>
    internal void WriteNumber(ReadOnlySpan<byte> name, long value)
    {
        Name(name);
        Number(value);
    }

    /// <summary>A property that is a number.</summary>
    internal void WriteNumber(ReadOnlySpan<byte> name, ulong value)
    {
        Name(name);
        _ = Utf8Formatter.TryFormat(value, Room(20), out int length);
        _length += length;
    }

    /// <summary>A property that is a number, or null.</summary>
    internal void WriteOptional(ReadOnlySpan<byte> name, long? value)
    {
        Name(name);
        if (value.HasValue)
        {
            Number(value.GetValueOrDefault());
        }
        else
        {
            Raw("null"u8);
        }
    }

    /// <summary>A property that is a bool.</summary>
    internal void WriteBoolean(ReadOnlySpan<byte> name, bool value)
    {
        Name(name);
        Raw(value ? "true"u8 : "false"u8);
    }

    /// <summary>A property that is null.</summary>
    internal void WriteNull(ReadOnlySpan<byte> name)
    {
        Name(name);
        Raw("null"u8);
    }

    /// <summary>A property that is a string of this program's own: printable ASCII that needs no escape; or null.</summary>
    internal void WriteString(ReadOnlySpan<byte> name, string? value)
    {
        Name(name);
        if (value is null)
        {
            Raw("null"u8);
        }
        else
        {
            Quoted(value);
        }
    }

    /// <summary>A property with an address or mask as a hex string.</summary>
    internal void WriteHex(ReadOnlySpan<byte> name, ulong value)
    {
        Name(name);
        Raw("\"0x"u8);
        _ = value.TryFormat(Room(16), out int length, "x", CultureInfo.InvariantCulture);
        _length += length;
        Raw("\""u8);
    }

    /// <summary>A property with kernel bytes, as <see cref="JsonValues.WriteBytes"/> shows them.</summary>
    internal void WriteBytes(ReadOnlySpan<byte> name, ByteString? value)
    {
        Name(name);
        if (value is { } bytes)
        {
            Value(bytes.Span);
        }
        else
        {
            Raw("null"u8);
        }
    }

    /// <summary>A property with NUL-terminated strings as an array; null stays null.</summary>
    internal void WriteStrings(ReadOnlySpan<byte> name, ByteString? strings)
    {
        if (strings is not { } value)
        {
            WriteNull(name);
            return;
        }

        WriteStartArray(name);
        for (ReadOnlySpan<byte> rest = value.Span; !rest.IsEmpty;)
        {
            int end = rest.IndexOf((byte)0);
            NextLine();
            Value(end < 0 ? rest : rest[..end]);
            rest = end < 0 ? default : rest[(end + 1)..];
        }

        WriteEndArray();
    }

    /// <summary>A property that is an array of names.</summary>
    internal void WriteNames(ReadOnlySpan<byte> name, IEnumerable<string> values)
    {
        WriteStartArray(name);
        foreach (string value in values)
        {
            NextLine();
            Quoted(value);
        }

        WriteEndArray();
    }

    /// <summary>A property that is an array of numbers.</summary>
    internal void WriteNumbers(ReadOnlySpan<byte> name, int[] values)
    {
        WriteStartArray(name);
        foreach (int value in values)
        {
            NextLine();
            Number(value);
        }

        WriteEndArray();
    }

    private static bool[] MakePlain()
    {
        bool[] plain = new bool[256];
        plain.AsSpan(' ', 0x7f - ' ').Fill(true);
        foreach (byte escaped in "\"&'+<>\\`"u8)
        {
            plain[escaped] = false;
        }

        return plain;
    }

    private void Number(long value)
    {
        Span<byte> room = Room(20);
        if ((ulong)value < 10)
        {
            room[0] = (byte)('0' + (int)value);
            _length++;
            return;
        }

        _ = Utf8Formatter.TryFormat(value, room, out int length);
        _length += length;
    }

    private void Quoted(string text)
    {
        Span<byte> room = Room(text.Length + 2);
        room[0] = (byte)'"';
        for (int i = 0; i < text.Length; i++)
        {
            room[i + 1] = (byte)text[i];
        }

        room[text.Length + 1] = (byte)'"';
        _length += text.Length + 2;
    }

    /// <summary>Bytes as a string when they are UTF-8, else as an object with their hex.</summary>
    private void Value(ReadOnlySpan<byte> bytes)
    {
        if (IsPlain(bytes))
        {
            Raw("\""u8);
            Raw(bytes);
            Raw("\""u8);
        }
        else if (Utf8.IsValid(bytes))
        {
            Raw("\""u8);
            while (!bytes.IsEmpty)
            {
                // At most six characters for a byte, twelve for the two halves of a character beyond U+FFFF.
                int part = Math.Min(bytes.Length, 4096);
                _ = JavaScriptEncoder.Default.EncodeUtf8(bytes[..part], Room(6 * part), out int consumed, out int written, isFinalBlock: part == bytes.Length);
                _length += written;
                bytes = bytes[consumed..];
            }

            Raw("\""u8);
        }
        else
        {
            Open((byte)'{', element: false);
            WriteString("bytes"u8, Convert.ToHexStringLower(bytes));
            Close((byte)'}');
        }
    }

    private static bool IsPlain(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            if (!Plain[b])
            {
                return false;
            }
        }

        return true;
    }
}
