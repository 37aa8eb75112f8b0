using System;

namespace Checkpoint.Imaging;

/// <summary>Columns of 64-bit numbers that belong together: in a row all are nil, or none is.</summary>
/// <param name="columns">The columns.</param>
internal sealed class ColumnGroup(ColumnReader[] columns)
{
    /// <summary>Reads the next row.</summary>
    /// <param name="values">Takes a value of each column.</param>
    /// <returns>False when they are nil.</returns>
    /// <exception cref="ImageFormatException">Some are nil and some not.</exception>
    public bool TryRead(Span<ulong> values)
    {
        bool isNil = columns[0].TryReadNil();
        for (int i = isNil ? 1 : 0; i < columns.Length; i++)
        {
            if (!isNil)
            {
                values[i] = columns[i].UInt64();
            }
            else if (!columns[i].TryReadNil())
            {
                throw columns[i].Error("is not nil where the columns beside it are");
            }
        }

        return !isNil;
    }

    /// <summary>An exception at the current place of the first column.</summary>
    /// <param name="what">What is wrong.</param>
    /// <returns>The exception.</returns>
    public ImageFormatException Error(string what) => columns[0].Error(what);
}
