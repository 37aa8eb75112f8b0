using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Interop;

/// <summary><c>struct cn_msg</c>, 20 bytes (<c>linux/connector.h</c>): header of a connector's message, its data behind it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CnMsg
{
    /// <summary>CN_IDX_PROC: the process connector, and its multicast group.</summary>
    internal const uint ProcIndex = 1;

    /// <summary>CN_VAL_PROC.</summary>
    internal const uint ProcValue = 1;

    /// <summary>The connector (id.idx).</summary>
    internal uint Idx;

    /// <summary>The connector (id.val).</summary>
    internal uint Val;

    /// <summary>Sequence number; events count per processor.</summary>
    internal uint Seq;

    /// <summary>Of a request: any number. Of its acknowledgement: that number plus one.</summary>
    internal uint Ack;

    /// <summary>Bytes of data.</summary>
    internal ushort Len;

    /// <summary>Zero.</summary>
    internal ushort Flags;
}
