using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Checkpoint.Imaging;

/// <summary>
/// Writes MessagePack, every value in its shortest form. Names and behaviour follow MessagePack-CSharp's writer.
/// Values reach the output with <see cref="Flush"/> at the latest.
/// </summary>
/// <param name="output">Where to.</param>
internal ref partial struct MessagePackWriter(IBufferWriter<byte> output)
{
    private Span<byte> _span;
    private int _used;

    /// <summary>Hands what was written to the output.</summary>
    public void Flush()
    {
        output.Advance(_used);
        _span = default;
        _used = 0;
    }

    /// <summary>Writes nil.</summary>
    public void WriteNil() => Take(1)[0] = MessagePackCode.Nil;

    /// <summary>Writes a bool.</summary>
    /// <param name="value">The value.</param>
    public void Write(bool value) => Take(1)[0] = value ? MessagePackCode.True : MessagePackCode.False;

    /// <summary>Writes an unsigned integer.</summary>
    /// <param name="value">The value.</param>
    public void Write(ulong value)
    {
        if (value <= MessagePackCode.MaxFixInt)
        {
            Take(1)[0] = (byte)value;
        }
        else if (value <= byte.MaxValue)
        {
            Span<byte> span = Take(2);
            span[0] = MessagePackCode.UInt8;
            span[1] = (byte)value;
        }
        else if (value <= ushort.MaxValue)
        {
            Code16(MessagePackCode.UInt16, (ushort)value);
        }
        else if (value <= uint.MaxValue)
        {
            Code32(MessagePackCode.UInt32, (uint)value);
        }
        else
        {
            Code64(MessagePackCode.UInt64, value);
        }
    }

    /// <summary>Writes an integer; one that is not negative takes the unsigned forms.</summary>
    /// <param name="value">The value.</param>
    public void Write(long value)
    {
        if (value >= 0)
        {
            Write((ulong)value);
        }
        else if (value >= -32)
        {
            Take(1)[0] = (byte)value;
        }
        else if (value >= sbyte.MinValue)
        {
            Span<byte> span = Take(2);
            span[0] = MessagePackCode.Int8;
            span[1] = (byte)value;
        }
        else if (value >= short.MinValue)
        {
            Code16(MessagePackCode.Int16, (ushort)value);
        }
        else if (value >= int.MinValue)
        {
            Code32(MessagePackCode.Int32, (uint)value);
        }
        else
        {
            Code64(MessagePackCode.Int64, (ulong)value);
        }
    }

    /// <summary>Writes an IEEE 754 single.</summary>
    /// <param name="value">The value.</param>
    public void Write(float value) => Code32(MessagePackCode.Float32, BitConverter.SingleToUInt32Bits(value));

    /// <summary>Writes an IEEE 754 double.</summary>
    /// <param name="value">The value.</param>
    public void Write(double value) => Code64(MessagePackCode.Float64, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>Writes text as str.</summary>
    /// <param name="value">The text; null becomes nil.</param>
    public void Write(string? value)
    {
        if (value is null)
        {
            WriteNil();
            return;
        }

        int length = Encoding.UTF8.GetByteCount(value);
        WriteStringHeader(length);
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    /// <summary>Writes UTF-8 as str; the caller answers for its being valid.</summary>
    /// <param name="utf8">The bytes.</param>
    public void WriteString(scoped ReadOnlySpan<byte> utf8)
    {
        WriteStringHeader(utf8.Length);
        utf8.CopyTo(Take(utf8.Length));
    }

    /// <summary>Writes a byte string of the kernel's: as str when it is valid UTF-8, else as bin.</summary>
    /// <param name="bytes">The bytes.</param>
    public void WriteText(scoped ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            WriteString(bytes);
        }
        else
        {
            WriteBin(bytes);
        }
    }

    /// <summary>Writes bytes as bin.</summary>
    /// <param name="bytes">The bytes.</param>
    public void WriteBin(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= byte.MaxValue)
        {
            Span<byte> span = Take(2);
            span[0] = MessagePackCode.Bin8;
            span[1] = (byte)bytes.Length;
        }
        else
        {
            Length16Or32(MessagePackCode.Bin16, MessagePackCode.Bin32, (uint)bytes.Length);
        }

        bytes.CopyTo(Take(bytes.Length));
    }

    /// <summary>Begins an array; its elements are to follow.</summary>
    /// <param name="count">How many.</param>
    public void WriteArrayHeader(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count <= 15)
        {
            Take(1)[0] = (byte)(MessagePackCode.MinFixArray | count);
        }
        else
        {
            Length16Or32(MessagePackCode.Array16, MessagePackCode.Array32, (uint)count);
        }
    }

    /// <summary>Begins a map; its keys and values are to follow, alternating.</summary>
    /// <param name="count">How many pairs.</param>
    public void WriteMapHeader(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count <= 15)
        {
            Take(1)[0] = (byte)(MessagePackCode.MinFixMap | count);
        }
        else
        {
            Length16Or32(MessagePackCode.Map16, MessagePackCode.Map32, (uint)count);
        }
    }

    /// <summary>Writes the two pairs that every section's map begins with.</summary>
    /// <param name="name">The section's name.</param>
    public void WriteSectionName(string name)
    {
        WriteString("section"u8);
        Write(name);
        WriteString("version"u8);
        Write((ulong)Container.SectionVersion);
    }

    /// <summary>Writes bytes that are MessagePack already.</summary>
    /// <param name="bytes">Whole values.</param>
    public void WriteRaw(scoped ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    private void WriteStringHeader(int length)
    {
        if (length <= 31)
        {
            Take(1)[0] = (byte)(MessagePackCode.MinFixStr | length);
        }
        else if (length <= byte.MaxValue)
        {
            Span<byte> span = Take(2);
            span[0] = MessagePackCode.Str8;
            span[1] = (byte)length;
        }
        else
        {
            Length16Or32(MessagePackCode.Str16, MessagePackCode.Str32, (uint)length);
        }
    }

    private void Length16Or32(byte code16, byte code32, uint value)
    {
        if (value <= ushort.MaxValue)
        {
            Code16(code16, (ushort)value);
        }
        else
        {
            Code32(code32, value);
        }
    }

    private void Code16(byte code, ushort value)
    {
        Span<byte> span = Take(3);
        span[0] = code;
        BinaryPrimitives.WriteUInt16BigEndian(span[1..], value);
    }

    private void Code32(byte code, uint value)
    {
        Span<byte> span = Take(5);
        span[0] = code;
        BinaryPrimitives.WriteUInt32BigEndian(span[1..], value);
    }

    private void Code64(byte code, ulong value)
    {
        Span<byte> span = Take(9);
        span[0] = code;
        BinaryPrimitives.WriteUInt64BigEndian(span[1..], value);
    }

    private Span<byte> Take(int count)
    {
        if (count > _span.Length - _used)
        {
            Flush();
            _span = output.GetSpan(count);
        }

        Span<byte> taken = _span.Slice(_used, count);
        _used += count;
        return taken;
    }
}
