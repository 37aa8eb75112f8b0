using System.Collections.Generic;
using Checkpoint.Linux.Interop;
using Checkpoint.Model;

namespace Checkpoint.Cli.Commands;

/// <summary>What helps against what the kernel refused.</summary>
internal static class Remedy
{
    /// <summary>The remedy for an errno.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="errno">The kernel's answer.</param>
    /// <returns>What to do; null when nothing is known to help.</returns>
    internal static string? For(CommandContext context, int errno) => errno switch
    {
        // Root is refused where a capability is missing (containers), or by a security module: nothing that root is told to become.
        Errno.EPERM or Errno.EACCES => context.IsRoot()
            ? "root may not do so here: 'ckpt check' says what is missing"
            : "try as root",
        Errno.EAGAIN => "allow more open files or processes (ulimit -n, ulimit -u)",
        Errno.EMFILE => "allow more open files (ulimit -n)",
        Errno.ENFILE => "the machine allows no more open files (sysctl fs.file-max)",
        _ => null,
    };

    /// <summary>The remedy for parts that are missing.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="gaps">Why they are missing.</param>
    /// <returns>The first that is known; null when there is none.</returns>
    internal static string? For(CommandContext context, IReadOnlyList<Gap> gaps)
    {
        foreach (Gap gap in gaps)
        {
            if (For(context, gap.Errno) is { } remedy)
            {
                return remedy;
            }
        }

        return null;
    }
}
