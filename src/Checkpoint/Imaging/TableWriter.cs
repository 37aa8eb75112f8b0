using System;
using System.Numerics;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Writes rows as a section of columns. A column that is nil in every row is left out.</summary>
/// <typeparam name="T">Type of a row.</typeparam>
/// <param name="rows">The rows.</param>
/// <param name="columns">Takes the columns; emptied first.</param>
internal sealed class TableWriter<T>(T[] rows, ByteBuffer columns)
{
    private int _count;

    private delegate bool ValueWriter(ref MessagePackWriter writer, T row);

    /// <summary>Adds a column of numbers that are not negative.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">A row's value.</param>
    /// <returns>This.</returns>
    public TableWriter<T> Unsigned(string name, Func<T, ulong?> value) => Column(name, (ref writer, row) =>
    {
        ulong? number = value(row);
        if (number.HasValue)
        {
            writer.Write(number.GetValueOrDefault());
        }

        return number.HasValue;
    });

    /// <summary>Adds a column of numbers that may be negative.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">A row's value.</param>
    /// <returns>This.</returns>
    public TableWriter<T> Signed(string name, Func<T, long?> value) => Column(name, (ref writer, row) =>
    {
        long? number = value(row);
        if (number.HasValue)
        {
            writer.Write(number.GetValueOrDefault());
        }

        return number.HasValue;
    });

    /// <summary>Adds a column of bools.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">A row's value.</param>
    /// <returns>This.</returns>
    public TableWriter<T> Boolean(string name, Func<T, bool?> value) => Column(name, (ref writer, row) =>
    {
        bool? flag = value(row);
        if (flag.HasValue)
        {
            writer.Write(flag.GetValueOrDefault());
        }

        return flag.HasValue;
    });

    /// <summary>Adds a column of indexes into the strings.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="strings">Where the strings are collected.</param>
    /// <param name="most">Bytes that are allowed.</param>
    /// <param name="value">A row's value.</param>
    /// <returns>This.</returns>
    /// <exception cref="ImageTooLargeException">A row has more.</exception>
    public TableWriter<T> Text(string name, StringTable strings, int most, Func<T, ByteString?> value) => Unsigned(name, row =>
        value(row) is not ByteString text ? null
        : text.Length <= most ? (ulong)strings.Intern(text)
        : throw new ImageTooLargeException($"{text.Length} bytes of '{name}' are too many, {most} are allowed"));

    /// <summary>Adds a column of short binary values.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="most">Bytes that are allowed; none is never.</param>
    /// <param name="value">A row's value.</param>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentException">A row has none or more.</exception>
    public TableWriter<T> Binary(string name, int most, Func<T, ByteString?> value) => Column(name, (ref writer, row) =>
    {
        if (value(row) is not ByteString bytes)
        {
            return false;
        }

        if (bytes.IsEmpty || bytes.Length > most)
        {
            throw new ArgumentException($"{bytes.Length} bytes of '{name}' are none or too many, {most} are allowed");
        }

        writer.WriteBin(bytes.Span);
        return true;
    });

    /// <summary>Adds a column of fixed words.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">A row's value.</param>
    /// <returns>This.</returns>
    public TableWriter<T> Word(string name, Func<T, string> value) => Column(name, (ref writer, row) =>
    {
        writer.Write(value(row));
        return true;
    });

    /// <summary>Adds a column of arrays of numbers.</summary>
    /// <param name="name">Its name.</param>
    /// <typeparam name="TNumber">Type of an element, at most 63 bits wide.</typeparam>
    /// <param name="most">Elements that are allowed.</param>
    /// <param name="value">A row's value.</param>
    /// <returns>This.</returns>
    /// <exception cref="ImageTooLargeException">A row has more.</exception>
    public TableWriter<T> Numbers<TNumber>(string name, int most, Func<T, TNumber[]?> value)
        where TNumber : IBinaryInteger<TNumber> => Column(name, (ref writer, row) =>
    {
        TNumber[]? numbers = value(row);
        if (numbers is null)
        {
            return false;
        }

        if (numbers.Length > most)
        {
            throw new ImageTooLargeException($"{numbers.Length} elements of '{name}' are too many, {most} are allowed");
        }

        writer.WriteArrayHeader(numbers.Length);
        foreach (TNumber number in numbers)
        {
            writer.Write(long.CreateChecked(number));
        }

        return true;
    });

    /// <summary>Writes the section.</summary>
    /// <param name="section">Its name.</param>
    /// <param name="output">Where to.</param>
    public void End(string section, ByteBuffer output)
    {
        MessagePackWriter writer = new(output);
        writer.WriteMapHeader(4);
        writer.WriteSectionName(section);
        writer.WriteString("count"u8);
        writer.Write(rows.Length);
        writer.WriteString("columns"u8);
        writer.WriteMapHeader(_count);
        writer.WriteRaw(columns.Span);
        writer.Flush();
    }

    private TableWriter<T> Column(string name, ValueWriter write)
    {
        if (_count == 0)
        {
            columns.Clear();
        }

        int before = columns.Length;
        MessagePackWriter writer = new(columns);
        writer.Write(name);
        writer.WriteArrayHeader(rows.Length);
        bool hasValue = false;
        foreach (T row in rows)
        {
            if (write(ref writer, row))
            {
                hasValue = true;
            }
            else
            {
                writer.WriteNil();
            }
        }

        writer.Flush();
        if (hasValue)
        {
            _count++;
        }
        else
        {
            columns.Truncate(before);
        }

        return this;
    }
}
