using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using Checkpoint.Linux.Transports;

namespace Checkpoint.Cli.Commands;

/// <summary>The option <c>--transport</c>.</summary>
internal static class TransportOption
{
    /// <summary>In the order of <see cref="TransportKind"/>.</summary>
    private static readonly string[] Names = ["auto", "task-diag", "procfs", "bpf"];

    /// <summary>Declares it.</summary>
    internal static Option<string?> Create() => new("--transport")
    {
        Description = "How to ask: auto, task-diag (the kernel's own file, where there is one), bpf, procfs; default auto",
        HelpName = "auto|task-diag|bpf|procfs",
    };

    /// <summary>Adds an error when its value is none.</summary>
    internal static void Validate(CommandResult result, string? value)
    {
        if (value is not null && Array.IndexOf(Names, value) < 0)
        {
            result.AddError($"--transport must be auto, task-diag, bpf or procfs, not '{value}'");
        }
    }

    /// <summary>Its value; auto when it was not given.</summary>
    internal static TransportKind Kind(string? value) => (TransportKind)Math.Max(0, Array.IndexOf(Names, value));
}
