using System;
using System.Collections.Generic;
using Checkpoint.Linux.Tests.Environment;

namespace Checkpoint.Linux.Tests.Streams;

/// <summary>A file system without hard links and unnamed files over a folder, in a mount namespace of its own.</summary>
/// <param name="folder">The folder.</param>
/// <param name="options">Options of <c>plainfs.c</c>.</param>
internal sealed class PlainFileSystem(string folder, params string[] options) : IDisposable
{
    private readonly ChildProcess _server = ChildProcess.Start(
        ["unshare", "--mount", "--propagation", "private", Workload.Build("plainfs"), folder, .. options]);

    /// <summary>Runs a command there.</summary>
    /// <param name="command">Program and arguments.</param>
    internal RunResult Run(params string[] command) => Tool.Run(Inside(command), Ckpt.Variables);

    /// <summary>Starts a program there, which has the pid that is told.</summary>
    /// <param name="command">Program and arguments.</param>
    internal ChildProcess Launch(IReadOnlyList<string> command) => ChildProcess.Launch(Inside(command), Ckpt.Variables);

    /// <inheritdoc/>
    public void Dispose() => _server.Dispose();

    private string[] Inside(IReadOnlyList<string> command) => ["nsenter", "--target", _server.PidText, "--mount", "--", .. command];
}
