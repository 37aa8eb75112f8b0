using System;

namespace Checkpoint.TaskDiag;

/// <summary>
/// Decodes the messages that one <c>read()</c> returned; a message is never split between reads. Nothing is copied:
/// payloads are slices of the given bytes. Unknown attributes are the caller's to skip.
/// </summary>
public ref struct TaskDiagReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _nextMessage;
    private int _nextAttribute;
    private int _messageEnd;
    private int _payload;
    private int _payloadLength;

    /// <summary>Starts before the first message of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">Whole messages; may be empty.</param>
    public TaskDiagReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Thread id that the message is about.</summary>
    public uint Pid { get; private set; }

    /// <summary>Process id that the message is about.</summary>
    public uint Tgid { get; private set; }

    /// <summary>Sequence number of the request that this answers.</summary>
    public uint Sequence { get; private set; }

    /// <summary>Whether more attributes of this task follow in the next message. The flags' other 31 bits are garbage.</summary>
    public bool Continued { get; private set; }

    /// <summary>Number of the attribute, possibly one that <see cref="TaskDiagAttribute"/> does not name.</summary>
    public TaskDiagAttribute Type { get; private set; }

    /// <summary>Payload of the attribute, without padding; empty before the first one.</summary>
    public readonly ReadOnlySpan<byte> Payload => _bytes.Slice(_payload, _payloadLength);

    /// <summary>Goes to the next message, skipping what is left of the present one.</summary>
    /// <returns>False at the end of the bytes.</returns>
    /// <exception cref="WireFormatException">No whole, valid message is there.</exception>
    public bool NextMessage()
    {
        _messageEnd = _nextAttribute = _payload = _payloadLength = 0;
        int start = _nextMessage;
        int left = _bytes.Length - start;
        if (left == 0)
        {
            return false;
        }

        // Whatever happens next, a caller that goes on after an exception must not meet the same message again.
        _nextMessage = _bytes.Length;
        if (left < TaskDiagWire.MessageSize)
        {
            throw NoMessage(start, left);
        }

        ReadOnlySpan<byte> head = _bytes.Slice(start, TaskDiagWire.MessageSize);
        uint length = LittleEndian.U32(head, 0);
        if (length < TaskDiagWire.MessageSize || length > (uint)left)
        {
            throw MessageLength(start, length, left);
        }

        ushort type = LittleEndian.U16(head, 4);
        if (type != TaskDiagWire.MessageType)
        {
            throw MessageType(start, type);
        }

        Sequence = LittleEndian.U32(head, 8);
        Pid = LittleEndian.U32(head, 16);
        Tgid = LittleEndian.U32(head, 20);
        Continued = (LittleEndian.U32(head, 24) & TaskDiagWire.FlagContinued) != 0;
        _messageEnd = start + (int)length;
        _nextAttribute = start + TaskDiagWire.MessageSize;

        // The last message may lack its padding.
        _nextMessage = start + (int)Math.Min((length + 3L) & ~3L, left);
        return true;
    }

    /// <summary>Goes to the next attribute of the message.</summary>
    /// <returns>False at the end of the message, or without one.</returns>
    /// <exception cref="WireFormatException">No whole, valid attribute is there.</exception>
    public bool NextAttribute()
    {
        int start = _nextAttribute;
        int left = _messageEnd - start;
        _payload = _payloadLength = 0;
        if (left == 0)
        {
            return false;
        }

        _nextAttribute = _messageEnd;
        if (left < TaskDiagWire.AttributeHeadSize)
        {
            throw NoAttribute(start, left);
        }

        ushort length = LittleEndian.U16(_bytes, start);
        if (length < TaskDiagWire.AttributeHeadSize || length > left)
        {
            throw AttributeLength(start, length, left);
        }

        Type = (TaskDiagAttribute)LittleEndian.U16(_bytes, start + 2);
        _payload = start + TaskDiagWire.AttributeHeadSize;
        _payloadLength = length - TaskDiagWire.AttributeHeadSize;
        _nextAttribute = start + Math.Min(TaskDiagWire.Align(length), left);
        return true;
    }

    // Apart from the loops: what puts the texts together would be set up at every turn.
    private static WireFormatException NoMessage(int start, int left) =>
        new(start, $"{left} bytes left, a message has at least {TaskDiagWire.MessageSize}");

    private static WireFormatException MessageLength(int start, uint length, int left) =>
        new(start, $"message length {length}, allowed {TaskDiagWire.MessageSize} to {left}");

    private static WireFormatException MessageType(int start, ushort type) =>
        new(start + 4, $"message type 0x{type:x}, expected 0x{TaskDiagWire.MessageType:x}");

    private static WireFormatException NoAttribute(int start, int left) =>
        new(start, $"{left} bytes left in the message, an attribute has at least {TaskDiagWire.AttributeHeadSize}");

    private static WireFormatException AttributeLength(int start, ushort length, int left) =>
        new(start, $"attribute length {length}, allowed {TaskDiagWire.AttributeHeadSize} to {Math.Min(left, ushort.MaxValue)}");
}
