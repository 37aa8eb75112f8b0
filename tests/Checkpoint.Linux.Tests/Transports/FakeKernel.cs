using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Transports;
using Checkpoint.TaskDiag;
using Microsoft.Win32.SafeHandles;

namespace Checkpoint.Linux.Tests.Transports;

/// <summary>
/// The other side of <c>/proc/task-diag</c>: a socket that keeps packets apart, as the file keeps reads apart. It writes
/// messages as the original kernel code does, with garbage wherever that leaves memory uncleared.
/// </summary>
internal sealed class FakeKernel : IDisposable
{
    private readonly Random _garbage = new(4711);
    private int _theirs = -1;

    /// <summary>Descriptor of the program's side that was opened last.</summary>
    internal int Ours { get; private set; } = -1;

    /// <summary>How often the file was opened.</summary>
    internal int Opened { get; private set; }

    /// <summary>The show flags of every request received.</summary>
    internal List<TaskDiagShow> Asked { get; } = [];

    /// <summary>A transport that speaks to this kernel.</summary>
    /// <returns>The transport.</returns>
    internal TaskDiagFile Open() => new(OpenFile);

    /// <summary>Takes the request that was written; null when the file was closed.</summary>
    /// <returns>The request.</returns>
    internal TaskDiagRequest? Receive()
    {
        byte[] buffer = new byte[256];
        int length = NativeCalls.ReceivePacket(_theirs, buffer);
        if (length <= 0)
        {
            return null;
        }

        TaskDiagRequest request = TaskDiagRequest.Read(buffer.AsSpan(0, length));
        Asked.Add(request.Show);
        return request;
    }

    /// <summary>Takes what was written and forgets it.</summary>
    /// <param name="packets">How many writes.</param>
    internal void Drop(int packets)
    {
        byte[] buffer = new byte[256];
        for (; packets > 0; packets--)
        {
            _ = NativeCalls.ReceivePacket(_theirs, buffer);
        }
    }

    /// <summary>Answers one read.</summary>
    /// <param name="messages">Whole messages.</param>
    internal void Send(params byte[][] messages) => NativeCalls.SendPacket(_theirs, messages.SelectMany(message => message).ToArray());

    /// <summary>Answers a read with 0.</summary>
    internal void SendEnd() => NativeCalls.SendPacket(_theirs, []);

    /// <summary>Makes a message by hand, not by the code under test.</summary>
    /// <param name="pid">Thread.</param>
    /// <param name="tgid">Process.</param>
    /// <param name="continued">Whether the task goes on in the next message.</param>
    /// <param name="attributes">Number and payload of each.</param>
    /// <returns>Its bytes.</returns>
    internal byte[] Message(int pid, int tgid, bool continued, params (TaskDiagAttribute Type, byte[] Payload)[] attributes)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        writer.Write(0);
        writer.Write((ushort)0xd101);
        writer.Write((ushort)2);
        writer.Write(1);
        writer.Write(0);
        writer.Write(pid);
        writer.Write(tgid);
        writer.Write(((uint)_garbage.NextInt64(1L << 32) & ~1u) | (continued ? 1u : 0));
        foreach ((TaskDiagAttribute type, byte[] payload) in attributes)
        {
            writer.Write((ushort)(4 + payload.Length));
            writer.Write((ushort)type);
            writer.Write(payload);
            while (bytes.Length % 4 != 0)
            {
                writer.Write((byte)_garbage.Next(256));
            }
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.GetBuffer(), (uint)bytes.Length);
        return bytes.ToArray();
    }

    /// <summary>A BASE of a task, with garbage as its padding.</summary>
    /// <param name="pid">Thread.</param>
    /// <param name="tgid">Process.</param>
    /// <returns>The attribute.</returns>
    internal (TaskDiagAttribute Type, byte[] Payload) Base(int pid, int tgid)
    {
        byte[] payload = new byte[44];
        new TaskDiagBase((uint)tgid, (uint)pid, 1, 0, 0, 0, Model.TaskState.Sleeping, new TaskComm("fake"u8)).Write(payload);
        _garbage.NextBytes(payload.AsSpan(41));
        return (TaskDiagAttribute.Base, payload);
    }

    /// <summary>Random bytes, the same in every run.</summary>
    /// <param name="bytes">What to fill.</param>
    internal void Garbage(Span<byte> bytes) => _garbage.NextBytes(bytes);

    /// <inheritdoc/>
    public void Dispose() => CloseTheirs();

    private SafeFileHandle OpenFile()
    {
        CloseTheirs();
        (Ours, _theirs) = NativeCalls.SocketPair();
        Opened++;
        return new SafeFileHandle(Ours, ownsHandle: true);
    }

    private void CloseTheirs()
    {
        if (_theirs >= 0)
        {
            _ = Libc.close(_theirs);
            _theirs = -1;
        }
    }
}
