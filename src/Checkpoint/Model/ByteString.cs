using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Checkpoint.Model;

/// <summary>
/// An immutable string of bytes as the kernel gave them: a comm, a path, a command line. No encoding is implied:
/// these may hold newlines, escape sequences, NULs and invalid UTF-8.
/// </summary>
public readonly struct ByteString : IEquatable<ByteString>, IComparable<ByteString>
{
    private readonly byte[]? _bytes;

    /// <summary>Copies <paramref name="bytes"/>.</summary>
    /// <param name="bytes">The bytes, any value allowed.</param>
    public ByteString(ReadOnlySpan<byte> bytes) => _bytes = bytes.IsEmpty ? null : bytes.ToArray();

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>Length in bytes.</summary>
    public int Length => _bytes?.Length ?? 0;

    /// <summary>Whether there are no bytes.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>The UTF-8 bytes of <paramref name="text"/>.</summary>
    /// <param name="text">Well-formed text.</param>
    /// <returns>Its bytes.</returns>
    public static ByteString FromUtf8(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new ByteString(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Compares bytewise, so that an order does not depend on a culture.</summary>
    /// <param name="other">The other string.</param>
    /// <returns>Negative, zero or positive.</returns>
    public int CompareTo(ByteString other) => Span.SequenceCompareTo(other.Span);

    /// <inheritdoc/>
    public bool Equals(ByteString other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is ByteString other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashOf(Span);

    /// <summary>The hash that <see cref="GetHashCode"/> gives for the same bytes, for look-ups without a copy.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>The hash, seeded per process run.</returns>
    public static int HashOf(ReadOnlySpan<byte> bytes)
    {
        HashCode hash = default;
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }

    /// <summary>The text for people: printable UTF-8 as it is, everything else escaped, so that it cannot disturb a terminal.</summary>
    /// <returns>One line of printable text.</returns>
    public override string ToString() => ByteEscape.Printable(Span);

    /// <summary>Bytewise equality.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are the same bytes.</returns>
    public static bool operator ==(ByteString left, ByteString right) => left.Equals(right);

    /// <summary>Bytewise inequality.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they differ.</returns>
    public static bool operator !=(ByteString left, ByteString right) => !left.Equals(right);

    /// <summary>Bytewise order.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether left comes first.</returns>
    public static bool operator <(ByteString left, ByteString right) => left.CompareTo(right) < 0;

    /// <summary>Bytewise order.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether left comes first or both are equal.</returns>
    public static bool operator <=(ByteString left, ByteString right) => left.CompareTo(right) <= 0;

    /// <summary>Bytewise order.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether left comes last.</returns>
    public static bool operator >(ByteString left, ByteString right) => left.CompareTo(right) > 0;

    /// <summary>Bytewise order.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether left comes last or both are equal.</returns>
    public static bool operator >=(ByteString left, ByteString right) => left.CompareTo(right) >= 0;
}
