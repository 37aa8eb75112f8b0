using System;
using System.Buffers.Binary;
using System.IO;
using Checkpoint.TaskDiag;

namespace Checkpoint.Cli.Commands;

/// <summary>Reads a recorded answer message by message, through a buffer that never grows.</summary>
/// <param name="input">The recording.</param>
internal sealed class TasksRecording(Stream input)
{
    /// <summary>Longest message that is read: several times what any transport's reader has room for.</summary>
    internal const int MaxMessage = 1024 * 1024;

    private readonly byte[] _buffer = new byte[MaxMessage];
    private int _from;
    private int _to;
    private long _next;

    /// <summary>Where the current message starts in the recording, in bytes.</summary>
    internal long Offset { get; private set; }

    /// <summary>Whether more of the recording has been read than the current message.</summary>
    internal bool HasMore => _from < _to;

    /// <summary>Goes to the next message.</summary>
    /// <param name="message">The message, without padding; valid until the next call.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="WireFormatException">The recording is cut, or no recording; its offset counts from <see cref="Offset"/>.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal bool Next(out ReadOnlySpan<byte> message)
    {
        message = default;
        Offset = _next;
        int got = Fill(TaskDiagWire.MessageSize);
        if (got == 0)
        {
            return false;
        }

        if (got < TaskDiagWire.MessageSize)
        {
            throw new WireFormatException(0, $"{got} bytes left, a message has at least {TaskDiagWire.MessageSize}");
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_from));
        if (length is < TaskDiagWire.MessageSize or > MaxMessage - 3)
        {
            throw new WireFormatException(0, $"message length {length}, allowed {TaskDiagWire.MessageSize} to {MaxMessage - 3}");
        }

        int padded = ((int)length + 3) & ~3;
        got = Fill(padded);
        if (got < (int)length)
        {
            throw new WireFormatException(0, $"message length {length}, only {got} bytes left");
        }

        message = _buffer.AsSpan(_from, (int)length);
        _from += Math.Min(padded, got);
        _next = Offset + padded;
        return true;
    }

    /// <summary>Reads until so many bytes are buffered.</summary>
    /// <returns>How many are: fewer only at the end of the recording.</returns>
    private int Fill(int wanted)
    {
        if (_to - _from < wanted && _from > 0)
        {
            _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
            _to -= _from;
            _from = 0;
        }

        while (_to - _from < wanted)
        {
            int got = input.Read(_buffer, _to, _buffer.Length - _to);
            if (got == 0)
            {
                break;
            }

            _to += got;
        }

        return Math.Min(_to - _from, wanted);
    }
}
