namespace Checkpoint.Diffing;

/// <summary>What two images cannot be compared in.</summary>
public enum DiffNote
{
    /// <summary>They were taken in user namespaces that number users differently: user and group ids are not compared.</summary>
    OtherUserNamespace,

    /// <summary>They were taken in two pid namespaces of one boot: processes are not the same by their numbers.</summary>
    OtherPidNamespace,
}
