using System.Collections.Generic;
using Checkpoint.Linux.Tests.Environment;

namespace Checkpoint.Linux.Tests.Streams;

/// <summary>Runs <c>ckpt</c> from a shell script, for redirections, limits and bytes that a process cannot be given otherwise.</summary>
internal static class Shell
{
    /// <summary>Runs a script.</summary>
    /// <param name="script">It finds the program in "$ckpt" and arguments from "$1" on.</param>
    /// <param name="args">The arguments.</param>
    /// <returns>What it said.</returns>
    internal static RunResult Run(string script, params string[] args) =>
        Tool.Run(["bash", "-c", script, "bash", .. args], new Dictionary<string, string?>(Ckpt.Variables) { ["ckpt"] = Ckpt.Command()[0] });
}
