using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.InteropServices;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>
/// Collects the VMA lists of a tree, equal ones once, and numbers the files in order of their first use, so that the
/// same state gives the same bytes in whatever order it was collected.
/// </summary>
internal sealed class SpaceTable
{
    /// <summary>Of each run: the lists may come from an image whose maker chose them.</summary>
    private static readonly ulong Seed = BitConverter.ToUInt64(Guid.NewGuid().ToByteArray());

    private readonly List<AddressSpace> _lists = [];
    private readonly Dictionary<AddressSpace, int> _byInstance = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ulong, int> _firstByHash = [];
    private readonly List<int> _nextWithHash = [];
    private readonly Dictionary<MappedFile, int> _fileNumbers = [];
    private readonly List<MappedFile> _files = [];
    private readonly IReadOnlyList<MappedFile> _given;
    private readonly int[] _numbers;
    private readonly uint _pageSize;
    private readonly ImageLimits _limits;

    /// <summary>Begins without a list.</summary>
    /// <param name="files">What the VMAs' file indexes mean.</param>
    /// <param name="pageSize">Page size in bytes.</param>
    /// <param name="limits">The caps.</param>
    public SpaceTable(IReadOnlyList<MappedFile> files, uint pageSize, ImageLimits limits)
    {
        _given = files;
        _numbers = new int[files.Count];
        _numbers.AsSpan().Fill(-1);
        _pageSize = pageSize;
        _limits = limits;
    }

    /// <summary>The distinct lists in order of first use.</summary>
    public ReadOnlySpan<AddressSpace> Lists => CollectionsMarshal.AsSpan(_lists);

    /// <summary>VMAs in all of <see cref="Lists"/>.</summary>
    public int VmaCount { get; private set; }

    /// <summary>How many of them have page statistics.</summary>
    public int StatsCount { get; private set; }

    /// <summary>Whether one of them at least has a page size.</summary>
    public bool HasPageSizes { get; private set; }

    /// <summary>The number in the image of a file; the file must have been used.</summary>
    /// <param name="file">Its index in the tree.</param>
    /// <returns>Its index in the image.</returns>
    public int FileNumber(int file) => _numbers[file];

    /// <summary>The number of a list.</summary>
    /// <param name="space">The list, or null.</param>
    /// <returns>Its number, or null.</returns>
    /// <exception cref="ArgumentException">The list is not valid, or there are too many VMAs.</exception>
    public int? Add(AddressSpace? space)
    {
        if (space is null)
        {
            return null;
        }

        if (_byInstance.TryGetValue(space, out int index))
        {
            return index;
        }

        ulong hash = Check(space.Stats, space.Vmas.Length, Check(space.Vmas));
        index = FindEqual(hash, space);
        if (index < 0)
        {
            index = _lists.Count;
            _lists.Add(space);
            _nextWithHash.Add(_firstByHash.GetValueOrDefault(hash, -1));
            _firstByHash[hash] = index;
            VmaCount = VmaCount <= _limits.Vmas - space.Vmas.Length
                ? VmaCount + space.Vmas.Length
                : throw new ImageTooLargeException($"an image holds at most {_limits.Vmas} VMAs");
            StatsCount = StatsCount <= _limits.VmaStats - space.Stats.Length
                ? StatsCount + space.Stats.Length
                : throw new ImageTooLargeException($"an image holds statistics of at most {_limits.VmaStats} VMAs");
        }

        _byInstance.Add(space, index);
        return index;
    }

    /// <summary>All files: those that are used in order of first use, then the others.</summary>
    /// <returns>The rows of section <c>files</c>.</returns>
    public MappedFile[] AllFiles()
    {
        for (int i = 0; i < _numbers.Length; i++)
        {
            Use(i);
        }

        return [.. _files];
    }

    /// <summary>Checks a list, numbers its files and hashes it (FNV-1a over 64-bit words: any mixing will do, equality decides).</summary>
    private ulong Check(ReadOnlySpan<Vma> vmas)
    {
        ulong hash = Seed;
        ulong end = 0;
        foreach (ref readonly Vma vma in vmas)
        {
            if (vma.Start < end || vma.End <= vma.Start)
            {
                throw new ArgumentException($"VMA 0x{vma.Start:x}-0x{vma.End:x} is empty or not after 0x{end:x}, where the one before it ends");
            }

            if (((vma.Start | vma.End | vma.Offset) & (_pageSize - 1)) != 0)
            {
                throw new ArgumentException($"VMA 0x{vma.Start:x}-0x{vma.End:x} at offset 0x{vma.Offset:x} is not aligned to pages of {_pageSize} bytes");
            }

            if (vma.File < -1 || vma.File >= _numbers.Length)
            {
                throw new ArgumentException($"VMA 0x{vma.Start:x}-0x{vma.End:x} refers to file {vma.File}, there are {_numbers.Length}");
            }

            if (vma.PageSize != 0 && !BitOperations.IsPow2(vma.PageSize))
            {
                throw new ArgumentException($"VMA 0x{vma.Start:x}-0x{vma.End:x} has pages of {vma.PageSize} bytes, which is no power of two");
            }

            HasPageSizes |= vma.PageSize != 0;
            end = vma.End;
            int file = vma.File < 0 ? -1 : Use(vma.File);
            hash = Mix(Mix(Mix(hash, vma.Start), vma.End), vma.Offset);
            hash = Mix(Mix(hash, (ulong)vma.Flags), ((ulong)vma.PageSize << 32) | (uint)file);
        }

        return hash;
    }

    /// <summary>Checks a list's statistics, and adds to its hash those that differ most between equal lists.</summary>
    private static ulong Check(ReadOnlySpan<VmaStats> stats, int vmas, ulong hash)
    {
        if (!stats.IsEmpty && stats.Length != vmas)
        {
            throw new ArgumentException($"a list of {vmas} VMAs has statistics of {stats.Length}");
        }

        foreach (ref readonly VmaStats values in stats)
        {
            if (!VmaStatColumns.AreWholeKib(values))
            {
                throw new ArgumentException($"the statistics of a VMA are not whole KiB: {values}");
            }

            hash = Mix(Mix(hash, values.Rss), values.Pss);
        }

        return hash;
    }

    private static ulong Mix(ulong hash, ulong word)
    {
        hash = (hash ^ word) * 1099511628211;
        return hash ^ (hash >> 29);
    }

    private int FindEqual(ulong hash, AddressSpace space)
    {
        int index = _firstByHash.GetValueOrDefault(hash, -1);
        while (index >= 0 && !(AreEqual(_lists[index].Vmas, space.Vmas) && _lists[index].Stats.SequenceEqual(space.Stats)))
        {
            index = _nextWithHash[index];
        }

        return index;
    }

    private bool AreEqual(ReadOnlySpan<Vma> left, ReadOnlySpan<Vma> right)
    {
        bool areEqual = left.Length == right.Length;
        for (int i = 0; areEqual && i < left.Length; i++)
        {
            ref readonly Vma a = ref left[i];
            ref readonly Vma b = ref right[i];
            areEqual = a.Start == b.Start && a.End == b.End && a.Flags == b.Flags && a.Offset == b.Offset && a.PageSize == b.PageSize
                && (a.File == b.File || (a.File >= 0 && b.File >= 0 && _numbers[a.File] == _numbers[b.File]));
        }

        return areEqual;
    }

    /// <summary>Numbers a file. Equal files get one number.</summary>
    private int Use(int file)
    {
        if (_numbers[file] < 0)
        {
            MappedFile value = _given[file];
            if (!_fileNumbers.TryGetValue(value, out int number))
            {
                number = _files.Count;
                _fileNumbers.Add(value, number);
                _files.Add(value);
            }

            _numbers[file] = number;
        }

        return _numbers[file];
    }
}
