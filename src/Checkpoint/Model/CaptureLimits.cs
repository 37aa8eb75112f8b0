namespace Checkpoint.Model;

/// <summary>
/// How much of a value is captured whose length its process chooses. A longer one is cut there, and a gap with E2BIG says so.
/// Readers of images refuse more.
/// </summary>
public static class CaptureLimits
{
    /// <summary>Bytes of a command line: beyond what command lines hold that anybody reads; prctl(2) lets a process claim any length.</summary>
    public const int CommandLineBytes = 1 << 20;

    /// <summary>Bytes of an environment.</summary>
    public const int EnvironBytes = 1 << 20;
}
