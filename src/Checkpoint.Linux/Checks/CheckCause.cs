namespace Checkpoint.Linux.Checks;

/// <summary>Why a feature is limited or missing, or works although one might doubt it.</summary>
public enum CheckCause
{
    /// <summary>Nothing to explain.</summary>
    None = 0,

    /// <summary>This kernel was built without it, or is older than it.</summary>
    KernelLacks = 1,

    /// <summary>The caller lacks a capability.</summary>
    NotPermitted = 2,

    /// <summary>The caller is in a user namespace, where capabilities do not count for this.</summary>
    InUserNamespace = 3,

    /// <summary>Refused to a caller with every capability for it: a seccomp filter, a security module or a lockdown.</summary>
    Blocked = 4,

    /// <summary>The kernel's verifier does not take a program that uses it.</summary>
    Rejected = 5,

    /// <summary>The file system is not mounted where it is looked for.</summary>
    NotMounted = 6,

    /// <summary>What is mounted shows the pids of another pid namespace than the caller's.</summary>
    OtherPidNamespace = 7,

    /// <summary>The caller is in a namespace below the initial one.</summary>
    NotInitialNamespace = 8,

    /// <summary>The mount option hidepid hides other users' processes from the caller.</summary>
    Hidden = 9,

    /// <summary>The mount option hidepid is there, and the caller is exempt.</summary>
    ExemptFromHiding = 10,

    /// <summary>The request was taken and never answered.</summary>
    Unanswered = 11,

    /// <summary>The kernel is set to let processes attach to their descendants only.</summary>
    DescendantsOnly = 12,

    /// <summary>The kernel is set to let nobody attach.</summary>
    AttachingIsOff = 13,

    /// <summary>It is not installed, or too old.</summary>
    NotInstalled = 14,

    /// <summary>Switched off by a setting.</summary>
    SwitchedOff = 15,

    /// <summary>Another feature is the obstacle.</summary>
    NeedsOther = 16,

    /// <summary>CAP_SYS_ADMIN, which is held, stands for it.</summary>
    HeldAsSysAdmin = 17,

    /// <summary>The answer is not of a form known here.</summary>
    UnknownForm = 19,

    /// <summary>Something is there, but of another build of this program, or not all of it.</summary>
    OtherBuild = 20,
}
