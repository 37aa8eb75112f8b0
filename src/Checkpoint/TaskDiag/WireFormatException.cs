using System;
using System.Runtime.CompilerServices;

namespace Checkpoint.TaskDiag;

/// <summary>The bytes are not valid task_diag frames. The only exception that decoding the wire throws because of its content.</summary>
public sealed class WireFormatException : Exception
{
    /// <summary>Describes what is wrong in one line.</summary>
    /// <param name="offset">Where, in bytes from the start of what the reader was given.</param>
    /// <param name="what">What is wrong, with value and allowed range.</param>
    public WireFormatException(long offset, string what)
        : base($"at byte {offset}: {what}") => Offset = offset;

    /// <summary>Where it is wrong.</summary>
    public long Offset { get; }

    /// <summary>Refuses a payload that is too short for what it should hold.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="size">The least number of bytes.</param>
    /// <param name="what">What it should hold, for the message.</param>
    /// <exception cref="WireFormatException">The payload is shorter.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ThrowIfShorter(ReadOnlySpan<byte> payload, int size, string what)
    {
        if (payload.Length < size)
        {
            ThrowTooShort(payload.Length, size, what);
        }
    }

    private static void ThrowTooShort(int length, int size, string what) =>
        throw new WireFormatException(length, $"{what} has {length} bytes, needs at least {size}");
}
