namespace Checkpoint.Cli;

/// <summary>What the program's exit codes mean; scripts rely on them.</summary>
internal static class ExitCode
{
    /// <summary>Fine.</summary>
    internal const int Success = 0;

    /// <summary>A negative answer: differs, invalid, nothing matched.</summary>
    internal const int Negative = 1;

    /// <summary>The command line makes no sense.</summary>
    internal const int Usage = 2;

    /// <summary>The input is missing, not an image, or damaged.</summary>
    internal const int Input = 3;

    /// <summary>The target process does not exist or is gone.</summary>
    internal const int TargetGone = 4;

    /// <summary>A permission or kernel feature is missing.</summary>
    internal const int Refused = 5;

    /// <summary>The output failed; nothing was left behind.</summary>
    internal const int Output = 6;

    /// <summary>The image was written, but part of what was asked for is missing.</summary>
    internal const int Partial = 7;

    /// <summary>A bug of this program (EX_SOFTWARE of <c>sysexits.h</c>).</summary>
    internal const int Internal = 70;

    /// <summary>Interrupted; nothing was left behind. 128 + SIGINT, as shells have it.</summary>
    internal const int Interrupted = 130;
}
