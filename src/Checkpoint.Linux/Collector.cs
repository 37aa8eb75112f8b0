using System;
using System.Threading;
using Checkpoint.Model;

namespace Checkpoint.Linux;

/// <summary>Captures a live process tree without stopping it.</summary>
public static class Collector
{
    /// <summary>Captures the tree below one process.</summary>
    /// <param name="options">What to capture.</param>
    /// <param name="cancel">Checked between tasks.</param>
    /// <returns>The tree; what raced or was hidden is in its gaps and events.</returns>
    /// <exception cref="Interop.KernelException">The root does not exist or vanished (ESRCH), or <c>/proc</c> cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ProcessTree Collect(CollectOptions options, CancellationToken cancel = default) =>
        throw new PlatformNotSupportedException();
}
