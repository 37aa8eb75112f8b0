using System;
using System.IO;
using System.Runtime.InteropServices;
using Checkpoint.Linux.Interop;
using Microsoft.Win32.SafeHandles;

namespace Checkpoint.Linux;

/// <summary>
/// Writes to a file descriptor at the kernel's own position, so that an inherited output can be shared and appended to,
/// and reports a broken pipe instead of hiding it. Unbuffered.
/// </summary>
public sealed unsafe class OutputStream : Stream
{
    private readonly SafeFileHandle _handle;
    private readonly string _name;
    private readonly bool _mayFail;

    /// <summary>Takes over a descriptor.</summary>
    /// <param name="handle">Open for writing; closed with the stream if it owns its descriptor.</param>
    /// <param name="name">What messages call it.</param>
    public OutputStream(SafeFileHandle handle, string name)
        : this(handle, name, mayFail: false)
    {
    }

    private OutputStream(SafeFileHandle handle, string name, bool mayFail)
    {
        ArgumentNullException.ThrowIfNull(handle);
        _handle = handle;
        _name = name;
        _mayFail = mayFail;
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The program's standard output; not closed with the stream.</summary>
    /// <returns>A stream on descriptor 1.</returns>
    public static OutputStream StandardOutput() => new(new SafeFileHandle(ProcessSetup.Standard(1), ownsHandle: false), "standard output");

    /// <summary>
    /// The program's standard error; not closed with the stream. Messages that cannot be written (it is full, closed, nobody
    /// reads it) are lost, and change nothing else.
    /// </summary>
    /// <returns>A stream on descriptor 2.</returns>
    public static OutputStream StandardError() => new(new SafeFileHandle(ProcessSetup.Standard(2), ownsHandle: false), "standard error", mayFail: true);

    /// <summary>Columns of the terminal that standard output is; asked without taking the terminal over, as the runtime would.</summary>
    /// <returns>0 when it does not say.</returns>
    public static int TerminalWidth()
    {
        ushort* size = stackalloc ushort[4];

        // SAFETY: struct winsize is four numbers: rows, columns, and two that nobody fills.
        return Libc.ioctl(ProcessSetup.Standard(1), Libc.TIOCGWINSZ, size) == 0 ? size[1] : 0;
    }

    /// <inheritdoc/>
    /// <exception cref="OutputException">The kernel refused the bytes: ENOSPC, EPIPE, EIO…</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint written;

            // SAFETY: the kernel reads at most the pinned span's length.
            fixed (byte* bytes = buffer)
            {
                written = Libc.write((int)_handle.DangerousGetHandle(), bytes, (nuint)buffer.Length);
            }

            if (written < 0)
            {
                int errno = Marshal.GetLastPInvokeError();
                if (errno == Errno.EINTR)
                {
                    continue;
                }

                if (_mayFail)
                {
                    return;
                }

                if (errno == Errno.EAGAIN)
                {
                    WaitForRoom();
                    continue;
                }

                throw new OutputException("write", _name, errno);
            }

            buffer = buffer[(int)written..];
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override void WriteByte(byte value) => Write([value]);

    /// <summary>Does nothing: nothing is buffered here.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>A pipe or terminal that its other users made non-blocking: waits as a blocking one would.</summary>
    private void WaitForRoom()
    {
        int* descriptor = stackalloc int[2] { (int)_handle.DangerousGetHandle(), Libc.POLLOUT };

        // SAFETY: struct pollfd is two words; the answer goes into the upper half of the second.
        _ = Libc.poll(descriptor, 1, -1);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _handle.Dispose();
        }

        base.Dispose(disposing);
    }
}
