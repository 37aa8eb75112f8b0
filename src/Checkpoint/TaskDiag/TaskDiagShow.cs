using System;

namespace Checkpoint.TaskDiag;

/// <summary>What a request asks for: bit n stands for attribute n. A transport that cannot supply one leaves it out.</summary>
[Flags]
public enum TaskDiagShow : ulong
{
    /// <summary>Nothing but the message heads: which tasks there are.</summary>
    None = 0,

    /// <summary>Asks for <see cref="TaskDiagAttribute.Base"/>.</summary>
    Base = 1UL << 0,

    /// <summary>Asks for <see cref="TaskDiagAttribute.Cred"/>.</summary>
    Cred = 1UL << 1,

    /// <summary>Asks for <see cref="TaskDiagAttribute.Vma"/>.</summary>
    Vma = 1UL << 2,

    /// <summary>Adds <see cref="TaskDiagVmaStat"/> to each VMA record; needs <see cref="Vma"/> too.</summary>
    VmaStat = 1UL << 3,

    /// <summary>Asks for <see cref="TaskDiagAttribute.Stat"/>.</summary>
    Stat = 1UL << 4,

    /// <summary>Asks for <see cref="TaskDiagAttribute.Statm"/>.</summary>
    Statm = 1UL << 5,

    /// <summary>Asks for <see cref="TaskDiagAttribute.Cmdline"/>.</summary>
    Cmdline = 1UL << 6,

    /// <summary>Asks for <see cref="TaskDiagAttribute.ExtSched"/>.</summary>
    ExtSched = 1UL << 32,

    /// <summary>Asks for <see cref="TaskDiagAttribute.ExtMm"/>.</summary>
    ExtMm = 1UL << 33,

    /// <summary>Asks for <see cref="TaskDiagAttribute.ExtSecurity"/>.</summary>
    ExtSecurity = 1UL << 34,

    /// <summary>Asks for <see cref="TaskDiagAttribute.ExtSignals"/>.</summary>
    ExtSignals = 1UL << 35,

    /// <summary>Asks for <see cref="TaskDiagAttribute.ExtGroups"/>.</summary>
    ExtGroups = 1UL << 36,

    /// <summary>Asks for <see cref="TaskDiagAttribute.ExtNsPids"/>.</summary>
    ExtNsPids = 1UL << 37,

    /// <summary>Asks for <see cref="TaskDiagAttribute.ExtExe"/>.</summary>
    ExtExe = 1UL << 38,

    /// <summary>Asks for <see cref="TaskDiagAttribute.ExtCwd"/>.</summary>
    ExtCwd = 1UL << 39,

    /// <summary>Asks for <see cref="TaskDiagAttribute.ExtRoot"/>.</summary>
    ExtRoot = 1UL << 40,

    /// <summary>Asks for <see cref="TaskDiagAttribute.ExtLabel"/>.</summary>
    ExtLabel = 1UL << 41,

    /// <summary>Asks for <see cref="TaskDiagAttribute.ExtEnviron"/>.</summary>
    ExtEnviron = 1UL << 42,

    /// <summary>Asks for <see cref="TaskDiagAttribute.ExtNamespaces"/>.</summary>
    ExtNamespaces = 1UL << 43,

    /// <summary>Asks for <see cref="TaskDiagAttribute.ExtGroupStat"/>.</summary>
    ExtGroupStat = 1UL << 44,

    /// <summary>Asks for <see cref="TaskDiagAttribute.ExtGaps"/>.</summary>
    ExtGaps = 1UL << 45,

    /// <summary>Asks for <see cref="TaskDiagAttribute.ExtComm"/>.</summary>
    ExtComm = 1UL << 46,

    /// <summary>Asks for <see cref="TaskDiagAttribute.ExtUmask"/>.</summary>
    ExtUmask = 1UL << 47,

    /// <summary>Asks for <see cref="TaskDiagAttribute.ExtBuildIds"/>.</summary>
    ExtBuildIds = 1UL << 48,

    /// <summary>Asks for <see cref="TaskDiagAttribute.ExtPageSizes"/>.</summary>
    ExtPageSizes = 1UL << 49,

    /// <summary>Asks for <see cref="TaskDiagAttribute.ExtTotalVm"/>; needs <see cref="Vma"/> too.</summary>
    ExtTotalVm = 1UL << 50,

    /// <summary>Accepts <see cref="TaskDiagAttribute.ExtFiles"/> instead of a name in each VMA record.</summary>
    ExtFiles = 1UL << 51,

    /// <summary>
    /// Extension, not an attribute: also emit tasks that the caller may not ptrace-read, with what <c>/proc</c> shows
    /// of them and <see cref="TaskDiagAttribute.ExtGaps"/> for the rest. Without it they are skipped, as task_diag does.
    /// </summary>
    Hidden = 1UL << 63,
}
