using System;
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

    /// <summary>Writes spaces up to a column, but no further than half a line.</summary>
    /// <param name="column">The column.</param>
    internal void Indent(int column) => Pad((width > 0 ? Math.Min(column, width / 2) : column) - _column);

    /// <summary>Writes the rest of a line and ends it.</summary>
    /// <param name="text">Printable text.</param>
    /// <param name="style">How it looks on a terminal.</param>
    internal void Line(string text = "", TextStyle style = TextStyle.Plain)
    {
        Write(text, style);
        output.Write('\n');
        _column = 0;
    }

    /// <summary>Writes the rest of a line and ends it; words that do not fit go on below, for up to twenty lines.</summary>
    /// <param name="text">Printable text.</param>
    /// <param name="indent">Columns before what goes on below; at most half a line.</param>
    /// <param name="style">How it looks on a terminal.</param>
    internal void Wrapped(string text, int indent, TextStyle style = TextStyle.Plain)
    {
        const int Lines = 20;
        int start = width > 0 ? Math.Min(indent, width / 2) : indent;
        text = width > 0 ? Columns.Cut(text, width * Lines) : text;
        while (width > 0 && Columns.Of(text) > width - _column)
        {
            // A word that is longer than a line ends where the line does.
            int fitting = Columns.Cut(text, width - _column).Length;
            int space = text.LastIndexOf(' ', fitting);
            int end = space > 0 ? space : _column > start ? 0 : fitting;
            if (end == 0 && _column <= start)
            {
                break;
            }

            Line(text[..end].TrimEnd(' '), style);
            text = text[end..].TrimStart(' ');
            Pad(start);
        }

        Line(text, style);
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
