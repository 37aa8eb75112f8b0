namespace Checkpoint.Cli.Rendering;

/// <summary>What of an image is shown.</summary>
internal enum InspectView
{
    /// <summary>What was running; in JSON: everything.</summary>
    Overview,

    /// <summary>One line for each process.</summary>
    Processes,

    /// <summary>One line for each thread.</summary>
    Threads,

    /// <summary>Distinct credentials.</summary>
    Credentials,

    /// <summary>VMA lists.</summary>
    Vmas,

    /// <summary>Mapped files.</summary>
    Files,
}
