using System;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Transports;

namespace Checkpoint.Linux.Tests.Environment;

/// <summary>Whether BPF programs can be used here, found by loading them.</summary>
internal static class BpfUse
{
    private static readonly Lazy<string?> _obstacle = new(() =>
    {
        try
        {
            TransportChoice.Make(TransportKind.Bpf, static () => false).Dispose();
            return null;
        }
        catch (KernelException e)
        {
            return e.Message;
        }
    });

    /// <summary>Why not; null: they can.</summary>
    internal static string? Obstacle => _obstacle.Value;

    /// <summary>The transports that every tree is captured by.</summary>
    internal static string[] Transports => Obstacle is null ? ["procfs", "bpf"] : ["procfs"];
}
