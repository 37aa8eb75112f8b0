using System;

namespace Checkpoint.Linux.Transports;

/// <summary>Opens the transport that was asked for.</summary>
public static class TransportChoice
{
    /// <summary>Opens a transport.</summary>
    /// <param name="kind">Which one.</param>
    /// <param name="procfs">The procfs transport; returned itself where that is the choice.</param>
    /// <returns>The transport.</returns>
    /// <exception cref="Interop.KernelException">The one asked for is not to be had.</exception>
    public static TaskDiagTransport Open(TransportKind kind, ProcfsTaskDiag procfs) => kind switch
    {
        TransportKind.Auto => TaskDiagFile.Exists ? new TaskDiagFile() : procfs,
        TransportKind.TaskDiag => new TaskDiagFile(),
        TransportKind.Procfs => procfs,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
