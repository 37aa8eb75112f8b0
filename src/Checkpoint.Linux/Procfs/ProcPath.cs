using System;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Checkpoint.Linux.Procfs;

/// <summary>Builds NUL-terminated paths such as <c>task/123/stat</c> without allocating.</summary>
internal ref struct ProcPath
{
    /// <summary>Longest path built here: "4194304/task/4194304/pid_for_children" and NUL.</summary>
    internal const int MaxLength = 64;

    private readonly Span<byte> _bytes;
    private int _length;

    /// <summary>Starts an empty path.</summary>
    /// <param name="room">At least <see cref="MaxLength"/> bytes.</param>
    internal ProcPath(Span<byte> room) => _bytes = room;

    /// <summary>Appends text.</summary>
    /// <param name="text">ASCII, without NUL.</param>
    /// <returns>This path.</returns>
    [UnscopedRef]
    internal ref ProcPath Add(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(_bytes[_length..]);
        _length += text.Length;
        return ref this;
    }

    /// <summary>Appends a number.</summary>
    /// <param name="number">A pid.</param>
    /// <returns>This path.</returns>
    [UnscopedRef]
    internal ref ProcPath Add(int number)
    {
        _ = Utf8Formatter.TryFormat(number, _bytes[_length..], out int written);
        _length += written;
        return ref this;
    }

    /// <summary>Ends the path with NUL.</summary>
    /// <returns>The path's bytes, NUL included.</returns>
    internal readonly ReadOnlySpan<byte> End()
    {
        _bytes[_length] = 0;
        return _bytes[..(_length + 1)];
    }
}
