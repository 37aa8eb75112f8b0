using System;
using System.Collections.Generic;
using System.Linq;

namespace Checkpoint.Linux.Checks;

/// <summary>
/// Finds out what can be captured here, and how, by trying it: never by the kernel's version. Nothing is left behind, and
/// no other process is touched.
/// </summary>
public sealed class SystemCheck
{
    private readonly CallerFacts _caller = new();
    private readonly BpfProbes _bpf;
    private readonly Dictionary<CheckFeature, CheckFinding> _known = [];

    private SystemCheck() => _bpf = new BpfProbes(_caller);

    /// <summary>Probes.</summary>
    /// <param name="features">What is asked; empty for everything. What is not asked and not needed is not probed.</param>
    /// <returns>A finding for each, in the order of <see cref="CheckFeature"/>.</returns>
    public static IReadOnlyList<CheckFinding> Run(IReadOnlyCollection<CheckFeature> features)
    {
        SystemCheck check = new();
        List<CheckFinding> findings = [];
        foreach (CheckFeature feature in Enum.GetValues<CheckFeature>())
        {
            if (features.Count == 0 || features.Contains(feature))
            {
                findings.Add(check.Of(feature));
            }
        }

        return findings;
    }

    /// <summary>Whether any capture is possible.</summary>
    /// <param name="findings">All findings.</param>
    public static bool CanCapture(IReadOnlyList<CheckFinding> findings)
    {
        foreach (CheckFinding finding in findings)
        {
            if (finding is { Status: CheckStatus.Missing, Feature: CheckFeature.Procfs or CheckFeature.Libzstd })
            {
                return false;
            }
        }

        return true;
    }

    private CheckFinding Of(CheckFeature feature)
    {
        if (!_known.TryGetValue(feature, out CheckFinding? finding))
        {
            finding = Probe(feature);
            _known.Add(feature, finding);
        }

        return finding;
    }

    private CheckFinding Probe(CheckFeature feature) => feature switch
    {
        CheckFeature.TaskDiag => ProcfsProbes.TaskDiag(),
        CheckFeature.Bpf => BpfTransport(),
        CheckFeature.Procfs => ProcfsProbes.Procfs(),
        CheckFeature.Libzstd => ProcessProbes.Libzstd(),
        CheckFeature.Hidepid => ProcfsProbes.Hidepid(_caller),
        CheckFeature.Maps => ProcfsProbes.Text(feature, "/proc/self/maps\0"u8),
        CheckFeature.Smaps => ProcfsProbes.Text(feature, "/proc/self/smaps\0"u8),
        CheckFeature.ProcmapQuery => ProcfsProbes.ProcmapQuery(),
        CheckFeature.Children => ProcfsProbes.Children(),
        CheckFeature.Pidfd => ProcessProbes.Pidfd(),
        CheckFeature.PidfdInfo => ProcessProbes.PidfdInfo(),
        CheckFeature.ProcConnector => ConnectorProbe.Run(_caller),
        CheckFeature.Ptrace => ProcessProbes.Ptrace(_caller),
        CheckFeature.BpfSyscall => _bpf.Syscall(),
        CheckFeature.BpfJit => _bpf.Jit(),
        CheckFeature.BpfBtf => _bpf.Btf(),
        CheckFeature.BpfMmapArray => _bpf.MmapArray(),
        CheckFeature.BpfSyscallProgram => _bpf.SyscallProgram(),
        CheckFeature.BpfRcu => _bpf.Rcu(),
        CheckFeature.BpfTaskLoop => _bpf.TaskLoop(),
        CheckFeature.BpfVmaLoop => _bpf.VmaLoop(),
        CheckFeature.BpfTaskFromPid => _bpf.TaskFromPid(),
        CheckFeature.BpfTaskFromVpid => _bpf.TaskFromVpid(),
        CheckFeature.BpfIterTask => _bpf.Iterator(feature, "bpf_iter_task"u8),
        CheckFeature.BpfIterTaskVma => _bpf.Iterator(feature, "bpf_iter_task_vma"u8),
        CheckFeature.Bpffs => BpfProbes.Bpffs(),
        CheckFeature.BpfPinned => Of(CheckFeature.Bpffs).Status == CheckStatus.Ok
            ? BpfProbes.Pinned()
            : new(feature, CheckStatus.Missing, CheckCause.NeedsOther, 0, CheckFeature.Bpffs),
        CheckFeature.UserNamespace => Namespace(feature, _caller.UserNamespaceErrno, _caller.InInitialUserNamespace),
        CheckFeature.PidNamespace => Namespace(feature, _caller.PidNamespaceErrno, _caller.InInitialPidNamespace),
        CheckFeature.CapSysPtrace => Capability(feature, CallerFacts.CapSysPtrace, coveredBySysAdmin: false),
        CheckFeature.CapSysAdmin => Capability(feature, CallerFacts.CapSysAdmin, coveredBySysAdmin: false),
        CheckFeature.CapBpf => Capability(feature, CallerFacts.CapBpf, coveredBySysAdmin: true),
        CheckFeature.CapPerfmon => Capability(feature, CallerFacts.CapPerfmon, coveredBySysAdmin: true),
        CheckFeature.CapNetAdmin => Capability(feature, CallerFacts.CapNetAdmin, coveredBySysAdmin: false),
        CheckFeature.CapCheckpointRestore => Capability(feature, CallerFacts.CapCheckpointRestore, coveredBySysAdmin: true),
        _ => throw new ArgumentOutOfRangeException(nameof(feature)),
    };

    /// <summary>
    /// The transport needs all of these; what is missing first is why not. Programs see every task and number users as the
    /// kernel does: so they are for those who may read every task anyway, in the initial user namespace.
    /// </summary>
    private CheckFinding BpfTransport()
    {
        CheckFinding? missing = FirstMissing(
            CheckFeature.BpfSyscall, CheckFeature.BpfBtf, CheckFeature.BpfJit, CheckFeature.BpfMmapArray, CheckFeature.BpfSyscallProgram,
            CheckFeature.BpfRcu, CheckFeature.BpfTaskLoop, CheckFeature.BpfVmaLoop, CheckFeature.BpfTaskFromPid, CheckFeature.CapSysPtrace);
        missing ??= Of(CheckFeature.UserNamespace) is { Status: not CheckStatus.Ok } inner ? inner : null;
        return missing is null
            ? new(CheckFeature.Bpf, CheckStatus.Ok)
            : new(CheckFeature.Bpf, CheckStatus.Missing, CheckCause.NeedsOther, missing.Errno, missing.Feature);
    }

    private CheckFinding? FirstMissing(params ReadOnlySpan<CheckFeature> features)
    {
        foreach (CheckFeature feature in features)
        {
            if (Of(feature) is { Status: CheckStatus.Missing } finding)
            {
                return finding;
            }
        }

        return null;
    }

    private static CheckFinding Namespace(CheckFeature feature, int errno, bool initial) =>
        errno != 0 ? new(feature, CheckStatus.Missing, CheckCause.NotMounted, errno)
        : initial ? new(feature, CheckStatus.Ok)
        : new(feature, CheckStatus.Limited, CheckCause.NotInitialNamespace);

    private CheckFinding Capability(CheckFeature feature, int number, bool coveredBySysAdmin)
    {
        bool held = _caller.Holds(number);
        bool covered = !held && coveredBySysAdmin && _caller.Holds(CallerFacts.CapSysAdmin);
        return !held && !covered
            ? new(feature, CheckStatus.Missing, _caller.Errno != 0 ? CheckCause.NotMounted : CheckCause.NotPermitted, _caller.Errno)
            : !_caller.InInitialUserNamespace ? new(feature, CheckStatus.Limited, CheckCause.InUserNamespace)
            : new(feature, CheckStatus.Ok, covered ? CheckCause.HeldAsSysAdmin : CheckCause.None);
    }
}
