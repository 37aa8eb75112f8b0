using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using Checkpoint.Cli;
using Checkpoint.Cli.Commands;
using Checkpoint.Imaging;
using Checkpoint.Linux;
using Checkpoint.Linux.Checks;
using Checkpoint.Model;

namespace Checkpoint.Tests.Cli;

/// <summary>One run of the program on streams in memory.</summary>
internal sealed record CliRun(int ExitCode, byte[] OutBytes, string Error)
{
    internal string Out => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(OutBytes);

    internal static CliRun Of(params string[] args) => On(new CliWorld(), args);

    internal static CliRun On(CliWorld world, params string[] args)
    {
        using MemoryStream output = new();
        using StringWriter error = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        CommandContext context = new()
        {
            Output = world.Output ?? output,
            Error = error,
            OpenInput = () => new MemoryStream(world.Input),
            InputIsTerminal = () => world.InputIsTerminal,
            OutputIsTerminal = () => world.TerminalWidth > 0,
            TerminalWidth = () => world.TerminalWidth,
            Variable = world.Variable,
            IsRoot = () => world.IsRoot,
            Collect = (options, cancel) => world.Collect(options),
            Check = world.Check,
            Bpf = world.Bpf,
        };
        int code = Program.Run(args, context);
        return new CliRun(code, output.ToArray(), error.ToString());
    }

    /// <summary>Inspects a tree by way of an image on standard input.</summary>
    internal static CliRun Inspect(ProcessTree tree, params string[] args) =>
        On(new CliWorld { Input = Image(tree) }, ["inspect", "-", .. args]);

    internal static byte[] Image(ProcessTree tree)
    {
        using MemoryStream image = new();
        ImageWriter.Write(image, tree);
        return image.ToArray();
    }
}

/// <summary>What a run finds around it.</summary>
internal sealed record CliWorld
{
    internal byte[] Input { get; init; } = [];

    internal bool InputIsTerminal { get; init; }

    internal int TerminalWidth { get; init; }

    internal Stream? Output { get; init; }

    internal bool IsRoot { get; init; }

    internal Func<string, string?> Variable { get; init; } = static name => name == "TERM" ? "xterm" : null;

    internal Func<CollectOptions, ProcessTree> Collect { get; init; } =
        static _ => throw new InvalidOperationException("nothing should be collected here");

    internal Func<IReadOnlyCollection<CheckFeature>, IReadOnlyList<CheckFinding>> Check { get; init; } =
        static _ => throw new InvalidOperationException("nothing should be probed here");

    internal BpfActions Bpf { get; init; } = new()
    {
        FileSystemErrno = static () => throw new InvalidOperationException("no BPF here"),
        Read = static () => throw new InvalidOperationException("no BPF here"),
        Install = static () => throw new InvalidOperationException("no BPF here"),
        Remove = static () => throw new InvalidOperationException("no BPF here"),
    };
}
