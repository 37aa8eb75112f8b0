using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using Checkpoint.Linux;

namespace Checkpoint.Cli.Commands;

/// <summary>
/// SIGINT, SIGTERM and SIGHUP while a file is made. The first one asks for an end. If that does not come within a moment,
/// because a thread waits in the kernel for a target that does not answer, or if a second one comes, the unfinished file is
/// removed and the process ended. Once the file is in place the command has succeeded, and a signal must not say otherwise.
/// </summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>How long the program has to end by itself.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private static Interruption? s_current; // keeps the handlers from being collected

    private readonly CancellationTokenSource _cancel = new();
    private readonly List<PosixSignalRegistration> _handlers = [];
    private readonly Lock _ending = new();
    private volatile AtomicOutput? _output;
    private volatile int _code;
    private int _signals;

    private Interruption(CommandContext context)
    {
        if (!context.OwnsProcess)
        {
            return;
        }

        foreach ((PosixSignal signal, int number) in (ReadOnlySpan<(PosixSignal, int)>)[(PosixSignal.SIGHUP, 1), (PosixSignal.SIGINT, 2), (PosixSignal.SIGTERM, 15)])
        {
            if (!OperatingSystem.IsLinux() || !ProcessSetup.IsIgnored(number))
            {
                _handlers.Add(PosixSignalRegistration.Create(signal, Handle));
            }
        }

        if (OperatingSystem.IsLinux())
        {
            // The runtime's thread for signals is there by now, and takes them.
            ProcessSetup.LeaveInterruptsToOthers();
        }
    }

    /// <summary>Cancelled by the first signal.</summary>
    internal CancellationToken Token => _cancel.Token;

    /// <summary>Takes the signals over.</summary>
    /// <param name="context">Whose process it is.</param>
    /// <returns>What they do from now on.</returns>
    internal static Interruption Start(CommandContext context)
    {
        Interruption next = new(context);
        Interlocked.Exchange(ref s_current, next)?.Dispose();
        return next;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration handler in _handlers)
        {
            handler.Dispose();
        }

        _cancel.Dispose();
    }

    /// <summary>Takes note of the file that must not be left behind unfinished.</summary>
    /// <param name="output">The file; null when there is none.</param>
    internal void Guard(AtomicOutput? output) => _output = output;

    /// <summary>Goes on to put the result in place, unless a signal came first.</summary>
    /// <param name="code">How the command ends once it is there.</param>
    /// <exception cref="OperationCanceledException">A signal came first.</exception>
    internal void Complete(int code)
    {
        _cancel.Token.ThrowIfCancellationRequested();
        _code = code;
    }

    /// <summary>Runs on a thread of its own for each signal.</summary>
    private void Handle(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Interlocked.Increment(ref _signals) == 1)
        {
            _cancel.Cancel();
            Thread.Sleep(Grace);
        }

        lock (_ending)
        {
            _output?.Abandon();
            ProcessSetup.EndNow(_output is { IsPlaced: true } ? _code : ExitCode.Interrupted);
        }
    }
}
