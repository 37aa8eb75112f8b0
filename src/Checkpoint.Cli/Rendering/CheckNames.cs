using System;
using Checkpoint.Linux.Checks;

namespace Checkpoint.Cli.Rendering;

/// <summary>What features, statuses and causes are called on the command line and in JSON; scripts rely on these words.</summary>
internal static class CheckNames
{
    private static readonly CheckFeature[] All = Enum.GetValues<CheckFeature>();

    /// <summary>The id of a feature.</summary>
    internal static string Id(CheckFeature feature) => feature switch
    {
        CheckFeature.TaskDiag => "task-diag",
        CheckFeature.Bpf => "bpf",
        CheckFeature.Procfs => "procfs",
        CheckFeature.Libzstd => "libzstd",
        CheckFeature.Hidepid => "hidepid",
        CheckFeature.Maps => "maps",
        CheckFeature.Smaps => "smaps",
        CheckFeature.ProcmapQuery => "procmap-query",
        CheckFeature.Children => "children",
        CheckFeature.Pidfd => "pidfd",
        CheckFeature.PidfdInfo => "pidfd-info",
        CheckFeature.ProcConnector => "proc-connector",
        CheckFeature.Ptrace => "ptrace",
        CheckFeature.BpfSyscall => "bpf-syscall",
        CheckFeature.BpfJit => "bpf-jit",
        CheckFeature.BpfBtf => "bpf-btf",
        CheckFeature.BpfMmapArray => "bpf-mmap-array",
        CheckFeature.BpfSyscallProgram => "bpf-syscall-program",
        CheckFeature.BpfRcu => "bpf-rcu",
        CheckFeature.BpfTaskLoop => "bpf-task-loop",
        CheckFeature.BpfVmaLoop => "bpf-vma-loop",
        CheckFeature.BpfTaskFromPid => "bpf-task-from-pid",
        CheckFeature.BpfTaskFromVpid => "bpf-task-from-vpid",
        CheckFeature.BpfIterTask => "bpf-iter-task",
        CheckFeature.BpfIterTaskVma => "bpf-iter-task-vma",
        CheckFeature.Bpffs => "bpffs",
        CheckFeature.BpfPinned => "bpf-pinned",
        CheckFeature.UserNamespace => "user-namespace",
        CheckFeature.PidNamespace => "pid-namespace",
        CheckFeature.CapSysPtrace => "cap-sys-ptrace",
        CheckFeature.CapSysAdmin => "cap-sys-admin",
        CheckFeature.CapBpf => "cap-bpf",
        CheckFeature.CapPerfmon => "cap-perfmon",
        CheckFeature.CapNetAdmin => "cap-net-admin",
        CheckFeature.CapCheckpointRestore => "cap-checkpoint-restore",
        _ => throw new ArgumentOutOfRangeException(nameof(feature)),
    };

    /// <summary>Looks up a feature by its id.</summary>
    /// <param name="id">As <see cref="Id"/> gives it.</param>
    /// <returns>The feature, or null.</returns>
    internal static CheckFeature? Feature(string id)
    {
        foreach (CheckFeature feature in All)
        {
            if (Id(feature) == id)
            {
                return feature;
            }
        }

        return null;
    }

    /// <summary>A status as a word.</summary>
    internal static string Status(CheckStatus status) => status switch
    {
        CheckStatus.Ok => "ok",
        CheckStatus.Limited => "limited",
        _ => "missing",
    };

    /// <summary>A cause as a word; null for none.</summary>
    internal static string? Cause(CheckCause cause) => cause switch
    {
        CheckCause.None => null,
        CheckCause.KernelLacks => "kernel-lacks",
        CheckCause.NotPermitted => "not-permitted",
        CheckCause.InUserNamespace => "in-user-namespace",
        CheckCause.Blocked => "blocked",
        CheckCause.Rejected => "rejected",
        CheckCause.NotMounted => "not-mounted",
        CheckCause.OtherPidNamespace => "other-pid-namespace",
        CheckCause.NotInitialNamespace => "not-initial-namespace",
        CheckCause.Hidden => "hidden",
        CheckCause.ExemptFromHiding => "exempt-from-hiding",
        CheckCause.Unanswered => "unanswered",
        CheckCause.DescendantsOnly => "descendants-only",
        CheckCause.AttachingIsOff => "attaching-is-off",
        CheckCause.NotInstalled => "not-installed",
        CheckCause.SwitchedOff => "switched-off",
        CheckCause.NeedsOther => "needs-other",
        CheckCause.HeldAsSysAdmin => "held-as-sys-admin",
        CheckCause.UnknownForm => "unknown-form",
        CheckCause.OtherBuild => "other-build",
        _ => throw new ArgumentOutOfRangeException(nameof(cause)),
    };
}
