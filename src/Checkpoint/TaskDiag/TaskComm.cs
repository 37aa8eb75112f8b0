using System;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Checkpoint.Model;

namespace Checkpoint.TaskDiag;

/// <summary>
/// The 16 bytes of a comm, ended by NUL. Bytes after the first NUL are always zero, so that equal names are equal values.
/// Copy it to a local before taking <see cref="Span"/>, which points into it.
/// </summary>
[InlineArray(Size)]
[SuppressMessage("Style", "IDE0044:Add readonly modifier", Justification = "An inline array's only field must be mutable.")]
[SuppressMessage("CodeQuality", "IDE0051:Remove unused private members", Justification = "The field is the array.")]
public struct TaskComm : IEquatable<TaskComm>
{
    /// <summary>TASK_DIAG_COMM_LEN: bytes with the NUL.</summary>
    public const int Size = 16;

    private byte _first;

    /// <summary>Keeps the first 15 bytes at most, as the kernel does, and only up to a NUL.</summary>
    /// <param name="comm">The name, without NUL.</param>
    public TaskComm(ReadOnlySpan<byte> comm)
    {
        int end = comm.IndexOf((byte)0);
        comm = end < 0 ? comm : comm[..end];
        comm[..Math.Min(comm.Length, Size - 1)].CopyTo(this);
    }

    /// <summary>The name up to the NUL.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Span
    {
        get
        {
            ReadOnlySpan<byte> all = this;
            int end = all.IndexOf((byte)0);
            return end < 0 ? all : all[..end];
        }
    }

    /// <summary>Decodes the field. One that lacks its NUL keeps all 16 bytes.</summary>
    /// <param name="bytes">At least 16 bytes.</param>
    /// <returns>The name.</returns>
    internal static TaskComm Read(ReadOnlySpan<byte> bytes)
    {
        // Once per task: all 16 bytes at a time.
        Vector128<byte> all = Vector128.Create(bytes[..Size]);
        uint zeroes = Vector128.Equals(all, Vector128<byte>.Zero).ExtractMostSignificantBits();
        byte end = (byte)BitOperations.TrailingZeroCount(zeroes | (1u << Size));
        TaskComm comm = default;
        (all & Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create(end))).CopyTo(comm);
        return comm;
    }

    /// <summary>Encodes the field.</summary>
    /// <param name="destination">At least 16 bytes.</param>
    internal readonly void Write(Span<byte> destination)
    {
        ReadOnlySpan<byte> all = this;
        all.CopyTo(destination);
    }

    /// <inheritdoc/>
    public readonly bool Equals(TaskComm other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override readonly bool Equals([NotNullWhen(true)] object? obj) => obj is TaskComm other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => ByteString.HashOf(Span);

    /// <summary>The text for people, escaped.</summary>
    /// <returns>One line of printable text.</returns>
    public override readonly string ToString() => ByteEscape.Printable(Span);

    /// <summary>Bytewise equality.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are the same name.</returns>
    public static bool operator ==(TaskComm left, TaskComm right) => left.Equals(right);

    /// <summary>Bytewise inequality.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they differ.</returns>
    public static bool operator !=(TaskComm left, TaskComm right) => !left.Equals(right);
}
