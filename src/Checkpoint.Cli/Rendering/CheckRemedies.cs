using Checkpoint.Linux.Checks;

namespace Checkpoint.Cli.Rendering;

/// <summary>What to do about a feature that is limited or missing.</summary>
internal static class CheckRemedies
{
    /// <summary>The remedy in a few words.</summary>
    /// <param name="finding">What was found.</param>
    /// <returns>Null when nothing is wrong, nothing can be done, or another feature's remedy is the one.</returns>
    internal static string? For(CheckFinding finding) => finding.Status == CheckStatus.Ok ? null : finding.Cause switch
    {
        CheckCause.KernelLacks => Kernel(finding.Feature),
        CheckCause.NotPermitted => Permission(finding.Feature),
        CheckCause.InUserNamespace or CheckCause.NotInitialNamespace => "run it on the host, outside the container",
        CheckCause.Blocked => "allow it in the sandbox's seccomp or security profile",
        CheckCause.Unanswered => "the kernel needs CONFIG_PROC_EVENTS",
        CheckCause.NotMounted => finding.Feature == CheckFeature.Bpffs ? "mount -t bpf bpf /sys/fs/bpf" : "mount -t proc proc /proc",
        CheckCause.OtherPidNamespace => "mount -t proc proc /proc",
        CheckCause.Hidden when finding.Feature == CheckFeature.Procfs => "mount /proc without subset=pid",
        CheckCause.Hidden => "run as root, or in the group of the mount option gid",
        CheckCause.DescendantsOnly => "run as root, or sysctl -w kernel.yama.ptrace_scope=0",
        CheckCause.AttachingIsOff => "it stays so until the next boot",
        CheckCause.OtherBuild or CheckCause.NotInstalled when finding.Feature == CheckFeature.BpfPinned => "ckpt bpf install",
        CheckCause.NotInstalled => "install libzstd1 (Debian, Ubuntu), libzstd (Fedora, Arch) or zstd-libs (Alpine)",
        CheckCause.SwitchedOff => "sysctl -w net.core.bpf_jit_enable=1",
        CheckCause.NeedsOther when finding.Needs is { } needed => $"see ckpt check {CheckNames.Id(needed)}",
        _ => null,
    };

    private static string Permission(CheckFeature feature) => feature switch
    {
        CheckFeature.Ptrace => "run as root, or with CAP_SYS_PTRACE",
        CheckFeature.ProcConnector => "run as root, or with CAP_NET_ADMIN",
        CheckFeature.BpfPinned => "run as root",
        >= CheckFeature.CapSysPtrace => "run as root with all capabilities",
        _ => "run as root, or with CAP_BPF and CAP_PERFMON",
    };

    /// <summary>The kernel that has it, or the option to build it with.</summary>
    private static string? Kernel(CheckFeature feature) => feature switch
    {
        CheckFeature.Smaps => "the kernel needs CONFIG_PROC_PAGE_MONITOR",
        CheckFeature.Children => "the kernel needs CONFIG_PROC_CHILDREN",
        CheckFeature.ProcmapQuery => "Linux 6.11 has it",
        CheckFeature.Pidfd => "Linux 5.3 has it",
        CheckFeature.PidfdInfo => "Linux 6.13 has it",
        CheckFeature.ProcConnector => "the kernel needs CONFIG_PROC_EVENTS",
        CheckFeature.BpfSyscall or CheckFeature.Bpffs => "the kernel needs CONFIG_BPF_SYSCALL",
        CheckFeature.BpfBtf => "the kernel needs CONFIG_DEBUG_INFO_BTF",
        CheckFeature.BpfMmapArray => "Linux 5.5 has it",
        CheckFeature.BpfSyscallProgram => "Linux 5.14 has it",
        CheckFeature.BpfRcu or CheckFeature.BpfTaskFromPid => "Linux 6.2 has it",
        CheckFeature.BpfTaskLoop or CheckFeature.BpfVmaLoop => "Linux 6.7 has it",
        CheckFeature.BpfIterTask => "Linux 5.8 has it",
        CheckFeature.BpfIterTaskVma => "Linux 5.12 has it",
        CheckFeature.BpfTaskFromVpid => "newer kernels have it",
        _ => null,
    };
}
