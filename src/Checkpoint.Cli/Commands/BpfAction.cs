namespace Checkpoint.Cli.Commands;

/// <summary>What <c>ckpt bpf</c> is to do.</summary>
internal enum BpfAction
{
    /// <summary>Pin this build's programs, in place of what is pinned.</summary>
    Install,

    /// <summary>Say what is pinned.</summary>
    Status,

    /// <summary>Remove what is pinned.</summary>
    Remove,
}
