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

    /// <summary>Takes over a descriptor.</summary>
    /// <param name="handle">Open for writing; closed with the stream if it owns its descriptor.</param>
    /// <param name="name">What messages call it.</param>
    public OutputStream(SafeFileHandle handle, string name)
    {
        ArgumentNullException.ThrowIfNull(handle);
        _handle = handle;
        _name = name;
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
    public static OutputStream StandardOutput() => new(new SafeFileHandle(1, ownsHandle: false), "standard output");

    /// <summary>The program's standard error; not closed with the stream.</summary>
    /// <returns>A stream on descriptor 2.</returns>
    public static OutputStream StandardError() => new(new SafeFileHandle(2, ownsHandle: false), "standard error");

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
