using System;
using System.Runtime.InteropServices;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.TaskDiag;
using Microsoft.Win32.SafeHandles;

namespace Checkpoint.Linux.Transports;

/// <summary>
/// The kernel's own transaction file <c>/proc/task-diag</c> (task_diag v4; never merged): write the request, read until 0.
/// No kernel that is shipped has it.
/// </summary>
public sealed unsafe class TaskDiagFile : TaskDiagTransport
{
    /// <summary>Where the kernel has it.</summary>
    public const string Path = "/proc/task-diag";

    private readonly Func<SafeFileHandle> _open;
    private SafeFileHandle _file;
    private bool _active;

    /// <summary>Opens the file.</summary>
    /// <exception cref="KernelException">It is not there (ENOENT) or may not be opened.</exception>
    public TaskDiagFile()
        : this(OpenFile)
    {
    }

    /// <summary>Speaks to any descriptor that behaves like the file.</summary>
    /// <param name="open">Opens one; called again when a transaction is dropped half-way.</param>
    internal TaskDiagFile(Func<SafeFileHandle> open)
    {
        _open = open;
        _file = open();
    }

    /// <inheritdoc/>
    public override string Name => "task-diag";

    /// <inheritdoc/>
    public override string VmaSource => "task-diag";

    /// <inheritdoc/>
    public override TaskDiagShow Lacks => TaskDiagShows.Extensions;

    /// <summary>Whether this kernel has the file.</summary>
    public static bool Exists => System.IO.File.Exists(Path);

    /// <inheritdoc/>
    public override void Send(in TaskDiagRequest request)
    {
        if (_active)
        {
            // What the kernel would answer.
            throw new KernelException("write", Path, Errno.EBUSY);
        }

        // Unknown bits of show_flags would be the extensions, which this kernel code knows nothing of.
        TaskDiagRequest plain = request with { Show = request.Show & ~Lacks };
        Span<byte> bytes = stackalloc byte[TaskDiagRequest.Size];
        plain.Write(bytes);
        // SAFETY: the span bounds the call.
        fixed (byte* p = bytes)
        {
            nint written;
            while ((written = Libc.write((int)_file.DangerousGetHandle(), p, (nuint)bytes.Length)) < 0)
            {
                ThrowUnlessInterrupted("write");
            }

            if (written != bytes.Length)
            {
                throw new KernelException("write", Path, Errno.EIO);
            }
        }

        _active = true;
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer.Length, MinimumBuffer, nameof(buffer));
        if (!_active)
        {
            return 0;
        }

        int got = ProcFile.Read((int)_file.DangerousGetHandle(), buffer);
        if (got <= 0)
        {
            // The kernel has dropped the request, and takes another.
            _active = false;
        }

        return got >= 0 ? got : throw new KernelException("read", Path, -got);
    }

    /// <inheritdoc/>
    public override void Cancel()
    {
        if (_active)
        {
            // The only way to take a request back is to close the file.
            _active = false;
            _file.Dispose();
            _file = _open();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _file.Dispose();

    private static SafeFileHandle OpenFile()
    {
        int fd = ProcFile.Open(Libc.AT_FDCWD, "/proc/task-diag\0"u8, Libc.O_RDWR);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw new KernelException("open", Path, -fd);
    }

    private static void ThrowUnlessInterrupted(string operation)
    {
        int errno = Marshal.GetLastPInvokeError();
        if (errno != Errno.EINTR)
        {
            throw new KernelException(operation, Path, errno);
        }
    }
}
