using System;
using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace Checkpoint.Linux.Procfs;

/// <summary>
/// Walks over numbers separated by blanks (any byte up to the space), as procfs prints them. What is no number, or too large
/// a one, reads as some value and leaves <see cref="IsValid"/> false.
/// </summary>
internal ref struct ByteCursor(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private int _at;
    private bool _failed;

    /// <summary>Whether all that was read so far were numbers that fit their type.</summary>
    internal readonly bool IsValid => !_failed;

    /// <summary>Whether only blanks are left.</summary>
    internal bool AtEnd
    {
        get
        {
            SkipBlanks();
            return _at >= _text.Length;
        }
    }

    /// <summary>The next decimal number.</summary>
    internal ulong NextUnsigned()
    {
        SkipBlanks();
        // Locals, which stay in registers: these loops are most of what parsing stat and status costs.
        ReadOnlySpan<byte> text = _text;
        int start = _at;
        int at = start;
        ulong value = 0;
        for (; (uint)at < (uint)text.Length && (uint)(text[at] - '0') is uint digit and <= 9; at++)
        {
            value = (value * 10) + digit;
        }

        // Nineteen digits always fit.
        EndNumber(at, at > start && (at - start < 20 || Utf8Parser.TryParse(text[start..at], out ulong _, out _)));
        return value;
    }

    /// <summary>The next decimal number, of 32 bits.</summary>
    internal uint NextUInt32()
    {
        ulong value = NextUnsigned();
        _failed |= value > uint.MaxValue;
        return (uint)value;
    }

    /// <summary>The next decimal number with an optional sign.</summary>
    internal long NextSigned()
    {
        SkipBlanks();
        bool negative = _at < _text.Length && _text[_at] == (byte)'-';
        _at += negative ? 1 : 0;
        ulong value = NextUnsigned();
        _failed |= value > long.MaxValue;
        return negative ? -(long)value : (long)value;
    }

    /// <summary>The next decimal number with an optional sign, of 32 bits.</summary>
    internal int NextInt32()
    {
        long value = NextSigned();
        _failed |= value != (int)value;
        return (int)value;
    }

    /// <summary>The next number in the given base, up to 16.</summary>
    internal ulong NextInBase(uint radix)
    {
        SkipBlanks();
        ReadOnlySpan<byte> text = _text;
        int start = _at;
        int at = start;
        ulong value = 0;
        for (; (uint)at < (uint)text.Length && Digit(text[at]) is uint digit && digit < radix; at++)
        {
            value = (value * radix) + digit;
        }

        EndNumber(at, at > start && at - start <= 16);
        return value;
    }

    /// <summary>Passes over words.</summary>
    internal void Skip(int words)
    {
        for (; words > 0; words--)
        {
            SkipBlanks();
            SkipWord(_at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void EndNumber(int at, bool valid)
    {
        _failed |= !valid | ((uint)at < (uint)_text.Length && _text[at] > (byte)' ');
        SkipWord(at);
    }

    private static uint Digit(byte b)
    {
        uint digit = (uint)(b - '0');
        uint letter = (uint)((b | 0x20) - 'a');
        return digit <= 9 ? digit : letter <= 5 ? letter + 10 : uint.MaxValue;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipBlanks()
    {
        ReadOnlySpan<byte> text = _text;
        int at = _at;
        while ((uint)at < (uint)text.Length && text[at] <= (byte)' ')
        {
            at++;
        }

        _at = at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipWord(int from)
    {
        ReadOnlySpan<byte> text = _text;
        while ((uint)from < (uint)text.Length && text[from] > (byte)' ')
        {
            from++;
        }

        _at = from;
    }
}
