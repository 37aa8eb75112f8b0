using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Tests.Environment;

/// <summary>The few system calls that tests make themselves.</summary>
public static class Kernel
{
    /// <summary>Interrupt.</summary>
    public const int SIGINT = 2;

    /// <summary>Kill.</summary>
    public const int SIGKILL = 9;

    /// <summary>Terminate.</summary>
    public const int SIGTERM = 15;

    /// <summary>kill(2).</summary>
    /// <param name="pid">Whom.</param>
    /// <param name="signal">What.</param>
    /// <returns>0, or -1.</returns>
    public static int Kill(int pid, int signal) => kill(pid, signal);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
}
