using System;
using System.Buffers;
using System.Globalization;
using System.Text;

namespace Checkpoint.Model;

/// <summary>Makes kernel bytes safe to show: nothing that comes out can move a cursor, change a colour or reorder a line.</summary>
public static class ByteEscape
{
    /// <summary>
    /// Printable UTF-8 as it is; <c>\n</c>, <c>\t</c>, <c>\\</c> and the like as in C; other control bytes and invalid
    /// UTF-8 as <c>\xHH</c>; invisible and direction-changing characters as <c>\u{HHHH}</c>.
    /// </summary>
    /// <param name="bytes">Any bytes.</param>
    /// <returns>One line of printable text from which the bytes can be told.</returns>
    public static string Printable(ReadOnlySpan<byte> bytes)
    {
        if (IsPlain(bytes))
        {
            return Encoding.ASCII.GetString(bytes);
        }

        StringBuilder text = new(bytes.Length + 16);
        while (!bytes.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes, out Rune rune, out int used);
            if (status == OperationStatus.Done)
            {
                Append(text, rune);
            }
            else
            {
                foreach (byte b in bytes[..used])
                {
                    AppendHex(text, b);
                }
            }

            bytes = bytes[used..];
        }

        return text.ToString();
    }

    private static bool IsPlain(ReadOnlySpan<byte> bytes) =>
        !bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~') && !bytes.Contains((byte)'\\');

    private static void Append(StringBuilder text, Rune rune)
    {
        switch (rune.Value)
        {
            case '\\': text.Append("\\\\"); return;
            case '\n': text.Append("\\n"); return;
            case '\r': text.Append("\\r"); return;
            case '\t': text.Append("\\t"); return;
            case < 0x20 or 0x7f: AppendHex(text, (byte)rune.Value); return;
        }

        if (IsUnsafeToShow(rune))
        {
            text.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x4}}}");
        }
        else
        {
            text.Append(rune.ToString());
        }
    }

    private static bool IsUnsafeToShow(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => true,
        _ => false,
    };

    private static void AppendHex(StringBuilder text, byte b) => text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
}
