namespace Checkpoint.TaskDiag;

/// <summary>Sizes and constants of the framing: netlink messages with a task_diag head and attributes.</summary>
public static class TaskDiagWire
{
    /// <summary>sizeof(struct nlmsghdr): u32 len, u16 type, u16 flags, u32 seq, u32 pid.</summary>
    public const int NlmsgHeaderSize = 16;

    /// <summary>sizeof(struct task_diag_msg): u32 pid, u32 tgid, u32 flags.</summary>
    public const int MessageHeadSize = 12;

    /// <summary>Bytes of a message before its first attribute.</summary>
    public const int MessageSize = NlmsgHeaderSize + MessageHeadSize;

    /// <summary>sizeof(struct nlattr): u16 len (of head and payload), u16 type.</summary>
    public const int AttributeHeadSize = 4;

    /// <summary>Longest payload that the u16 length of an attribute can state.</summary>
    public const int MaxPayload = ushort.MaxValue - AttributeHeadSize;

    /// <summary>TASK_DIAG_CMD_GET, the nlmsg_type of every message.</summary>
    public const ushort MessageType = 0xd101;

    /// <summary>NLM_F_MULTI, the nlmsg_flags of every response message.</summary>
    public const ushort FlagMulti = 2;

    /// <summary>TASK_DIAG_FLAG_CONT: more attributes of this task follow in the next message.</summary>
    public const uint FlagContinued = 1;

    /// <summary>Rounds up to 4, to which messages, attributes and VMA records are padded.</summary>
    /// <param name="length">Length in bytes, at most int.MaxValue - 3.</param>
    /// <returns>The padded length.</returns>
    public static int Align(int length) => (length + 3) & ~3;
}
