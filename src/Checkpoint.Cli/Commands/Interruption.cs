using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Checkpoint.Cli.Commands;

/// <summary>
/// SIGINT and SIGTERM while an image is made: the first one cancels, the second one kills at once, which leaves nothing
/// behind either. Once the image is in place the command has succeeded, and a signal that comes later must not say otherwise,
/// so the handlers stay until the process ends.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static Interruption? s_current; // keeps the handlers from being collected

    private readonly CancellationTokenSource _cancel = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private volatile bool _done;

    private Interruption()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
    }

    /// <summary>Cancelled by the first signal.</summary>
    internal CancellationToken Token => _cancel.Token;

    /// <summary>Takes the signals over.</summary>
    /// <returns>What they do from now on.</returns>
    internal static Interruption Start()
    {
        Interruption next = new();
        Interlocked.Exchange(ref s_current, next)?.Dispose();
        return next;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _cancel.Dispose();
    }

    /// <summary>Puts the result in place unless a signal came first; from then on signals are ignored.</summary>
    /// <exception cref="OperationCanceledException">A signal came first.</exception>
    internal void Complete()
    {
        _cancel.Token.ThrowIfCancellationRequested();
        _done = true;
    }

    private void Handle(PosixSignalContext signal)
    {
        signal.Cancel = _done || !_cancel.IsCancellationRequested;
        _cancel.Cancel();
    }
}
