using System;

namespace Checkpoint.Cli.Commands;

/// <summary>Ends a command with a message and an exit code; only <see cref="Program"/> catches it.</summary>
internal sealed class CommandFailure : Exception
{
    /// <summary>Describes the failure.</summary>
    /// <param name="exitCode">One of <see cref="Cli.ExitCode"/>.</param>
    /// <param name="message">One line: what failed, on what, why.</param>
    /// <param name="hint">What to do about it, if that is clear.</param>
    internal CommandFailure(int exitCode, string message, string? hint = null)
        : base(message)
    {
        ExitCode = exitCode;
        Hint = hint;
    }

    /// <summary>One of <see cref="Cli.ExitCode"/>.</summary>
    internal int ExitCode { get; }

    /// <summary>What to do about it.</summary>
    internal string? Hint { get; }
}
