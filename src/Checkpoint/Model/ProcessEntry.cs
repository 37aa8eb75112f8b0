using System;
using System.Collections.Generic;

namespace Checkpoint.Model;

/// <summary>
/// One process as captured: what its threads share. What each thread has of its own (comm, state, credentials…)
/// is in <see cref="Threads"/>; the leader's stands for the process.
/// </summary>
public sealed record ProcessEntry
{
    /// <summary>Process id in the reader's pid namespace.</summary>
    public required int Tgid { get; init; }

    /// <summary>Parent's tgid; 0 when the parent is outside the reader's pid namespace.</summary>
    public required int Ppid { get; init; }

    /// <summary>Process group.</summary>
    public required int Pgid { get; init; }

    /// <summary>Session.</summary>
    public required int Sid { get; init; }

    /// <summary>Controlling terminal as the kernel's device number (<c>stat</c> field 7), 0 = none.</summary>
    public int TtyNr { get; init; }

    /// <summary>Foreground process group of the terminal, -1 = none.</summary>
    public int TpGid { get; init; } = -1;

    /// <summary>Signal sent to the parent on exit (17 = SIGCHLD).</summary>
    public int ExitSignal { get; init; }

    /// <summary>Exit status in wait(2) form, meaningful for a zombie; 0 without permission.</summary>
    public int ExitCode { get; init; }

    /// <summary>Number of threads as the kernel counted them; <see cref="Threads"/> are those that were captured.</summary>
    public int ThreadCount { get; init; }

    /// <summary>Command line: arguments each ended by NUL; empty for kernel threads and zombies; null when it could not be read.</summary>
    public ByteString? Cmdline { get; init; }

    /// <summary>Environment: NAME=value strings each ended by NUL; null unless asked for.</summary>
    public ByteString? Environ { get; init; }

    /// <summary>Executable's path without the kernel's " (deleted)" mark; null when there is none or it could not be read.</summary>
    public ByteString? Exe { get; init; }

    /// <summary>Whether the executable's path no longer leads to it.</summary>
    public bool ExeDeleted { get; init; }

    /// <summary>Working directory as the kernel shows it; null when there is none or it could not be read.</summary>
    public ByteString? Cwd { get; init; }

    /// <summary>Root directory as the kernel shows it; null when there is none or it could not be read.</summary>
    public ByteString? Root { get; init; }

    /// <summary>File mode creation mask; null for zombies and when it could not be read.</summary>
    public uint? Umask { get; init; }

    /// <summary>Namespaces; null when they could not be read.</summary>
    public Namespaces? Namespaces { get; init; }

    /// <summary>Faults and CPU times summed over all threads, exited ones too.</summary>
    public TaskCounters Counters { get; init; }

    /// <summary>Sizes of the address space; null without one (kernel threads, zombies) or when it could not be read.</summary>
    public MemoryCounters? Memory { get; init; }

    /// <summary>Layout of the address space; null without one or without permission.</summary>
    public MemoryLayout? Layout { get; init; }

    /// <summary>The VMA list; null without an address space or when it could not be read (then there is a gap).</summary>
    public AddressSpace? Space { get; init; }

    /// <summary>Whether the process was seen to map or unmap while its VMA list was read, so that the list never was true as a whole.</summary>
    public bool SpaceChanged { get; init; }

    /// <summary>The captured threads by ascending tid; never empty.</summary>
    public required IReadOnlyList<ThreadEntry> Threads { get; init; }

    /// <summary>The thread whose tid is the tgid, or the first one captured.</summary>
    public ThreadEntry Leader
    {
        get
        {
            foreach (ThreadEntry thread in Threads)
            {
                if (thread.Tid == Tgid)
                {
                    return thread;
                }
            }

            return Threads.Count > 0 ? Threads[0] : throw new InvalidOperationException($"process {Tgid} has no threads");
        }
    }

    /// <summary>For logs and debuggers: which process this is. Never throws, though an entry be half made.</summary>
    /// <returns>Such as <c>process 4711 (bash)</c>; printable.</returns>
    public override string ToString() => Threads is { Count: > 0 } ? $"process {Tgid} ({Leader.Comm})" : $"process {Tgid}";
}
