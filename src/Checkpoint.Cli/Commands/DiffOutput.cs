namespace Checkpoint.Cli.Commands;

/// <summary>What <c>ckpt diff</c> writes.</summary>
internal enum DiffOutput
{
    /// <summary>The changes.</summary>
    Changes,

    /// <summary>The changes, and the processes without one.</summary>
    All,

    /// <summary>The counts alone.</summary>
    Counts,

    /// <summary>Nothing: the exit code says it.</summary>
    Nothing,
}
