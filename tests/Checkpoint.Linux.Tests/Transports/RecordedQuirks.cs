using System;
using System.Collections.Generic;
using System.Threading;
using Checkpoint.Linux.Transports;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Linux.Tests.Transports;

/// <summary>
/// A fake kernel that really answers: it takes the facts from procfs and tells them as the original code does, at most
/// 16 KiB at a time, with VMA lists split between records and garbage in every unused place.
/// </summary>
internal sealed class RecordedQuirks : IDisposable
{
    private const int ChunkSize = 16 * 1024;

    private readonly ProcfsTaskDiag _facts = new();
    private readonly Thread _thread;
    private readonly List<byte[]> _chunk = [];
    private readonly List<(TaskDiagAttribute, byte[])> _attributes = [];
    private int _chunkLength;
    private int _messageLength;

    internal RecordedQuirks()
    {
        Transport = Kernel.Open();
        _thread = new Thread(() =>
        {
            Failure = Record.Exception(Serve);
            Kernel.Dispose(); // whoever waits for an answer fails
        });
        _thread.Start();
    }

    /// <summary>What the answers go through.</summary>
    internal FakeKernel Kernel { get; } = new();

    /// <summary>The transport to ask.</summary>
    internal TaskDiagFile Transport { get; }

    /// <summary>How many reads the answers took, their ends not counted.</summary>
    internal int Chunks { get; private set; }

    /// <summary>What went wrong on this side.</summary>
    internal Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Transport.Dispose();
        _thread.Join();
        _facts.Dispose();
    }

    private void Serve()
    {
        byte[] buffer = new byte[TaskDiagTransport.MinimumBuffer];
        while (Kernel.Receive() is TaskDiagRequest request)
        {
            _facts.Send(request);
            int length;
            while ((length = _facts.Read(buffer)) > 0)
            {
                TaskDiagReader reader = new(buffer.AsSpan(0, length));
                while (reader.NextMessage())
                {
                    Retell(ref reader);
                }
            }

            SendChunk();
            Kernel.SendEnd();
        }
    }

    private void Retell(ref TaskDiagReader reader)
    {
        _messageLength = TaskDiagWire.MessageSize;
        (int pid, int tgid) = ((int)reader.Pid, (int)reader.Tgid);
        while (reader.NextAttribute())
        {
            if (reader.Type == TaskDiagAttribute.Vma)
            {
                RetellVmas(pid, tgid, reader.Payload);
            }
            else
            {
                Add(pid, tgid, reader.Type, reader.Payload.ToArray());
            }
        }

        EndMessage(pid, tgid, reader.Continued);
    }

    private void RetellVmas(int pid, int tgid, ReadOnlySpan<byte> records)
    {
        while (!records.IsEmpty)
        {
            // As many records as fit the chunk; vma_len is at 52.
            int room = ChunkSize - _chunkLength - _messageLength - 4;
            int length = 0;
            while (length < records.Length && length + BitConverter.ToUInt16(records[(length + 52)..]) is int next && next <= room)
            {
                length = next;
            }

            if (length == 0)
            {
                EndMessage(pid, tgid, continued: true);
                SendChunk();
                continue;
            }

            Add(pid, tgid, TaskDiagAttribute.Vma, records[..length].ToArray());
            records = records[length..];
        }
    }

    private void Add(int pid, int tgid, TaskDiagAttribute type, byte[] payload)
    {
        int padding = type switch { TaskDiagAttribute.Base => 41, TaskDiagAttribute.Stat => 68, _ => payload.Length };
        Kernel.Garbage(payload.AsSpan(padding));
        int length = (4 + payload.Length + 3) & ~3;
        if (_chunkLength + _messageLength + length > ChunkSize)
        {
            EndMessage(pid, tgid, continued: true);
            SendChunk();
        }

        _attributes.Add((type, payload));
        _messageLength += length;
    }

    private void EndMessage(int pid, int tgid, bool continued)
    {
        byte[] message = Kernel.Message(pid, tgid, continued, [.. _attributes]);
        _attributes.Clear();
        if (_chunkLength + message.Length > ChunkSize)
        {
            SendChunk();
        }

        _chunk.Add(message);
        _chunkLength += message.Length;
        _messageLength = TaskDiagWire.MessageSize;
    }

    private void SendChunk()
    {
        if (_chunk.Count > 0)
        {
            Kernel.Send([.. _chunk]);
            Chunks++;
        }

        _chunk.Clear();
        _chunkLength = 0;
    }
}
