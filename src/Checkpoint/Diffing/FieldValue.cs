using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>The value of a compared field: a number, kernel bytes, a list of numbers, or none (there is none, or it is not known).</summary>
public readonly struct FieldValue : IEquatable<FieldValue>
{
    private readonly Form _form;
    private readonly ulong _number;
    private readonly ByteString _bytes;
    private readonly uint[]? _list;

    private FieldValue(Form form, ulong number, ByteString bytes, uint[]? list)
    {
        _form = form;
        _number = number;
        _bytes = bytes;
        _list = list;
    }

    private enum Form : byte
    {
        None,
        Number,
        Bytes,
        List,
    }

    /// <summary>Whether there is none.</summary>
    public bool IsNone => _form == Form.None;

    /// <summary>Whether it is a number.</summary>
    public bool IsNumber => _form == Form.Number;

    /// <summary>The number; signed ones in two's complement; 0 if it is none.</summary>
    public ulong Number => _number;

    /// <summary>The bytes; empty if it is none.</summary>
    public ByteString Bytes => _bytes;

    /// <summary>The list; empty if it is none.</summary>
    public ReadOnlySpan<uint> List => _list;

    /// <summary>A number, or none.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The value.</returns>
    public static FieldValue Of(ulong? value) => value is { } number ? new(Form.Number, number, default, null) : default;

    /// <summary>A signed number.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The value.</returns>
    public static FieldValue OfSigned(long value) => new(Form.Number, (ulong)value, default, null);

    /// <summary>Yes or no as 1 or 0, or none.</summary>
    /// <param name="value">The truth.</param>
    /// <returns>The value.</returns>
    public static FieldValue Of(bool? value) => Of(value is { } truth ? truth ? 1UL : 0UL : null);

    /// <summary>Kernel bytes, or none.</summary>
    /// <param name="value">The bytes.</param>
    /// <returns>The value.</returns>
    public static FieldValue Of(ByteString? value) => value is { } bytes ? new(Form.Bytes, 0, bytes, null) : default;

    /// <summary>A list, or none.</summary>
    /// <param name="value">The list; kept, not copied.</param>
    /// <returns>The value.</returns>
    public static FieldValue Of(uint[]? value) => value is null ? default : new(Form.List, 0, default, value);

    /// <inheritdoc/>
    public bool Equals(FieldValue other) =>
        _form == other._form && _number == other._number && _bytes == other._bytes && List.SequenceEqual(other.List);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is FieldValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(_form);
        hash.Add(IdHash.Of(_number));
        hash.Add(_bytes);
        hash.AddBytes(MemoryMarshal.AsBytes(List));
        return hash.ToHashCode();
    }

    /// <summary>Equality of form and content.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are the same.</returns>
    public static bool operator ==(FieldValue left, FieldValue right) => left.Equals(right);

    /// <summary>Inequality of form or content.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they differ.</returns>
    public static bool operator !=(FieldValue left, FieldValue right) => !left.Equals(right);
}
