using System;
using System.Runtime.InteropServices;
using Checkpoint.Linux.Interop;
using Microsoft.Win32.SafeHandles;

namespace Checkpoint.Linux.Bpf;

/// <summary>A pass of an iterator program over tasks or VMAs: the kernel calls the program for each while this is read.</summary>
internal sealed unsafe class BpfIterator : IDisposable
{
    private readonly SafeFileHandle _iterator;

    /// <summary>Begins a pass.</summary>
    /// <param name="program">For iter/task or iter/task_vma.</param>
    /// <param name="which">Which tasks; null: all that the caller's pid namespace has.</param>
    /// <exception cref="KernelException">The kernel has no such iterator.</exception>
    internal BpfIterator(SafeFileHandle program, BpfIterLinkInfo? which)
    {
        // The iterator holds the program by itself: nothing is left of the link.
        using SafeFileHandle link = Link(program, which);
        BpfAttr create = new() { LinkFd = (uint)link.DangerousGetHandle() };
        // SAFETY: the struct holds no addresses.
        int fd = Libc.Bpf(Libc.BPF_ITER_CREATE, &create);
        _iterator = fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw new KernelException("create", "BPF iterator", -fd);
    }

    /// <summary>Whether this kernel narrows iterators to a task (since Linux 6.1).</summary>
    /// <param name="program">For iter/task.</param>
    internal static bool CanNarrow(SafeFileHandle program)
    {
        try
        {
            // By process, since kernels that do not know it take a tid for something else, which they ignore.
            Link(program, new BpfIterLinkInfo { Pid = (uint)Environment.ProcessId }).Dispose();
            return true;
        }
        catch (KernelException)
        {
            return false;
        }
    }

    /// <summary>Goes on with the pass, until no object is left or the program says that it cannot take the next one yet.</summary>
    /// <returns>Whether it is at its end.</returns>
    /// <exception cref="KernelException">The pass cannot go on.</exception>
    internal bool Advance()
    {
        byte nothing;
        while (true)
        {
            // SAFETY: programs write nothing to the iterator's file; one byte would fit.
            nint result = Libc.read((int)_iterator.DangerousGetHandle(), &nothing, 1);
            if (result == 0)
            {
                return true;
            }

            int errno = result > 0 ? Errno.EPROTO : Marshal.GetLastPInvokeError();
            if (errno == Errno.EAGAIN)
            {
                return false;
            }

            if (errno != Errno.EINTR)
            {
                throw new KernelException("read", "BPF iterator", errno);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _iterator.Dispose();

    private static SafeFileHandle Link(SafeFileHandle program, BpfIterLinkInfo? which)
    {
        BpfIterLinkInfo info = which ?? default;
        BpfAttr create = new() { ProgFd = (uint)program.DangerousGetHandle(), AttachType = Libc.BPF_TRACE_ITER };
        if (which is not null)
        {
            create.IterInfo = (ulong)&info;
            create.IterInfoLen = (uint)sizeof(BpfIterLinkInfo);
        }

        // SAFETY: the info is a local of the size told.
        int fd = Libc.Bpf(Libc.BPF_LINK_CREATE, &create);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw new KernelException("link", "BPF iterator", -fd);
    }
}
