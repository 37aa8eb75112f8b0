namespace Checkpoint.TaskDiag;

/// <summary>
/// Attribute numbers of the newest task_diag found (see README.md for older ones) and, from <see cref="ExtSched"/> on,
/// Checkpoint's extensions. The show flag of an attribute is <c>1 &lt;&lt; number</c>.
/// </summary>
public enum TaskDiagAttribute : ushort
{
    /// <summary>Ids, state and comm: <see cref="TaskDiagBase"/>.</summary>
    Base = 0,

    /// <summary>Capabilities and ids: <see cref="TaskDiagCred"/>.</summary>
    Cred = 1,

    /// <summary>Records of the VMA list, each as <see cref="TaskDiagVmaReader"/> reads them; continued by further attributes.</summary>
    Vma = 2,

    /// <summary>Never an attribute, only a show flag: adds <see cref="TaskDiagVmaStat"/> to each VMA record.</summary>
    VmaStat = 3,

    /// <summary>Faults and CPU times: <see cref="TaskDiagStat"/>.</summary>
    Stat = 4,

    /// <summary>Sizes of the address space: <see cref="TaskDiagStatm"/>.</summary>
    Statm = 5,

    /// <summary>Command line, arguments each ended by NUL; continued by further attributes.</summary>
    Cmdline = 6,

    /// <summary>Start time, scheduling, terminal: <see cref="TaskDiagExtSched"/>.</summary>
    ExtSched = 32,

    /// <summary>Layout of the address space: <see cref="TaskDiagExtMm"/>.</summary>
    ExtMm = 33,

    /// <summary>Ambient capabilities, no_new_privs, seccomp: <see cref="TaskDiagExtSecurity"/>.</summary>
    ExtSecurity = 34,

    /// <summary>Signal masks: <see cref="TaskDiagExtSignals"/>.</summary>
    ExtSignals = 35,

    /// <summary>Supplementary groups, u32 each, sorted as in the kernel; continued by further attributes.</summary>
    ExtGroups = 36,

    /// <summary>This thread's id in each pid namespace, u32 each, outermost first.</summary>
    ExtNsPids = 37,

    /// <summary>Executable: <see cref="TaskDiagExtExe"/>.</summary>
    ExtExe = 38,

    /// <summary>Working directory, raw bytes without NUL.</summary>
    ExtCwd = 39,

    /// <summary>Root directory, raw bytes without NUL.</summary>
    ExtRoot = 40,

    /// <summary>LSM label, raw bytes without the final newline.</summary>
    ExtLabel = 41,

    /// <summary>Environment, NAME=value strings each ended by NUL; continued by further attributes.</summary>
    ExtEnviron = 42,

    /// <summary>Inode numbers of the namespaces: <see cref="TaskDiagExtNamespaces"/>.</summary>
    ExtNamespaces = 43,

    /// <summary>Process-wide sums in the form of <see cref="Stat"/>, sent with the leader under the thread strategies.</summary>
    ExtGroupStat = 44,

    /// <summary>What could not be read: <see cref="TaskDiagExtGap"/> records; continued by further attributes.</summary>
    ExtGaps = 45,

    /// <summary>The whole comm when it is longer than the 15 bytes of <see cref="Base"/>.</summary>
    ExtComm = 46,

    /// <summary>File mode creation mask, u32.</summary>
    ExtUmask = 47,

    /// <summary>Build ids of the mapped files: <see cref="TaskDiagExtBuildId"/> records; continued by further attributes.</summary>
    ExtBuildIds = 48,

    /// <summary>
    /// VMAs backed by pages that are not of the system's size: <see cref="TaskDiagExtPageSize"/> records, sorted by address;
    /// continued by further attributes.
    /// </summary>
    ExtPageSizes = 49,

    /// <summary>Size of the address space after its VMAs were read, to hold them against: <see cref="TaskDiagExtTotalVm"/>.</summary>
    ExtTotalVm = 50,

    /// <summary>
    /// Names of what VMAs map, each once in an answer: <see cref="TaskDiagExtFile"/> records; continued by
    /// further attributes, and before the VMA records that refer to them.
    /// </summary>
    ExtFiles = 51,
}
