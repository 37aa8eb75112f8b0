using System;
using System.Numerics;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Reads the columns of section <c>spaces</c> list by list.</summary>
internal ref struct VmaColumns
{
    private readonly int _shift;
    private readonly int _files;
    private readonly int[]? _fileCosts;
    private readonly ImageBudget? _budget;
    private readonly bool _hasFiles;
    private readonly bool _hasPageSizes;
    private readonly ColumnGroup? _stats;
    private MessagePackReader _gap;
    private MessagePackReader _pages;
    private MessagePackReader _flags;
    private MessagePackReader _offset;
    private MessagePackReader _file;
    private MessagePackReader _pageSize;
    private int _statsLeft;

    /// <summary>Begins at the first VMA.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="count">VMAs in all lists.</param>
    /// <param name="shift">log2 of the page size.</param>
    /// <param name="files">The files; null when they are lost, and a VMA may refer to any.</param>
    /// <param name="limits">The caps.</param>
    /// <exception cref="ImageFormatException">A column is missing or has another length.</exception>
    public VmaColumns(SectionMap columns, int count, int shift, MappedFile[]? files, ImageLimits limits)
    {
        _shift = shift;
        _files = files?.Length ?? limits.Files;
        _fileCosts = files is null ? null : Array.ConvertAll(files, SectionCost.OfName);
        _budget = columns.Budget;
        _hasFiles = count > 0 && columns.Position("file") >= 0;
        _gap = Begin(columns, "gap", count);
        _pages = Begin(columns, "pages", count);
        _flags = Begin(columns, "flags", count);
        _offset = Begin(columns, "offset", count);
        _file = _hasFiles ? Begin(columns, "file", count) : default;
        _hasPageSizes = count > 0 && columns.Position("page_size") >= 0;
        _pageSize = _hasPageSizes ? Begin(columns, "page_size", count) : default;
        _stats = VmaStatColumns.Find(columns, count);
        _statsLeft = limits.VmaStats;
    }

    /// <summary>Finds a column.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="name">Its name.</param>
    /// <param name="count">VMAs in all lists; 0 asks for no column.</param>
    /// <returns>A reader at its first value.</returns>
    /// <exception cref="ImageFormatException">It is missing or has another length.</exception>
    public static MessagePackReader Begin(SectionMap columns, string name, int count)
    {
        if (count == 0)
        {
            return default;
        }

        MessagePackReader reader = columns.Find(name);
        int values = reader.ReadArrayHeader();
        return values == count ? reader : throw reader.Error($"column '{name}' has {values} values, the lists {count} VMAs");
    }

    /// <summary>Reads the next list.</summary>
    /// <param name="length">How many VMAs it has.</param>
    /// <returns>The list.</returns>
    /// <exception cref="ImageFormatException">A value is out of range, or the addresses pass 2^64.</exception>
    public AddressSpace Read(int length)
    {
        Vma[] list = new Vma[length];
        ReadVmas(list);
        return new AddressSpace(list, _stats is null ? null : VmaStatColumns.Read(_stats, length, ref _statsLeft));
    }

    private void ReadVmas(Span<Vma> list)
    {
        ulong largest = ulong.MaxValue >> _shift;
        ulong page = 0;
        long cost = 0;
        foreach (ref Vma vma in list)
        {
            ulong gap = _gap.ReadUInt64();
            if (gap > largest - page)
            {
                throw _gap.Error($"a gap of {gap} pages after page {page} passes the end of addresses");
            }

            ulong start = page + gap;
            ulong pages = _pages.ReadUInt64();
            if (pages == 0 || pages > largest - start)
            {
                throw _pages.Error($"a VMA of {pages} pages at page {start} is empty or passes the end of addresses");
            }

            ulong offset = _offset.ReadUInt64();
            if (offset > largest)
            {
                throw _offset.Error($"an offset of {offset} pages passes 2^64 bytes");
            }

            page = start + pages;
            vma = new Vma(start << _shift, page << _shift, (VmaFlags)_flags.ReadUInt64(), offset << _shift, ReadFile(), ReadPageSize());
            cost += SectionCost.OfView(vma, _fileCosts);
        }

        _budget?.Add(cost);
    }

    private int ReadFile()
    {
        if (!_hasFiles || _file.TryReadNil())
        {
            return -1;
        }

        ulong file = _file.ReadUInt64();
        return file < (ulong)_files ? (int)file : throw _file.Error($"there is no file {file}, there are {_files}");
    }

    private uint ReadPageSize()
    {
        if (!_hasPageSizes || _pageSize.TryReadNil())
        {
            return 0;
        }

        uint size = _pageSize.ReadUInt32();
        return size == 0 || BitOperations.IsPow2(size) ? size : throw _pageSize.Error($"a page size of {size} bytes is no power of two");
    }
}
