using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace Checkpoint.Linux.Tests.Environment;

/// <summary>A BPF file system of its own at <c>/sys/fs/bpf</c>, in a mount namespace that ends with the test: what is pinned there is nobody else's.</summary>
internal sealed class PrivateBpffs : IDisposable
{
    private readonly ChildProcess _keeper = ChildProcess.Start(
        ["unshare", "--mount", "--propagation", "private", "sh", "-euc", "mount -t bpf bpf /sys/fs/bpf; echo ready; exec sleep 300"]);

    /// <summary>The prefix that runs a command there.</summary>
    internal IReadOnlyList<string> Prefix => ["nsenter", "--target", _keeper.PidText, "--mount", "--"];

    /// <summary>What is below it, as find(1) prints it: mode, owner, path.</summary>
    internal string[] Content => [.. Run("find", "/sys/fs/bpf", "-mindepth", "1", "-not", "-name", "*.debug", "-printf", "%m %u %P\n").Expect(0).Text
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    /// <summary>Runs a command there.</summary>
    /// <param name="command">Program and arguments.</param>
    internal RunResult Run(params string[] command) => Tool.Run([.. Prefix, .. command], Ckpt.Variables);

    /// <summary>Runs <c>ckpt</c> there.</summary>
    /// <param name="args">Arguments.</param>
    internal RunResult Program(params string[] args) => Run([.. Ckpt.Command(args)]);

    /// <summary>The status, as JSON.</summary>
    /// <param name="exitCode">The expected exit code.</param>
    internal JsonElement Status(int exitCode) => Program("bpf", "status", "--json").Expect(exitCode).Json;

    /// <summary>Starts a program there.</summary>
    /// <param name="command">Program and arguments.</param>
    internal ChildProcess Launch(IReadOnlyList<string> command) => ChildProcess.Launch([.. Prefix, .. command], Ckpt.Variables);

    /// <inheritdoc/>
    public void Dispose() => _keeper.Dispose();
}
