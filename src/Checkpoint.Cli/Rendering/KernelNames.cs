using System.Globalization;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>Names of the kernel's small enumerations; a number without a name stays a number.</summary>
internal static class KernelNames
{
    private const uint ResetOnFork = 0x40000000;

    /// <summary>A scheduling policy without its prefix SCHED_ (<c>linux/sched.h</c>), with SCHED_RESET_ON_FORK behind it.</summary>
    internal static string Policy(uint policy) => (policy & ResetOnFork) != 0 ? PolicyAlone(policy & ~ResetOnFork) + "|reset-on-fork" : PolicyAlone(policy);

    private static string PolicyAlone(uint policy) => policy switch
    {
        0 => "other",
        1 => "fifo",
        2 => "rr",
        3 => "batch",
        5 => "idle",
        6 => "deadline",
        7 => "ext",
        _ => policy.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>A state as a word.</summary>
    internal static string State(TaskState state) => state switch
    {
        TaskState.Running => "running",
        TaskState.Sleeping => "sleeping",
        TaskState.DiskSleep => "disk-sleep",
        TaskState.Stopped => "stopped",
        TaskState.TracingStop => "tracing-stop",
        TaskState.Dead => "dead",
        TaskState.Zombie => "zombie",
        TaskState.Parked => "parked",
        TaskState.Idle => "idle",
        _ => ((int)state).ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>A state as the letter that <c>/proc/[pid]/stat</c> shows; <c>?</c> if there is none.</summary>
    internal static string StateLetter(TaskState state) => state switch
    {
        TaskState.Running => "R",
        TaskState.Sleeping => "S",
        TaskState.DiskSleep => "D",
        TaskState.Stopped => "T",
        TaskState.TracingStop => "t",
        TaskState.Dead => "X",
        TaskState.Zombie => "Z",
        TaskState.Parked => "P",
        TaskState.Idle => "I",
        _ => "?",
    };

    /// <summary>A seccomp mode (<c>/proc/[pid]/status</c>, Seccomp).</summary>
    internal static string Seccomp(uint mode) => mode switch
    {
        0 => "off",
        1 => "strict",
        2 => "filter",
        _ => mode.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>A part of a task, by the name of its file in <c>/proc/[pid]</c>.</summary>
    internal static string Part(CapturePart part) => part switch
    {
        CapturePart.Task => "task",
        CapturePart.Stat => "stat",
        CapturePart.Status => "status",
        CapturePart.Cmdline => "cmdline",
        CapturePart.Environ => "environ",
        CapturePart.Exe => "exe",
        CapturePart.Cwd => "cwd",
        CapturePart.Root => "root",
        CapturePart.Namespaces => "ns",
        CapturePart.Label => "label",
        CapturePart.Maps => "maps",
        CapturePart.Threads => "threads",
        CapturePart.Children => "children",
        _ => "part " + ((int)part).ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>What happened to a task during the capture.</summary>
    internal static string Event(TaskEventKind kind) => kind switch
    {
        TaskEventKind.Appeared => "appeared",
        TaskEventKind.Exited => "exited",
        TaskEventKind.Exec => "exec",
        _ => "event " + ((int)kind).ToString(CultureInfo.InvariantCulture),
    };
}
