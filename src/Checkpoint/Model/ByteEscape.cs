using System;
using System.Buffers;
using System.Globalization;
using System.Text;

namespace Checkpoint.Model;

/// <summary>
/// Makes kernel bytes safe to show: nothing that comes out can move a cursor, change a colour, reorder a line, hide, or change
/// what stands beside it.
/// </summary>
public static class ByteEscape
{
    /// <summary>Marks that may follow a letter: more than any language writes would be drawn over the lines above and below.</summary>
    private const int MostMarks = 4;

    /// <summary>
    /// Printable UTF-8 as it is; <c>\n</c>, <c>\t</c>, <c>\\</c> and the like as in C; other control bytes and invalid
    /// UTF-8 as <c>\xHH</c>; as <c>\u{HHHH}</c> what is invisible, changes directions, looks like a blank, or would join what
    /// stands before it, such as a combining mark that follows no letter.
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
        int marks = MostMarks;
        while (!bytes.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes, out Rune rune, out int used);
            if (status == OperationStatus.Done)
            {
                Append(text, rune, ref marks);
            }
            else
            {
                marks = MostMarks;
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

    /// <param name="text">Where to.</param>
    /// <param name="rune">The character.</param>
    /// <param name="marks">Marks since the last letter; <see cref="MostMarks"/> where none may follow.</param>
    private static void Append(StringBuilder text, Rune rune, ref int marks)
    {
        UnicodeCategory category = Rune.GetUnicodeCategory(rune);
        if (!IsUnsafeToShow(rune, category) && IsMark(rune, category) && marks < MostMarks)
        {
            marks++;
            text.Append(rune.ToString());
            return;
        }

        bool isShown = !IsUnsafeToShow(rune, category) && !IsMark(rune, category);
        marks = isShown && Rune.IsLetter(rune) ? 0 : MostMarks;
        switch (rune.Value)
        {
            case '\\': text.Append("\\\\"); return;
            case '\n': text.Append("\\n"); return;
            case '\r': text.Append("\\r"); return;
            case '\t': text.Append("\\t"); return;
            case < 0x20 or 0x7f: AppendHex(text, (byte)rune.Value); return;
        }

        if (isShown)
        {
            text.Append(rune.ToString());
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x4}}}");
        }
    }

    private static bool IsUnsafeToShow(Rune rune, UnicodeCategory category) => category switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.EnclosingMark => true,
        UnicodeCategory.SpaceSeparator => rune.Value != ' ',
        _ => IsInvisible(rune.Value) || IsJoining(rune.Value),
    };

    /// <summary>Letters, marks and symbols of Unicode's Default_Ignorable_Code_Point, and the Braille pattern without dots.</summary>
    private static bool IsInvisible(int value) => value is 0x34f or 0x115f or 0x1160 or 0x17b4 or 0x17b5 or (>= 0x180b and <= 0x180f)
        or 0x2800 or 0x3164 or (>= 0xfe00 and <= 0xfe0f) or 0xffa0 or (>= 0xe0000 and <= 0xe0fff);

    /// <summary>Two regional indicators become a flag, a modifier gives the emoji before it another colour.</summary>
    private static bool IsJoining(int value) => value is (>= 0x1f1e6 and <= 0x1f1ff) or (>= 0x1f3fb and <= 0x1f3ff);

    /// <summary>What is drawn onto the character before it: combining marks, and the vowels and final consonants of Hangul in pieces.</summary>
    private static bool IsMark(Rune rune, UnicodeCategory category) =>
        category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        || rune.Value is (>= 0x1161 and <= 0x11ff) or (>= 0xd7b0 and <= 0xd7ff);

    private static void AppendHex(StringBuilder text, byte b) => text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
}
