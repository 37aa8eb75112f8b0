using System;
using System.Collections.Generic;
using Checkpoint.Linux.Bpf;

namespace Checkpoint.Cli.Commands;

/// <summary>What <c>ckpt bpf</c> does to the system, so that tests can supply their own.</summary>
internal sealed record BpfActions
{
    /// <summary>Whether programs can be pinned: 0, or errno of <see cref="BpfPins.FileSystemErrno"/>.</summary>
    internal Func<int> FileSystemErrno { get; init; } = BpfPins.FileSystemErrno;

    /// <summary>Looks what is pinned.</summary>
    internal Func<IReadOnlyList<BpfPinned>> Read { get; init; } = BpfPins.Read;

    /// <summary>Pins this build's programs.</summary>
    internal Action Install { get; init; } = BpfPins.Install;

    /// <summary>Removes all; how many there were.</summary>
    internal Func<int> Remove { get; init; } = BpfPins.Remove;
}
