using System;
using System.Runtime.InteropServices;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>
/// Hands over the messages that a program wrote, as task_diag's: keys become names on the way. Messages without keys are
/// copied as they are, many at a time.
/// </summary>
internal sealed unsafe class BpfAnswer : IDisposable
{
    private readonly BpfMessage _message;
    private bool _hasKeys;
    private byte* _messages;
    private int _length;
    private int _at;
    private ulong[] _order = []; // tid and place of each message, when they are not to be told as they lie
    private int _ordered;

    /// <summary>Sets up the look-ups.</summary>
    /// <param name="procfd">The open <c>/proc</c>.</param>
    /// <param name="buildIds">Build IDs that are known already.</param>
    internal BpfAnswer(int procfd, BuildIdCache buildIds) => _message = new BpfMessage(procfd, buildIds);

    /// <summary>How procfs reads VMA lists here.</summary>
    internal string ProcfsSource => _message.ProcfsSource;

    /// <summary>Whether all messages were handed over.</summary>
    internal bool IsEmpty => _at == _length;

    /// <summary>Whether the messages may be handed over as they lie.</summary>
    internal bool IsAsWritten => !_hasKeys && _order.Length == 0;

    /// <summary>Starts on another answer.</summary>
    internal void Start(TaskDiagShow show)
    {
        Drop();
        _hasKeys = BpfMessage.HasKeys(show);
        _message.Start(show);
    }

    /// <summary>Takes messages that were just written.</summary>
    /// <param name="messages">In a slot, which is not moved; valid until the next run.</param>
    /// <param name="sort">Whether they are one for each task, of one size, and still to be put in order of their tasks.</param>
    internal void Take(Span<byte> messages, bool sort)
    {
        _order = [];
        _ordered = 0;
        if (sort && messages.Length > 0)
        {
            _order = Order(messages);
        }

        // SAFETY: a slot is mapped memory, which outlives this.
        _messages = (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(messages));
        _length = messages.Length;
        _at = 0;
    }

    /// <summary>Forgets what is left.</summary>
    internal void Drop()
    {
        _at = _length = 0;
        _message.Drop();
    }

    /// <inheritdoc/>
    public void Dispose() => _message.Dispose();

    /// <summary>Hands over as many messages as there is room for.</summary>
    /// <param name="room">Where to.</param>
    /// <returns>Bytes written: whole messages.</returns>
    internal int CopyTo(Span<byte> room)
    {
        int written = 0;
        if (!_hasKeys)
        {
            if (_order.Length > 0)
            {
                return CopyInOrder(room);
            }

            Span<byte> rest = new(_messages + _at, _length - _at);
            int take = WholeMessages(rest, room.Length);
            rest[..take].CopyTo(room);
            _at += take;
            return take;
        }

        while (_at < _length)
        {
            int size = MessageAt(_at);
            Span<byte> message = new(_messages + _at, size);
            int copied = _message.Copy(message, room[written..]);
            written += Math.Abs(copied);
            if (copied <= 0)
            {
                break;
            }

            _at += size;
        }

        return written;
    }

    /// <summary>Hands over all that is left, where it lies; only while <see cref="IsAsWritten"/>.</summary>
    internal ReadOnlySpan<byte> TakeRest()
    {
        ReadOnlySpan<byte> rest = new(_messages + _at, _length - _at);
        _at = _length;
        return rest;
    }

    private static ulong[] Order(ReadOnlySpan<byte> messages)
    {
        int size = MemoryMarshal.Read<int>(messages);
        ulong[] order = new ulong[messages.Length / size];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = ((ulong)MemoryMarshal.Read<uint>(messages[((i * size) + 16)..]) << 32) | (uint)(i * size);
        }

        order.AsSpan().Sort();
        return order;
    }

    private int CopyInOrder(Span<byte> room)
    {
        int size = MessageAt(0);
        int written = 0;
        for (; _ordered < _order.Length && written + size <= room.Length; _ordered++, written += size)
        {
            new ReadOnlySpan<byte>(_messages + (uint)_order[_ordered], size).CopyTo(room[written..]);
        }

        _at = _ordered == _order.Length ? _length : 0;
        return written;
    }

    private static int WholeMessages(ReadOnlySpan<byte> messages, int room)
    {
        int end = 0;
        while (end < messages.Length)
        {
            int size = MemoryMarshal.Read<int>(messages[end..]);
            if (size < TaskDiagWire.MessageSize || end + size > Math.Min(room, messages.Length))
            {
                break;
            }

            end += size;
        }

        return end;
    }

    private int MessageAt(int at)
    {
        int size = MemoryMarshal.Read<int>(new ReadOnlySpan<byte>(_messages + at, sizeof(int)));
        return size >= TaskDiagWire.MessageSize && size <= _length - at ? size
            : throw new WireFormatException(at, $"message of {size} bytes from a BPF program");
    }
}
