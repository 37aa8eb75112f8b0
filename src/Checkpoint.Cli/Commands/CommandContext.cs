using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using Checkpoint.Linux;
using Checkpoint.Linux.Checks;
using Checkpoint.Linux.Interop;
using Checkpoint.Model;

namespace Checkpoint.Cli.Commands;

/// <summary>Everything of the world that commands touch, so that tests can supply their own.</summary>
internal sealed class CommandContext
{
    /// <summary>Standard output: data only.</summary>
    internal required Stream Output { get; init; }

    /// <summary>Standard error: messages.</summary>
    internal required TextWriter Error { get; init; }

    /// <summary>Standard input, opened when it is asked for.</summary>
    internal Func<Stream> OpenInput { get; init; } = OpenStandardInput;

    /// <summary>Whether standard input is a terminal.</summary>
    internal Func<bool> InputIsTerminal { get; init; } = static () => !Console.IsInputRedirected;

    /// <summary>Whether standard output is a terminal.</summary>
    internal Func<bool> OutputIsTerminal { get; init; } = static () => !Console.IsOutputRedirected;

    /// <summary>Columns of the terminal behind standard output; asked only if there is one.</summary>
    internal Func<int> TerminalWidth { get; init; } = static () => OperatingSystem.IsLinux() ? OutputStream.TerminalWidth() : Console.WindowWidth;

    /// <summary>Whether this process is the program's own: its signals, and what others may read of it, are then the program's business.</summary>
    internal bool OwnsProcess { get; init; }

    /// <summary>Whether the caller is root.</summary>
    internal Func<bool> IsRoot { get; init; } = static () => ProcessSetup.IsRoot;

    /// <summary>
    /// The exit code that a command has come to, set before it writes: a reader that goes away meanwhile changes nothing about it.
    /// </summary>
    internal int? Answer { get; set; }

    /// <summary>Looks up an environment variable.</summary>
    internal Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Captures a tree.</summary>
    internal Func<CollectOptions, CancellationToken, ProcessTree> Collect { get; init; } = Collector.Collect;

    /// <summary>Probes what can be captured; empty for everything.</summary>
    internal Func<IReadOnlyCollection<CheckFeature>, IReadOnlyList<CheckFinding>> Check { get; init; } = SystemCheck.Run;

    /// <summary>Looks at, makes and removes pinned BPF programs.</summary>
    internal BpfActions Bpf { get; init; } = new();

    /// <summary>Looks which of some processes run now.</summary>
    internal Func<IReadOnlyList<int>, LiveTasks> ReadLive { get; init; } = LiveReader.Read;

    /// <summary>The context of a program run from a shell.</summary>
    /// <returns>A context on the three standard streams.</returns>
    internal static CommandContext ForProgram() => OperatingSystem.IsLinux()
        ? new() { OwnsProcess = true, Output = OutputStream.StandardOutput(), Error = MessageWriter(OutputStream.StandardError()) }
        : new() { Output = Console.OpenStandardOutput(), Error = MessageWriter(Console.OpenStandardError()) };

    /// <summary>A buffered writer of text on <see cref="Output"/>; dispose it to write what is buffered.</summary>
    /// <returns>UTF-8 without a byte order mark.</returns>
    internal StreamWriter TextOutput() => new(Output, new UTF8Encoding(false), bufferSize: 32 * 1024, leaveOpen: true) { NewLine = "\n" };

    /// <summary>A buffer in front of <see cref="Output"/>; dispose it to write what is buffered.</summary>
    /// <returns>A stream that leaves standard output open.</returns>
    internal Stream BufferedOutput() => new BufferedStream(new UnclosedStream(Output), 32 * 1024);

    /// <summary>
    /// Before environments come into memory, captured or from an image: keeps them from core dumps and from other processes of
    /// the same user.
    /// </summary>
    internal void KeepSecrets()
    {
        if (OwnsProcess && OperatingSystem.IsLinux())
        {
            ProcessSetup.KeepSecrets();
        }
    }

    /// <summary>Whether text is coloured.</summary>
    /// <param name="color">The option: auto, always or never.</param>
    /// <param name="terminal">Whether it goes to a terminal.</param>
    internal bool UseColor(string color, bool terminal) => color switch
    {
        "always" => true,
        "never" => false,
        _ => terminal && string.IsNullOrEmpty(Variable("NO_COLOR")) && Variable("TERM") is not (null or "" or "dumb"),
    };

    /// <summary>Standard input, unless it is closed: then its number may be that of a file of the runtime's.</summary>
    private static Stream OpenStandardInput() => !OperatingSystem.IsLinux() || ProcessSetup.IsInherited(0)
        ? Console.OpenStandardInput()
        : throw new IOException(Errno.Text(Errno.EBADF));

    private static StreamWriter MessageWriter(Stream stream) => new(stream, new UTF8Encoding(false), bufferSize: 512) { AutoFlush = true, NewLine = "\n" };
}
