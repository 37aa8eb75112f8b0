using System.Globalization;
using System.Text;

namespace Checkpoint.Cli.Rendering;

/// <summary>How many columns of a terminal a text takes: two for wide East Asian characters and emoji, none for combining marks.</summary>
internal static class Columns
{
    /// <summary>The width of a text.</summary>
    internal static int Of(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text.Length;
        }

        int width = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            width += Of(rune);
        }

        return width;
    }

    /// <summary>The longest start of a text that fits.</summary>
    /// <param name="text">The text.</param>
    /// <param name="room">Columns there are.</param>
    /// <returns>The text or its start.</returns>
    internal static string Cut(string text, int room)
    {
        if (text.Length <= room / 2)
        {
            return text;
        }

        int width = 0;
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            width += Of(rune);
            if (width > room)
            {
                return text[..length];
            }

            length += rune.Utf16SequenceLength;
        }

        return text;
    }

    private static int Of(Rune rune)
    {
        if (rune.IsAscii)
        {
            return 1;
        }

        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
        {
            return 0;
        }

        return rune.Value switch
        {
            >= 0x1100 and <= 0x115f => 2,
            >= 0x2e80 and <= 0xa4cf => 2,
            >= 0xa960 and <= 0xa97f => 2,
            >= 0xac00 and <= 0xd7a3 => 2,
            >= 0xf900 and <= 0xfaff => 2,
            >= 0xfe30 and <= 0xfe6f => 2,
            >= 0xff00 and <= 0xff60 => 2,
            >= 0xffe0 and <= 0xffe6 => 2,
            >= 0x1f300 and <= 0x1faff => 2,
            >= 0x20000 and <= 0x3fffd => 2,
            _ => 1,
        };
    }
}
