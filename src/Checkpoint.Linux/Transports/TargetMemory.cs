using System;
using System.Runtime.InteropServices;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>
/// A mapped ELF file as its process has it in memory. Only pages that are there already are read: to bring another in would
/// have the kernel ask the file, which may take for ever or change something. Pages that the process has overwritten are not
/// the file's any more, and those of devices are not memory: both are left alone.
/// </summary>
internal sealed unsafe class TargetMemory : ElfSource
{
    private const int EntrySize = 8;
    private const int MostPages = 20;
    private const ulong FilePage = (1UL << 63) | (1UL << 61); // present, and of a file or shared (Documentation/admin-guide/mm/pagemap.rst)

    private readonly byte[] _head = new byte[Environment.SystemPageSize];
    private int _memory = -Errno.ESRCH;
    private int _pagemap = -Errno.ESRCH;
    private ulong _start;
    private ulong _length;
    private bool _hasHead;

    /// <summary>Starts on another process.</summary>
    /// <param name="directory">Its directory.</param>
    /// <param name="memory">Its <c>mem</c> below that, NUL-terminated.</param>
    /// <param name="pagemap">Its <c>pagemap</c>.</param>
    internal void Open(int directory, ReadOnlySpan<byte> memory, ReadOnlySpan<byte> pagemap)
    {
        Close();
        _memory = ProcFile.Open(directory, memory);
        _pagemap = _memory < 0 ? _memory : ProcFile.Open(directory, pagemap);
    }

    /// <summary>Ends with this process.</summary>
    internal void Close()
    {
        Close(ref _memory);
        Close(ref _pagemap);
    }

    /// <summary>Reads the build ID of the file that a VMA maps.</summary>
    /// <param name="vma">The VMA; the file's head must be in it.</param>
    /// <param name="id">At least <see cref="ElfBuildId.MaxLength"/> bytes.</param>
    /// <returns>Its length, 0 when the file has none, or a negative errno; ENODATA: what would tell is not in memory.</returns>
    internal int ReadBuildId(in TaskDiagVma vma, Span<byte> id)
    {
        if (_pagemap < 0)
        {
            return _pagemap;
        }

        if (vma.Offset != 0 || (vma.Flags & VmaFlags.Read) == 0)
        {
            return -Errno.ENODATA;
        }

        _start = vma.Start;
        _length = vma.End - vma.Start;
        _hasHead = false;
        int error = ReadAt(0, _head);
        _hasHead = error == 0;
        return error < 0 ? error : ElfBuildId.Read(this, id);
    }

    /// <inheritdoc/>
    internal override int ReadAt(long offset, Span<byte> into)
    {
        if ((ulong)offset > _length || (ulong)into.Length > _length - (ulong)offset)
        {
            return -Errno.ENODATA;
        }

        if (_hasHead && offset + into.Length <= _head.Length)
        {
            _head.AsSpan((int)offset, into.Length).CopyTo(into);
            return 0;
        }

        ulong from = _start + (ulong)offset;
        int error = InMemory(from, from + (ulong)into.Length);
        return error < 0 ? error : Read(_memory, into, (long)from);
    }

    private int InMemory(ulong from, ulong to)
    {
        Span<ulong> entries = stackalloc ulong[MostPages];
        ulong size = (ulong)Environment.SystemPageSize;
        ulong first = from / size;
        ulong count = ((to + size - 1) / size) - first;
        if (count > MostPages)
        {
            return -Errno.ENODATA;
        }

        entries = entries[..(int)count];
        int error = Read(_pagemap, MemoryMarshal.AsBytes(entries), (long)(first * EntrySize));
        foreach (ulong entry in entries)
        {
            error = error == 0 && (entry & FilePage) != FilePage ? -Errno.ENODATA : error;
        }

        return error;
    }

    private static int Read(int fd, Span<byte> into, long offset)
    {
        // SAFETY: the span bounds the call.
        fixed (byte* p = into)
        {
            nint got;
            int errno = 0;
            do
            {
                got = Libc.pread(fd, p, (nuint)into.Length, offset);
                errno = got < 0 ? Marshal.GetLastPInvokeError() : 0;
            }
            while (errno == Errno.EINTR);

            // Nothing at all: the address space is gone.
            return errno != 0 ? -errno : got == into.Length ? 0 : got == 0 ? -Errno.ESRCH : -Errno.ENODATA;
        }
    }

    private static void Close(ref int fd)
    {
        if (fd >= 0)
        {
            _ = Libc.close(fd);
        }

        fd = -Errno.ESRCH;
    }
}
