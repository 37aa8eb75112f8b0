using System;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux;

/// <summary>Gathers the VMA list of one answer. Nothing is allocated per VMA: the lists are reused, and copied once when taken.</summary>
internal sealed class VmaList
{
    // Numbers count up over a capture; an image has no more files either.
    private const uint MaxFiles = 4 << 20;

    private Vma[] _vmas = new Vma[1024];
    private VmaStats[] _stats = [];
    private int[] _numbers = new int[256]; // of the answer's files, by their number in it, counted from 1; 0: not told, -1: left out
    private int _count;
    private bool _pageSizesTold;

    /// <summary>What the VMAs refer to.</summary>
    internal FileTable Files { get; } = new();

    /// <summary>Whether the list is not whole: a name was too much for the capture.</summary>
    internal bool IsCut => Files.HasCut;

    /// <summary>Whether a file was left out altogether, so that the list would say what is not so.</summary>
    internal bool LacksFiles => Files.HasLeftOut;

    /// <summary>Starts on another answer.</summary>
    internal void Clear()
    {
        ClearList();
        Array.Clear(_numbers);
    }

    /// <summary>Starts on another process of the same answer.</summary>
    internal void ClearList()
    {
        _count = 0;
        _pageSizesTold = false;
        Files.HasCut = Files.HasLeftOut = false;
    }

    /// <summary>Takes an attribute in, if it is about VMAs.</summary>
    /// <returns>Whether it is.</returns>
    /// <exception cref="WireFormatException">The payload is not the attribute's.</exception>
    internal bool Apply(TaskDiagAttribute type, ReadOnlySpan<byte> payload)
    {
        switch (type)
        {
            case TaskDiagAttribute.Vma: AddVmas(payload); return true;
            case TaskDiagAttribute.ExtFiles: AddFiles(payload); return true;
            case TaskDiagAttribute.ExtBuildIds: AddBuildIds(payload); return true;
            case TaskDiagAttribute.ExtPageSizes: AddPageSizes(payload); return true;
            default: return false;
        }
    }

    /// <summary>Copies the list.</summary>
    /// <param name="totalVm">Size of the address space in pages as told after the list was read; null when it was not.</param>
    /// <param name="changed">Whether the list adds up to another size.</param>
    /// <returns>The list, sorted; null when the answer had none.</returns>
    internal Vma[]? Take(ulong? totalVm, out bool changed)
    {
        ulong bytes = 0;
        foreach (ref Vma vma in _vmas.AsSpan(0, _count))
        {
            // The gate, in the upper half, is part of no address space.
            bytes += (long)vma.Start < 0 ? 0 : vma.End - vma.Start;
            vma = _pageSizesTold && vma.PageSize == 0 ? vma with { PageSize = (uint)Environment.SystemPageSize } : vma;
        }

        changed = _count > 0 && totalVm is ulong pages && pages * (ulong)Environment.SystemPageSize != bytes;
        return _count == 0 ? null : _vmas.AsSpan(0, _count).ToArray();
    }

    /// <summary>Copies the page statistics.</summary>
    /// <returns>One for each VMA; null when the answer had none.</returns>
    internal VmaStats[]? TakeStats() => _count == 0 || _stats.Length == 0 ? null : _stats.AsSpan(0, _count).ToArray();

    private void AddVmas(ReadOnlySpan<byte> payload)
    {
        TaskDiagVmaReader records = new(payload);
        while (records.Next())
        {
            TaskDiagVma record = records.Current;
            if (_count == _vmas.Length)
            {
                Array.Resize(ref _vmas, _count * 2);
            }

            if (records.HasStat)
            {
                if (_stats.Length < _vmas.Length)
                {
                    Array.Resize(ref _stats, _vmas.Length);
                }

                _stats[_count] = Stats(records.Stat);
            }

            int file = record.Generation != 0 && records.Name.IsEmpty
                ? ToldFile(record.Generation)
                : Files.NumberOf(record.Major, record.Minor, record.Inode, records.Name);
            _vmas[_count++] = new Vma(record.Start, record.End, record.Flags, record.Offset, file);
        }
    }

    private int ToldFile(uint number) => number < _numbers.Length && _numbers[number] != 0
        ? Math.Max(_numbers[number] - 1, -1)
        : throw new WireFormatException(TaskDiagVma.LengthsOffset - sizeof(uint), $"a VMA of file {number}, which was not told");

    private void AddFiles(ReadOnlySpan<byte> payload)
    {
        for (int size; !payload.IsEmpty; payload = payload[size..])
        {
            TaskDiagExtFile file = TaskDiagExtFile.Read(payload, out size);
            if (file.Number is 0 or > MaxFiles)
            {
                throw new WireFormatException(0, $"file number {file.Number}, allowed 1 to {MaxFiles}");
            }

            if (file.Number >= _numbers.Length)
            {
                Array.Resize(ref _numbers, (int)System.Numerics.BitOperations.RoundUpToPowerOf2(file.Number + 1));
            }

            int known = Files.NumberOf(file.Major, file.Minor, file.Inode, file.Name);
            _numbers[file.Number] = known < 0 ? -1 : known + 1;
        }
    }

    private void AddBuildIds(ReadOnlySpan<byte> payload)
    {
        for (; payload.Length >= TaskDiagExtBuildId.Size; payload = payload[TaskDiagExtBuildId.Size..])
        {
            TaskDiagExtBuildId record = TaskDiagExtBuildId.Read(payload);
            if (record.File != 0)
            {
                int told = ToldFile(record.File);
                if (told >= 0)
                {
                    _numbers[record.File] = Files.Note(told, record.Id, record.Errno, record.IsCalledDeleted) + 1;
                }

                continue; // a file that was left out is not told of
            }

            int at = _vmas.AsSpan(0, _count).BinarySearch(new ByStart(record.Start));
            int number = at < 0 ? -1 : _vmas[at].File;
            if (number < 0)
            {
                continue; // the list was cut there
            }

            int now = Files.Note(number, record.Id, record.Errno, record.IsCalledDeleted);
            for (int i = at; i < _count && now != number; i++)
            {
                _vmas[i] = _vmas[i].File == number ? _vmas[i] with { File = now } : _vmas[i];
            }
        }
    }

    private void AddPageSizes(ReadOnlySpan<byte> payload)
    {
        _pageSizesTold = true;
        int at = 0;
        for (; payload.Length >= TaskDiagExtPageSize.Size; payload = payload[TaskDiagExtPageSize.Size..])
        {
            TaskDiagExtPageSize record = TaskDiagExtPageSize.Read(payload);
            while (at < _count && _vmas[at].Start < record.Start)
            {
                at++;
            }

            if (at < _count && _vmas[at].Start == record.Start)
            {
                _vmas[at] = _vmas[at] with { PageSize = (uint)Math.Min(record.PageSize, uint.MaxValue) };
            }
        }
    }

    private readonly struct ByStart(ulong start) : IComparable<Vma>
    {
        public int CompareTo(Vma other) => start.CompareTo(other.Start);
    }

    private static VmaStats Stats(in TaskDiagVmaStat stat) => new()
    {
        Rss = stat.Resident,
        Pss = stat.PssShifted >> TaskDiagVmaStat.PssShift,
        SharedClean = stat.SharedClean,
        SharedDirty = stat.SharedDirty,
        PrivateClean = stat.PrivateClean,
        PrivateDirty = stat.PrivateDirty,
        Referenced = stat.Referenced,
        Anonymous = stat.Anonymous,
        AnonHugePages = stat.AnonymousThp,
        ShmemPmdMapped = stat.ShmemPmdMapped,
        FilePmdMapped = stat.FilePmdMapped,
        SharedHugetlb = stat.SharedHugetlb,
        PrivateHugetlb = stat.PrivateHugetlb,
        Swap = stat.Swap,
        SwapPss = stat.SwapPss,
        Locked = stat.Locked,
    };
}
