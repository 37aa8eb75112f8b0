using System;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Transports;
using Checkpoint.TaskDiag;

namespace Checkpoint.Benchmarks;

/// <summary>The procfs transport's answer about every process.</summary>
/// <param name="show">What is asked of each.</param>
internal sealed class TransportSide(TaskDiagShow show) : IBenchmarkSide
{
    private const int ThreadCpuClock = 3; // CLOCK_THREAD_CPUTIME_ID

    private readonly ProcfsTaskDiag _transport = new();
    private readonly byte[] _buffer = new byte[2 * TaskDiagTransport.MinimumBuffer];

    /// <inheritdoc/>
    public string Name => $"procfs transport: {show}";

    /// <inheritdoc/>
    public SideCost Run()
    {
        long cpu = Libc.Nanoseconds(ThreadCpuClock);
        long start = Libc.Nanoseconds(Libc.CLOCK_MONOTONIC);
        long processes = Exchange(_transport, new TaskDiagRequest(show, TaskDiagStrategy.All, 0, 1), _buffer);
        return new SideCost(processes, Libc.Nanoseconds(Libc.CLOCK_MONOTONIC) - start, Libc.Nanoseconds(ThreadCpuClock) - cpu);
    }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    /// <summary>Sends a request and reads the answer to its end.</summary>
    /// <param name="transport">To whom.</param>
    /// <param name="request">What.</param>
    /// <param name="buffer">Where the answer goes, part by part.</param>
    /// <returns>How many tasks it told of.</returns>
    internal static long Exchange(TaskDiagTransport transport, in TaskDiagRequest request, Span<byte> buffer)
    {
        long tasks = 0;
        transport.Send(request);
        int length;
        while ((length = transport.Read(buffer)) > 0)
        {
            TaskDiagReader reader = new(buffer[..length]);
            while (reader.NextMessage())
            {
                tasks += reader.Continued ? 0 : 1;
            }
        }

        return tasks;
    }
}
