using System;
using Checkpoint.Linux;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Transports;
using Checkpoint.TaskDiag;

namespace Checkpoint.Benchmarks;

/// <summary>A transport's answer, from the request to decoded records: identity and credentials as values, VMA lists as arrays.</summary>
internal sealed class DecodingSide : IBenchmarkSide
{
    private const int ThreadCpuClock = 3; // CLOCK_THREAD_CPUTIME_ID

    private readonly TransportChoice _choice;
    private readonly TaskDiagTransport _transport;
    private readonly TaskDiagRequest _request;
    private readonly byte[] _buffer = new byte[2 * TaskDiagTransport.MinimumBuffer];
    private readonly VmaList _vmas = new();
    private ulong _sum;
    private long _vmaCount;

    /// <summary>Opens the transport; what that takes is not measured.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="show">What is asked.</param>
    /// <param name="strategy">Of which tasks.</param>
    /// <param name="pid">Whose.</param>
    internal DecodingSide(TransportKind kind, TaskDiagShow show, TaskDiagStrategy strategy = TaskDiagStrategy.All, int pid = 0)
    {
        _choice = TransportChoice.Make(kind, () => true);
        _transport = _choice.Open();
        _request = new TaskDiagRequest(show, strategy, (uint)pid, 1);
        Name = $"{_transport.Name}, decoded: {strategy} {show}";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>VMAs of the last run.</summary>
    internal long VmaCount => _vmaCount;

    /// <inheritdoc/>
    public SideCost Run()
    {
        long cpu = Libc.Nanoseconds(ThreadCpuClock);
        long start = Libc.Nanoseconds(Libc.CLOCK_MONOTONIC);
        long tasks = 0;
        _vmaCount = 0;
        _transport.Send(_request);
        while (_transport.ReadInPlace(_buffer) is { IsEmpty: false } messages)
        {
            TaskDiagReader reader = new(messages);
            while (reader.NextMessage())
            {
                while (reader.NextAttribute())
                {
                    Take(reader);
                }

                if (!reader.Continued)
                {
                    tasks++;
                    if ((_request.Show & TaskDiagShow.Vma) != 0)
                    {
                        _vmaCount += _vmas.Take(null, out _)?.Length ?? 0;
                        _vmas.ClearList();
                    }
                }
            }
        }

        return new SideCost(Math.Max(tasks, 1), Libc.Nanoseconds(Libc.CLOCK_MONOTONIC) - start, Libc.Nanoseconds(ThreadCpuClock) - cpu);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _transport.Dispose();
        _choice.Dispose();
    }

    private void Take(in TaskDiagReader reader)
    {
        switch (reader.Type)
        {
            case TaskDiagAttribute.Base:
                _sum += TaskDiagBase.Read(reader.Payload).Ppid;
                break;
            case TaskDiagAttribute.Cred:
                _sum += TaskDiagCred.Read(reader.Payload).CapEffective;
                break;
            default:
                _ = _vmas.Apply(reader.Type, reader.Payload);
                break;
        }
    }
}
