using System;

namespace Checkpoint.TaskDiag;

/// <summary>
/// Encodes response messages into a caller's buffer. A <c>Try…</c> method that answers false has written nothing:
/// the caller ends the message with <c>continued</c>, hands the buffer over and goes on in a fresh one.
/// </summary>
public ref struct TaskDiagWriter
{
    private readonly Span<byte> _buffer;
    private int _length;
    private int _message;
    private int _attribute;
    private int _room;

    /// <summary>Starts at the beginning of <paramref name="buffer"/>.</summary>
    /// <param name="buffer">Where to write; its content does not matter.</param>
    public TaskDiagWriter(Span<byte> buffer)
    {
        _buffer = buffer;
        _message = -1;
        _attribute = -1;
    }

    /// <summary>Bytes of the finished messages and of the open one's finished attributes; always a multiple of 4.</summary>
    public readonly int Length => _length;

    /// <summary>Bytes left in the buffer.</summary>
    public readonly int Remaining => _buffer.Length - _length;

    /// <summary>Whether a message is open and has at least one attribute: if not, one that does not fit never will.</summary>
    public readonly bool HasAttributes => _message >= 0 && _length > _message + TaskDiagWire.MessageSize;

    /// <summary>Starts a message of one task.</summary>
    /// <param name="pid">Thread id.</param>
    /// <param name="tgid">Process id.</param>
    /// <param name="sequence">The request's sequence number.</param>
    /// <returns>False: does not fit.</returns>
    /// <exception cref="InvalidOperationException">A message is open.</exception>
    public bool TryBeginMessage(uint pid, uint tgid, uint sequence)
    {
        Require(_message < 0, "a message is open");
        if (Remaining < TaskDiagWire.MessageSize)
        {
            return false;
        }

        Span<byte> head = _buffer.Slice(_length, TaskDiagWire.MessageSize);
        LittleEndian.Put(head, 0, (uint)TaskDiagWire.MessageSize);
        LittleEndian.Put(head, 4, TaskDiagWire.MessageType);
        LittleEndian.Put(head, 6, TaskDiagWire.FlagMulti);
        LittleEndian.Put(head, 8, sequence);
        LittleEndian.Put(head, 12, 0u);
        LittleEndian.Put(head, 16, pid);
        LittleEndian.Put(head, 20, tgid);
        LittleEndian.Put(head, 24, 0u);
        _message = _length;
        _length += TaskDiagWire.MessageSize;
        return true;
    }

    /// <summary>Adds a whole attribute.</summary>
    /// <param name="type">Its number.</param>
    /// <param name="payload">Its payload, at most <see cref="TaskDiagWire.MaxPayload"/> bytes.</param>
    /// <returns>False: does not fit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The payload would fit no attribute; see <see cref="AddPart"/>.</exception>
    /// <exception cref="InvalidOperationException">No message, or an attribute, is open.</exception>
    public bool TryAdd(TaskDiagAttribute type, scoped ReadOnlySpan<byte> payload)
    {
        if (!TryReserve(type, payload.Length, out Span<byte> room))
        {
            return false;
        }

        payload.CopyTo(room);
        return true;
    }

    /// <summary>Adds as much of a payload as fits, for the attributes that further ones of the same type continue.</summary>
    /// <param name="type">Its number.</param>
    /// <param name="payload">What is left of the payload.</param>
    /// <param name="unit">Bytes that must stay together, such as 4 for a list of u32.</param>
    /// <returns>How many bytes were taken: 0 when not even one unit fits (or the payload is empty; then nothing is written).</returns>
    /// <exception cref="InvalidOperationException">No message, or an attribute, is open.</exception>
    public int AddPart(TaskDiagAttribute type, scoped ReadOnlySpan<byte> payload, int unit = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(unit, 1);
        int most = Math.Min((Remaining & ~3) - TaskDiagWire.AttributeHeadSize, TaskDiagWire.MaxPayload);
        int taken = payload.Length <= most ? payload.Length : Math.Max(most, 0) / unit * unit;
        return taken > 0 && TryAdd(type, payload[..taken]) ? taken : 0;
    }

    /// <summary>Adds an attribute whose payload the caller fills in.</summary>
    /// <param name="type">Its number.</param>
    /// <param name="payloadLength">Length of the payload, at most <see cref="TaskDiagWire.MaxPayload"/> bytes.</param>
    /// <param name="payload">The payload, zeroed; so is the padding after it.</param>
    /// <returns>False: does not fit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The payload would fit no attribute.</exception>
    /// <exception cref="InvalidOperationException">No message, or an attribute, is open.</exception>
    public bool TryReserve(TaskDiagAttribute type, int payloadLength, out Span<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(payloadLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payloadLength, TaskDiagWire.MaxPayload);
        Require(_message >= 0 && _attribute < 0, "no message or an attribute is open");
        int padded = TaskDiagWire.Align(TaskDiagWire.AttributeHeadSize + payloadLength);
        if (padded > Remaining)
        {
            payload = default;
            return false;
        }

        Span<byte> attribute = _buffer.Slice(_length, padded);
        attribute.Clear();
        PutHead(attribute, type, payloadLength);
        payload = attribute.Slice(TaskDiagWire.AttributeHeadSize, payloadLength);
        _length += padded;
        return true;
    }

    /// <summary>Opens an attribute whose length is known only when it is written.</summary>
    /// <param name="type">Its number.</param>
    /// <param name="room">Where the payload goes: what the buffer and an attribute can hold; its content is not defined.</param>
    /// <returns>False: not even four bytes of payload fit.</returns>
    /// <exception cref="InvalidOperationException">No message, or an attribute, is open.</exception>
    public bool TryBeginAttribute(TaskDiagAttribute type, out Span<byte> room)
    {
        Require(_message >= 0 && _attribute < 0, "no message or an attribute is open");
        int most = (Remaining & ~3) - TaskDiagWire.AttributeHeadSize;
        if (most < 4)
        {
            room = default;
            return false;
        }

        _room = Math.Min(most, TaskDiagWire.MaxPayload);
        _attribute = _length;
        PutHead(_buffer[_attribute..], type, 0);
        room = _buffer.Slice(_attribute + TaskDiagWire.AttributeHeadSize, _room);
        return true;
    }

    /// <summary>Closes the attribute opened last.</summary>
    /// <param name="usedPayload">How many bytes of the room were written; 0 takes the attribute back.</param>
    /// <exception cref="ArgumentOutOfRangeException">More than the room.</exception>
    /// <exception cref="InvalidOperationException">No attribute is open.</exception>
    public void EndAttribute(int usedPayload)
    {
        Require(_attribute >= 0, "no attribute is open");
        ArgumentOutOfRangeException.ThrowIfNegative(usedPayload);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(usedPayload, _room);
        if (usedPayload > 0)
        {
            int length = TaskDiagWire.AttributeHeadSize + usedPayload;
            int padded = TaskDiagWire.Align(length);
            LittleEndian.Put(_buffer, _attribute, (ushort)length);
            _buffer[(_attribute + length)..(_attribute + padded)].Clear();
            _length += padded;
        }

        _attribute = -1;
    }

    /// <summary>Closes the open message.</summary>
    /// <param name="continued">Whether more attributes of this task follow in the next message.</param>
    /// <exception cref="InvalidOperationException">No message, or an attribute, is open.</exception>
    public void EndMessage(bool continued)
    {
        Require(_message >= 0 && _attribute < 0, "no message or an attribute is open");
        LittleEndian.Put(_buffer, _message, (uint)(_length - _message));
        LittleEndian.Put(_buffer, _message + 24, continued ? TaskDiagWire.FlagContinued : 0u);
        _message = -1;
    }

    /// <summary>Takes the open message back with its attributes, such as when the task exited meanwhile.</summary>
    /// <exception cref="InvalidOperationException">No message is open.</exception>
    public void CancelMessage()
    {
        Require(_message >= 0, "no message is open");
        _length = _message;
        _message = -1;
        _attribute = -1;
    }

    private static void PutHead(Span<byte> attribute, TaskDiagAttribute type, int payloadLength)
    {
        LittleEndian.Put(attribute, 0, (ushort)(TaskDiagWire.AttributeHeadSize + payloadLength));
        LittleEndian.Put(attribute, 2, (ushort)type);
    }

    private static void Require(bool met, string message)
    {
        if (!met)
        {
            throw new InvalidOperationException(message);
        }
    }
}
