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

        if (was != now && HasMoved(after, was, now))
        {
            return true;
        }

        // Exec puts the environment right behind the arguments: where it is not, the process itself changed what counts as these.
        return HasFixedStack(now) && now.ArgEnd == now.EnvStart && (Differ(before.Cmdline, after.Cmdline) || (was != now && Differ(before.Exe, after.Exe)));
    }

    /// <summary>Whether a stack lies where it does when exec does not choose the place at random: then only names and arguments tell.</summary>
    /// <param name="layout">Where it lies.</param>
    public static bool HasFixedStack(MemoryLayout layout) =>
        layout.StartStack != 0 && BitOperations.RoundUpToPowerOf2(layout.StartStack) - layout.StartStack <= MostBelowTop;

    /// <summary>Whether stack or code are not where they were before; addresses that a process changed by prctl still lead to its memory.</summary>
    private static bool HasMoved(ProcessEntry after, MemoryLayout was, MemoryLayout now) => after.Space is { } space
        ? !Holds(space.Vmas, was.StartStack) || !Holds(space.Vmas, was.StartCode)
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
