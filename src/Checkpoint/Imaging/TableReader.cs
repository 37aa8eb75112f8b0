using System;

namespace Checkpoint.Imaging;

/// <summary>A section of rows, stored as columns: each column is read from its start to its end, one value a row.</summary>
internal sealed class TableReader
{
    private readonly SectionMap _section;
    private readonly SectionMap _columns;

    /// <summary>Finds the columns.</summary>
    /// <param name="section">The section.</param>
    /// <param name="most">Rows that are allowed.</param>
    /// <exception cref="ImageFormatException">Row count or columns are missing, or there are too many rows.</exception>
    public TableReader(SectionMap section, int most)
    {
        _section = section;
        Count = ReadCount(section, most);
        _columns = section.FindMap("columns");
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Reads and checks a section's <c>count</c>.</summary>
    /// <param name="section">The section.</param>
    /// <param name="most">What is allowed.</param>
    /// <returns>The count.</returns>
    /// <exception cref="ImageFormatException">It is missing or too large.</exception>
    public static int ReadCount(SectionMap section, int most)
    {
        MessagePackReader reader = section.Find("count");
        ulong count = reader.ReadUInt64();

        // Every table has a column that is never nil, so a row takes a byte at least.
        int possible = Math.Min(most, section.Length);
        return count <= (ulong)possible ? (int)count : throw reader.Error($"a count of {count} is too large, {possible} are possible here");
    }

    /// <summary>Begins a column.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Its reader; a column that is not there reads as nil in every row.</returns>
    /// <exception cref="ImageFormatException">It has not one value a row.</exception>
    public ColumnReader Column(string name)
    {
        int position = _columns.Position(name);
        if (position >= 0)
        {
            MessagePackReader reader = _columns.At(position);
            int count = reader.ReadArrayHeader();
            if (count != Count)
            {
                throw new ImageFormatException(position, $"column '{name}' has {count} values, the table {Count} rows", _section.Section);
            }

            position = reader.Position;
        }

        return new ColumnReader(_section, name, position);
    }

    /// <summary>Begins columns that are all nil or all not nil in a row.</summary>
    /// <param name="names">Their names.</param>
    /// <returns>Their reader.</returns>
    public ColumnGroup Group(params ReadOnlySpan<string> names)
    {
        ColumnReader[] columns = new ColumnReader[names.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = Column(names[i]);
        }

        return new ColumnGroup(columns);
    }
}
