using System;
using System.Collections.Generic;

namespace Checkpoint.Cli.Rendering;

/// <summary>
/// A table with aligned columns; the last one is as long as its text. Rows are not kept, for there may be millions: they are
/// made once to find the widths, and once more to be written.
/// </summary>
/// <param name="headers">Column headings; one that starts with <c>&gt;</c> aligns its column to the right.</param>
internal sealed class TextTable(params string[] headers)
{
    /// <summary>A longer cell sticks out instead of widening every row: an image can hold names of any length.</summary>
    private const int MaxWidth = 64;

    /// <summary>One cell.</summary>
    /// <param name="Text">Printable text.</param>
    /// <param name="Style">How it looks on a terminal.</param>
    internal readonly record struct Cell(string Text, TextStyle Style = TextStyle.Plain)
    {
        /// <summary>A plain cell.</summary>
        public static implicit operator Cell(string text) => new(text);
    }

    /// <summary>Writes headings and rows.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="rows">The rows, each with as many cells as there are headings; gone through twice.</param>
    /// <param name="widest">Some of the rows, among which is the widest cell of each column; null when nobody knows them.</param>
    internal void Write(TextReport report, IEnumerable<Cell[]> rows, IEnumerable<Cell[]>? widest = null)
    {
        int[] widths = new int[headers.Length];
        Cell[] headings = new Cell[headers.Length];
        for (int i = 0; i < headers.Length; i++)
        {
            headings[i] = new Cell(headers[i].TrimStart('>'), TextStyle.Label);
            widths[i] = headings[i].Text.Length;
        }

        foreach (Cell[] row in widest ?? rows)
        {
            if (row.Length != headers.Length)
            {
                throw new ArgumentException($"{row.Length} cells for {headers.Length} columns", nameof(rows));
            }

            for (int i = 0; i < row.Length; i++)
            {
                widths[i] = Math.Min(MaxWidth, Math.Max(widths[i], Columns.Of(row[i].Text)));
            }
        }

        WriteRow(report, headings, widths);
        foreach (Cell[] row in rows)
        {
            WriteRow(report, row, widths);
        }
    }

    private void WriteRow(TextReport report, Cell[] row, int[] widths)
    {
        for (int i = 0; i < row.Length; i++)
        {
            bool last = i == row.Length - 1 || (i == row.Length - 2 && row[^1].Text.Length == 0);
            int padding = widths[i] - Columns.Of(row[i].Text);
            if (headers[i].StartsWith('>'))
            {
                report.Pad(padding);
                padding = 0;
            }

            report.Write(row[i].Text, row[i].Style);
            if (last)
            {
                break;
            }

            report.Pad(padding + 1);
        }

        report.Line();
    }
}
