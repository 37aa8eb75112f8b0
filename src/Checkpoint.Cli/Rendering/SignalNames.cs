using System.Collections.Generic;
using System.Globalization;
using System.Numerics;

namespace Checkpoint.Cli.Rendering;

/// <summary>
/// Names of signals. From 32 on they are numbers (<c>SIG34</c>), since where SIGRTMIN lies is the C library's matter
/// and not the kernel's.
/// </summary>
internal static class SignalNames
{
    /// <summary>Signal 1 first; the numbers of x86, Arm and RISC-V.</summary>
    private static readonly string[] Names =
    [
        "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1",
        "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP",
        "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR",
        "SIGSYS",
    ];

    /// <summary>The name of one signal.</summary>
    /// <param name="signal">Its number, from 1.</param>
    /// <returns>Such as SIGCHLD or SIG34.</returns>
    internal static string Name(int signal) =>
        signal >= 1 && signal <= Names.Length ? Names[signal - 1] : "SIG" + signal.ToString(CultureInfo.InvariantCulture);

    /// <summary>The names in a mask, by number.</summary>
    /// <param name="mask">Bit n-1 = signal n.</param>
    /// <returns>By ascending number.</returns>
    internal static IEnumerable<string> List(ulong mask)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            yield return Name(BitOperations.TrailingZeroCount(mask) + 1);
        }
    }
}
