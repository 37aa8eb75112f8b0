using System.IO;

namespace Checkpoint.Cli.Rendering;

/// <summary>
/// Lines of text for people: cut at a terminal's width, coloured if wanted. What is written must be printable already
/// (<see cref="Model.ByteEscape"/>); the only control bytes added here are newlines and, with colour, SGR sequences.
/// </summary>
/// <param name="output">Where to.</param>
/// <param name="width">Columns after which lines are cut; 0 = never.</param>
/// <param name="color">Whether styles are shown.</param>
internal sealed class TextReport(TextWriter output, int width, bool color)
{
    private int _column;

    /// <summary>Writes a part of a line.</summary>
    /// <param name="text">Printable text.</param>
    /// <param name="style">How it looks on a terminal.</param>
    internal void Write(string text, TextStyle style = TextStyle.Plain)
    {
        int columns = Columns.Of(text);
        if (width > 0 && columns > width - _column)
        {
            text = Columns.Cut(text, width - _column);
            columns = width - _column;
        }

        _column += columns;
        if (text.Length == 0)
        {
            return;
        }

        if (!color || style == TextStyle.Plain)
        {
            output.Write(text);
            return;
        }

        output.Write(style == TextStyle.Label ? "\e[1m" : "\e[31m");
        output.Write(text);
        output.Write("\e[0m");
    }

    /// <summary>Writes spaces.</summary>
    /// <param name="count">How many.</param>
    internal void Pad(int count)
    {
        for (; count > 0 && (width == 0 || _column < width); count--)
        {
            output.Write(' ');
            _column++;
        }
    }

    /// <summary>Writes the rest of a line and ends it.</summary>
    /// <param name="text">Printable text.</param>
    /// <param name="style">How it looks on a terminal.</param>
    internal void Line(string text = "", TextStyle style = TextStyle.Plain)
    {
        Write(text, style);
        output.Write('\n');
        _column = 0;
    }

    /// <summary>Writes a line of the form "label      text".</summary>
    /// <param name="label">What it is about.</param>
    /// <param name="text">Printable text.</param>
    /// <param name="style">How the text looks on a terminal.</param>
    internal void Labelled(string label, string text, TextStyle style = TextStyle.Plain)
    {
        const int LabelColumns = 12;
        Write(label, TextStyle.Label);
        Pad(LabelColumns - label.Length);
        Line(text, style);
    }
}
