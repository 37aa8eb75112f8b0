using System;
using System.Numerics;

namespace Checkpoint.Model;

/// <summary>
/// Whether a process executed another program between two looks at it, where the kernel's own count of that is not to be had.
/// A process can change every address in its <see cref="MemoryLayout"/> (prctl, PR_SET_MM), so these alone prove nothing; but it
/// cannot move its stack, and exec places that at random, unless this was switched off.
/// </summary>
public static class ProgramChange
{
    /// <summary>Above the room for arguments and environment of a stack that was not moved.</summary>
    private const ulong MostBelowTop = 16 << 20;

    /// <summary>Whether the later look found another program. One that was executed again at the same places with the same arguments is not noticed.</summary>
    /// <param name="before">The process.</param>
    /// <param name="after">The same process later.</param>
    public static bool IsOther(ProcessEntry before, ProcessEntry after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (before.Layout is not MemoryLayout was || after.Layout is not MemoryLayout now)
        {
            return false;
        }

        if (was != now && HasMoved(before, was, after, now))
        {
            return true;
        }

        return IsAsExecLeftIt(was) && IsAsExecLeftIt(now) && (Differ(before.Cmdline, after.Cmdline) || (was != now && Differ(before.Exe, after.Exe)));
    }

    /// <summary>Whether a stack lies where it does when exec does not choose the place at random: then only names and arguments tell.</summary>
    /// <param name="layout">Where it lies.</param>
    public static bool HasFixedStack(MemoryLayout layout) =>
        layout.StartStack != 0 && BitOperations.RoundUpToPowerOf2(layout.StartStack) - layout.StartStack <= MostBelowTop;

    /// <summary>Exec puts the environment right behind the arguments: where it is not, the process itself changed what counts as these.</summary>
    private static bool IsAsExecLeftIt(MemoryLayout layout) => HasFixedStack(layout) && layout.ArgEnd == layout.EnvStart;

    /// <summary>
    /// Whether stack or code are elsewhere than before: neither place is memory of the other program. Addresses that a process
    /// changed by prctl lead to memory that it has and had.
    /// </summary>
    private static bool HasMoved(ProcessEntry before, MemoryLayout was, ProcessEntry after, MemoryLayout now) =>
        before.Space is { } old && after.Space is { } @new
            ? (!Holds(@new.Vmas, was.StartStack) && !Holds(old.Vmas, now.StartStack)) || (!Holds(@new.Vmas, was.StartCode) && !Holds(old.Vmas, now.StartCode))
            : was.StartCode != now.StartCode || was.StartStack != now.StartStack;

    private static bool Holds(ReadOnlySpan<Vma> vmas, ulong address)
    {
        foreach (ref readonly Vma vma in vmas)
        {
            if (vma.End > address)
            {
                return vma.Start <= address;
            }
        }

        return false;
    }

    private static bool Differ(ByteString? one, ByteString? other) => one is { } a && other is { } b && a != b;
}
