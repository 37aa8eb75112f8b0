using System;
using Checkpoint.Linux.Interop;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>One way to have a task_diag request answered: send, then read until 0. Every transport yields the same wire.</summary>
public abstract class TaskDiagTransport : IDisposable
{
    /// <summary>The least buffer to read into: one full attribute and its message.</summary>
    public const int MinimumBuffer = 128 * 1024;

    /// <summary>Name, as the image records it: <c>procfs</c>, <c>bpf</c>, <c>task-diag</c>.</summary>
    public abstract string Name { get; }

    /// <summary>How VMA lists are read: <c>procmap_query</c>, <c>maps</c>, <c>bpf</c>, <c>task-diag</c>.</summary>
    public abstract string VmaSource { get; }

    /// <summary>The attributes that this transport never supplies.</summary>
    public abstract TaskDiagShow Lacks { get; }

    /// <summary>Whether VMAs come with all their kernel flags, without page statistics having to be asked for.</summary>
    public virtual bool TellsVmFlags => false;

    /// <summary>Whether the blocked signals that it tells are each thread's own mask, not that of a call which changes it meanwhile.</summary>
    public virtual bool TellsOwnMasks => false;

    /// <summary>
    /// How many tasks the answer that was read last left out, because the caller may not inspect them; null where the
    /// transport cannot know.
    /// </summary>
    public virtual int? NotShown => null;

    /// <summary>Starts a transaction.</summary>
    /// <param name="request">Which tasks, and what of them.</param>
    /// <exception cref="KernelException">
    /// EBUSY: the last answer was not read to its end. ESRCH: the pid of ONE, THREAD or CHILDREN is not there.
    /// EINVAL: unknown strategy. The latter two may also come from <see cref="Read"/>.
    /// </exception>
    public abstract void Send(in TaskDiagRequest request);

    /// <summary>Reads the next part of the answer: whole messages.</summary>
    /// <param name="buffer">At least <see cref="MinimumBuffer"/> bytes.</param>
    /// <returns>Length of the messages in it; 0 = the answer is complete.</returns>
    /// <exception cref="ArgumentException">The buffer is too small.</exception>
    /// <exception cref="KernelException">See <see cref="Send"/>.</exception>
    public abstract int Read(Span<byte> buffer);

    /// <summary>As <see cref="Read"/>, but copies only where it must.</summary>
    /// <param name="buffer">For what is copied; at least <see cref="MinimumBuffer"/> bytes.</param>
    /// <returns>The messages, valid until the transport is used again; empty = the answer is complete.</returns>
    /// <exception cref="KernelException">See <see cref="Send"/>.</exception>
    public virtual ReadOnlySpan<byte> ReadInPlace(Span<byte> buffer) => buffer[..Read(buffer)];

    /// <summary>Drops the current transaction, so that another can be sent. Does nothing when there is none.</summary>
    public abstract void Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes what the transport holds.</summary>
    /// <param name="disposing">Always true: no transport has a finalizer.</param>
    protected abstract void Dispose(bool disposing);
}
