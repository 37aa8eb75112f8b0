using System;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>
/// Walks the VMAs of one process at a time, from low to high addresses, and stops wherever the reader's room ends.
/// Neither source is atomic: a VMA that grew over one already told is cut, so that the list stays sorted and disjoint.
/// </summary>
internal abstract class VmaWalk : IDisposable
{
    /// <summary>Names of this length or more are not told, with any source: longer than PATH_MAX with " (deleted)".</summary>
    protected const int LongestName = 4096 + 16;

    private readonly bool _addGate;
    private VmaFindings? _findings;
    private ulong _end;
    private bool _held;
    private bool _gateDone;

    /// <summary>Sets up a walk.</summary>
    /// <param name="addGate">Whether the source omits [vsyscall], which then is added to 64-bit processes.</param>
    protected VmaWalk(bool addGate) => _addGate = addGate;

    /// <summary>Name of the source, as the image records it.</summary>
    internal abstract string Source { get; }

    /// <summary>Name of the file that is opened.</summary>
    internal virtual ReadOnlySpan<byte> FileName => "maps"u8;

    /// <summary>Whether the source tells page sizes.</summary>
    internal virtual bool TellsPageSizes => true;

    /// <summary>The open file, -1 = none.</summary>
    protected int Fd { get; private set; } = -1;

    /// <summary>Fixed fields of the VMA that <see cref="Advance"/> found.</summary>
    protected TaskDiagVma Current;

    /// <summary>Its page statistics, from a source that has them.</summary>
    protected TaskDiagVmaStat Stat;

    /// <summary>Whether the source has page statistics.</summary>
    protected virtual bool HasStat => false;

    /// <summary>Its name, empty when unnamed.</summary>
    protected abstract ReadOnlySpan<byte> CurrentName { get; }

    /// <summary>Starts on another process.</summary>
    /// <param name="dirfd">The process's directory.</param>
    /// <param name="path">Its <c>maps</c> file, NUL-terminated.</param>
    /// <param name="findings">Where to note build IDs and page sizes; null when they are not wanted.</param>
    /// <returns>0 or a negative errno.</returns>
    internal int Open(int dirfd, ReadOnlySpan<byte> path, VmaFindings? findings = null)
    {
        Close();
        int fd = ProcFile.Open(dirfd, path);
        if (fd < 0)
        {
            return fd;
        }

        Fd = fd;
        _findings = findings;
        _end = 0;
        _held = false;
        LostName = false;
        Current = default;
        _gateDone = !_addGate;
        Restart();
        return 0;
    }

    /// <summary>Writes VMAs until the list or the room ends.</summary>
    /// <param name="writer">Where to.</param>
    /// <returns>1 when the room ended first, 0 when the list is complete, or a negative errno.</returns>
    internal int Fill(ref TaskDiagVmaWriter writer)
    {
        while (true)
        {
            if (!_held)
            {
                ThreadProgress.Note(CapturePart.Maps);
                int found = Advance(_end);
                if (found < 0)
                {
                    return found;
                }

                if (found == 0 && !TryGate())
                {
                    return 0;
                }

                CutOverlap();
                Note();
            }

            _held = !(HasStat ? writer.TryAppend(Current, CurrentName, Stat) : writer.TryAppend(Current, CurrentName));
            if (_held)
            {
                return 1;
            }

            _end = Current.End;
        }
    }

    /// <summary>Finds one VMA by its address; addresses must ascend from call to call.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <returns>1: it is the current one; 0: there is none like that; or a negative errno.</returns>
    internal int Find(ulong start, ulong end)
    {
        if (Fd < 0)
        {
            return -Errno.ESRCH;
        }

        int found = Current.End > start && Current.Start >= start ? 1 : Advance(start);
        return found <= 0 ? found : Current.Start == start && Current.End == end ? 1 : 0;
    }

    /// <summary>The VMA that was found last.</summary>
    internal TaskDiagVma Found => Current;

    /// <summary>Its name, empty when unnamed.</summary>
    internal ReadOnlySpan<byte> FoundName => CurrentName;

    /// <summary>Page size of it in bytes, 0 when the source does not tell.</summary>
    internal ulong FoundPageSize => PageSize;

    /// <summary>Ends the walk of this process.</summary>
    internal void Close()
    {
        if (Fd >= 0)
        {
            _ = Libc.close(Fd);
            Fd = -1;
        }
    }

    /// <inheritdoc/>
    public virtual void Dispose() => Close();

    /// <summary>Whether a file is open.</summary>
    internal bool IsOpen => Fd >= 0;

    /// <summary>Whether a VMA since <see cref="Open"/> had a name too long to be told.</summary>
    internal bool LostName { get; set; }

    /// <summary>Whether <see cref="AskBuildId"/> works.</summary>
    internal virtual bool AnswersBuildIds => false;

    /// <summary>Has the kernel read the build ID of the current VMA's file: only for files that may be read without harm.</summary>
    /// <param name="id">At least <see cref="ElfBuildId.MaxLength"/> bytes.</param>
    /// <returns>Its length, 0 when the file has none, or a negative errno.</returns>
    internal virtual int AskBuildId(Span<byte> id) => -Errno.ENOTTY;

    /// <summary>Page size of the current VMA in bytes, 0 when the source does not tell.</summary>
    protected ulong PageSize { get; set; }

    /// <summary>Prepares for a newly opened file.</summary>
    protected abstract void Restart();

    /// <summary>Finds the next VMA that ends above an address.</summary>
    /// <param name="from">The end of the one before, 0 at first.</param>
    /// <returns>1 when found, 0 at the end, or a negative errno.</returns>
    protected abstract int Advance(ulong from);

    /// <summary>Makes the gate VMA the current one; its name is <see cref="GateVma.Name"/>.</summary>
    protected abstract void SetGate();

    private void CutOverlap()
    {
        if (Current.Start < _end)
        {
            ulong cut = _end - Current.Start;
            Current = Current with { Start = _end, Offset = Current.Inode == 0 ? Current.Offset : Current.Offset + cut };
        }
    }

    private void Note()
    {
        if (_findings is not null)
        {
            if (_findings.WithFiles)
            {
                _findings.Add(Current, CurrentName);
            }

            _findings.AddPageSize(Current.Start, PageSize);
        }
    }

    private bool TryGate()
    {
        // A 32-bit process has no gate, and nothing above 4 GiB; a 64-bit one always has its stack up there.
        if (_gateDone || _end <= uint.MaxValue)
        {
            return false;
        }

        _gateDone = true;
        PageSize = 0;
        SetGate();
        return true;
    }
}
