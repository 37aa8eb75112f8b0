using System.Collections.Generic;

namespace Checkpoint.Cli.Rendering;

/// <summary>
/// Names of a task's flags (PF_* of <c>linux/sched.h</c>, here without the prefix). Only those whose bits have not moved for
/// many releases have a name; the number says the rest.
/// </summary>
internal static class TaskFlagNames
{
    private static readonly (uint Flag, string Name)[] Names =
    [
        (0x00000004, "exiting"), (0x00000010, "io_worker"), (0x00000020, "wq_worker"), (0x00000040, "forknoexec"),
        (0x00000100, "superpriv"), (0x00000200, "dumpcore"), (0x00000400, "signaled"), (0x00200000, "kthread"),
        (0x00400000, "randomize"), (0x04000000, "no_setaffinity"),
    ];

    /// <summary>The names of the flags that are set.</summary>
    /// <param name="flags">The flags.</param>
    /// <returns>The names in the order of the bits.</returns>
    internal static List<string> Of(uint flags)
    {
        List<string> names = [];
        foreach ((uint flag, string name) in Names)
        {
            if ((flags & flag) != 0)
            {
                names.Add(name);
            }
        }

        return names;
    }
}
