using System;
using Checkpoint.Linux.Checks;

namespace Checkpoint.Cli.Rendering;

/// <summary>What features are good for, what their absence costs, and why they are absent, in words.</summary>
internal static class CheckMeanings
{
    private const string ForBpf = "the BPF transport needs it";

    /// <summary>What one has with a feature, or does without it.</summary>
    /// <param name="finding">What was found.</param>
    internal static string Of(CheckFinding finding)
    {
        (string With, string Without) meaning = Meaning(finding);
        return finding.Status == CheckStatus.Ok ? meaning.With : meaning.Without;
    }

    /// <summary>Why a feature does not fare better; null when there is nothing to say.</summary>
    /// <param name="finding">What was found.</param>
    internal static string? Why(CheckFinding finding) => finding.Cause switch
    {
        CheckCause.None => null,
        CheckCause.KernelLacks => "this kernel does not have it",
        CheckCause.NotPermitted when finding.Feature >= CheckFeature.CapSysPtrace => "not held",
        CheckCause.NotPermitted => "not permitted",
        CheckCause.InUserNamespace when finding.Feature >= CheckFeature.CapSysPtrace => "held in a user namespace only",
        CheckCause.InUserNamespace => "not permitted in a user namespace",
        CheckCause.Blocked => "refused",
        CheckCause.Rejected => "the kernel refuses a program that uses it",
        CheckCause.NotMounted => "not mounted",
        CheckCause.OtherPidNamespace => "/proc is of another pid namespace",
        CheckCause.NotInitialNamespace => "not the initial namespace",
        CheckCause.Hidden when finding.Feature == CheckFeature.Procfs => "/proc shows processes only (subset=pid)",
        CheckCause.Hidden => "/proc is mounted with hidepid",
        CheckCause.ExemptFromHiding => "/proc is mounted with hidepid, and you are exempt",
        CheckCause.Unanswered => "it does not answer",
        CheckCause.DescendantsOnly => "kernel.yama.ptrace_scope is 1",
        CheckCause.AttachingIsOff => "kernel.yama.ptrace_scope is 3",
        CheckCause.NotInstalled when finding.Feature == CheckFeature.BpfPinned => "nothing is pinned",
        CheckCause.NotInstalled => "not installed, or older than 1.4.0",
        CheckCause.SwitchedOff => "switched off",
        CheckCause.NeedsOther when finding.Needs is CheckFeature.UserNamespace => "not in the initial user namespace",
        CheckCause.NeedsOther when finding.Needs is { } needed => $"{CheckNames.Id(needed)} is missing",
        CheckCause.NeedsOther => "something else is missing",
        CheckCause.HeldAsSysAdmin => "as part of cap-sys-admin",
        CheckCause.UnknownForm => "its state cannot be told",
        CheckCause.OtherBuild => "another build's, or cut short",
        _ => throw new ArgumentOutOfRangeException(nameof(finding)),
    };

    private static (string With, string Without) Meaning(CheckFinding finding) => finding.Feature switch
    {
        CheckFeature.TaskDiag => ("the kernel's own interface answers", "BPF or procfs answers instead"),
        CheckFeature.Bpf => ("the kernel answers for all tasks at once", "procfs answers, slower for many tasks"),
        CheckFeature.Procfs when finding.Status == CheckStatus.Missing => ("", "nothing can be captured"),
        CheckFeature.Procfs => ("processes are read from /proc", "a pid must be one that /proc shows"),
        CheckFeature.Libzstd => ("images can be written and read", "no image can be written or read"),
        CheckFeature.Hidepid => ("other users' processes are visible", "other users' processes are not found"),
        CheckFeature.Maps => ("VMAs can be read", "no VMAs over procfs"),
        CheckFeature.Smaps => ("--vm-stats and --vm-flags work", "no --vm-stats and --vm-flags"),
        CheckFeature.ProcmapQuery => ("VMAs by ioctl, with build IDs", "VMAs are read as text, build IDs from the files"),
        CheckFeature.Children => ("trees can be followed", "no trees over procfs, single processes only"),
        CheckFeature.Pidfd => ("a process can be held by a descriptor", "processes are told apart by start time alone"),
        CheckFeature.PidfdInfo => ("a pidfd tells ids without text", "ids are read as text"),
        CheckFeature.ProcConnector => ("the kernel announces fork, exec and exit", "changes are found by looking again"),
        CheckFeature.Ptrace => ("processes can be attached to", "fewer processes can be attached to; capturing does not need it"),
        CheckFeature.BpfSyscall => ("BPF maps can be created", "no BPF transport"),
        CheckFeature.BpfJit => ("BPF programs are compiled", "programs cannot call kernel functions"),
        CheckFeature.BpfBtf => ("the kernel tells its types", "no BPF transport"),
        CheckFeature.BpfMmapArray => ("an array can be shared with the kernel", ForBpf),
        CheckFeature.BpfSyscallProgram => ("a program can be run on request", ForBpf),
        CheckFeature.BpfRcu => ("bpf_rcu_read_lock can be called", ForBpf),
        CheckFeature.BpfTaskLoop => ("bpf_iter_task_new can be called", ForBpf),
        CheckFeature.BpfVmaLoop => ("bpf_iter_task_vma_new can be called", ForBpf),
        CheckFeature.BpfTaskFromPid => ("bpf_task_from_pid can be called", ForBpf),
        CheckFeature.BpfTaskFromVpid => ("bpf_task_from_vpid can be called", "the BPF transport does without it"),
        CheckFeature.BpfIterTask => ("iter/task programs can be loaded", "the BPF transport does without them"),
        CheckFeature.BpfIterTaskVma => ("iter/task_vma programs can be loaded", "the BPF transport does without them"),
        CheckFeature.Bpffs => ("mounted at /sys/fs/bpf, to pin programs", "no programs can be pinned"),
        CheckFeature.BpfPinned => ("programs are at hand for every run", "programs are loaded where a run is large enough"),
        CheckFeature.UserNamespace => ("capabilities count for the whole machine", "capabilities count for this namespace only"),
        CheckFeature.PidNamespace => ("every process has a number here", "processes outside are not visible"),
        CheckFeature.CapSysPtrace => ("all users' processes can be read", "other users' processes show what /proc shows to everybody"),
        CheckFeature.CapSysAdmin => ("stands for cap-bpf, cap-perfmon, cap-checkpoint-restore", "each of the others must be held"),
        CheckFeature.CapBpf => ("BPF programs may be loaded", "no BPF transport"),
        CheckFeature.CapPerfmon => ("BPF programs may read kernel memory", "no BPF transport"),
        CheckFeature.CapNetAdmin => ("the process connector may be used", "kernels before 6.6 refuse the process connector"),
        CheckFeature.CapCheckpointRestore => ("mapped files can be told from devices", "fewer build IDs of what is not in memory"),
        _ => throw new ArgumentOutOfRangeException(nameof(finding)),
    };
}
