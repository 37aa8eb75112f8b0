using System;
using System.Runtime.InteropServices;
using Checkpoint.Linux.Interop;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>VMAs by the PROCMAP_QUERY ioctl: one call each, no text. One query struct and name buffer serve all calls.</summary>
internal sealed unsafe class ProcmapWalk : VmaWalk
{
    // PATH_MAX, " (deleted)" and NUL fit; the kernel accepts any size.
    private const int NameRoom = 8192;

    private readonly TaskDiagVma _gate;
    private readonly byte* _name;
    private ProcmapQuery* _query;
    private int _nameLength;

    private ProcmapWalk(bool hasGate, in TaskDiagVma gate)
        : base(hasGate)
    {
        _gate = gate;
        // SAFETY: one block: the query first (8-aligned by malloc), the name behind it; freed in Dispose.
        _query = (ProcmapQuery*)NativeMemory.AllocZeroed((nuint)sizeof(ProcmapQuery) + NameRoom);
        _name = (byte*)(_query + 1);
    }

    /// <inheritdoc/>
    internal override string Source => "procmap_query";

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> CurrentName => _nameLength < 0 ? GateVma.Name : new ReadOnlySpan<byte>(_name, _nameLength);

    /// <summary>Sets up a walk if this kernel has the ioctl (ENOTTY before Linux 6.11).</summary>
    /// <param name="procfd">The open <c>/proc</c>.</param>
    /// <returns>The walk, or null.</returns>
    internal static ProcmapWalk? TryCreate(int procfd)
    {
        bool hasGate = GateVma.TryFind(procfd, out TaskDiagVma gate);
        ProcmapWalk walk = new(hasGate, gate);
        bool works = walk.Open(procfd, "self/maps\0"u8) == 0 && walk.Advance(0) == 1;
        walk.Close();
        if (works)
        {
            return walk;
        }

        walk.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        // SAFETY: free of null is allowed, and the pointer is not used again.
        NativeMemory.Free(_query);
        _query = null;
    }

    /// <inheritdoc/>
    protected override void Restart() => _nameLength = 0;

    /// <inheritdoc/>
    protected override int Advance(ulong from)
    {
        ProcmapQuery* query = _query;
        query->Size = (ulong)sizeof(ProcmapQuery);
        query->QueryFlags = ProcmapQuery.CoveringOrNextVma;
        query->QueryAddr = from;
        query->VmaNameSize = NameRoom;
        query->VmaNameAddr = (ulong)_name;
        // SAFETY: both buffers live as long as this object; sizes are told to the kernel.
        while (Libc.ioctl(Fd, ProcmapQuery.Request, query) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            if (errno == Errno.ENAMETOOLONG && query->VmaNameSize != 0)
            {
                // A path longer than PATH_MAX, which a process can make. The VMA is told without it.
                LostName = true;
                query->VmaNameSize = 0;
                query->VmaNameAddr = 0;
            }
            else if (errno != Errno.EINTR)
            {
                return errno == Errno.ENOENT ? 0 : -errno;
            }
        }

        Current = new TaskDiagVma(
            query->VmaStart, query->VmaEnd, (VmaFlags)query->VmaFlags, query->VmaOffset, query->DevMajor, query->DevMinor, query->Inode, 0);
        PageSize = query->VmaPageSize;
        _nameLength = query->VmaNameSize == 0 ? 0 : (int)Math.Min(query->VmaNameSize, NameRoom) - 1;
        return 1;
    }

    /// <inheritdoc/>
    internal override bool AnswersBuildIds => true;

    /// <inheritdoc/>
    internal override int AskBuildId(Span<byte> id)
    {
        ProcmapQuery* query = _query;
        TaskDiagVma vma = Current;
        // SAFETY: the span bounds the answer and is pinned for the call; the name buffer is not touched.
        fixed (byte* p = id)
        {
            query->Size = (ulong)sizeof(ProcmapQuery);
            query->QueryFlags = 0;
            query->QueryAddr = vma.Start;
            query->VmaNameSize = 0;
            query->VmaNameAddr = 0;
            query->BuildIdSize = (uint)id.Length;
            query->BuildIdAddr = (ulong)p;
            int result = Libc.ioctl(Fd, ProcmapQuery.Request, query);
            query->BuildIdAddr = 0;
            int length = (int)query->BuildIdSize;
            query->BuildIdSize = 0;
            return result != 0 ? -Marshal.GetLastPInvokeError()
                : query->Inode != vma.Inode || query->DevMinor != vma.Minor || query->DevMajor != vma.Major ? -Errno.ENOENT
                : length;
        }
    }

    /// <inheritdoc/>
    protected override void SetGate()
    {
        Current = _gate;
        _nameLength = -1;
    }
}
