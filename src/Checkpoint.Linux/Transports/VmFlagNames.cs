using System;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>The two-letter codes of smaps' VmFlags (proc_pid_smaps(5)) as the wire's bits; codes the wire has no bit for are passed over.</summary>
internal static class VmFlagNames
{
    /// <summary>Parses "rd ex mr mw me".</summary>
    /// <param name="codes">Codes separated by blanks.</param>
    /// <returns>Their bits.</returns>
    internal static TaskDiagVmaFlags Parse(ReadOnlySpan<byte> codes)
    {
        TaskDiagVmaFlags flags = TaskDiagVmaFlags.None;
        for (codes = codes.TrimStart((byte)' '); codes.Length >= 2; codes = codes[2..].TrimStart((byte)' '))
        {
            flags |= Bit(codes[0], codes[1]);
        }

        return flags;
    }

    private static TaskDiagVmaFlags Bit(byte first, byte second) => ((char)first, (char)second) switch
    {
        ('r', 'd') => TaskDiagVmaFlags.Read,
        ('w', 'r') => TaskDiagVmaFlags.Write,
        ('e', 'x') => TaskDiagVmaFlags.Exec,
        ('s', 'h') => TaskDiagVmaFlags.Shared,
        ('m', 'r') => TaskDiagVmaFlags.MayRead,
        ('m', 'w') => TaskDiagVmaFlags.MayWrite,
        ('m', 'e') => TaskDiagVmaFlags.MayExec,
        ('m', 's') => TaskDiagVmaFlags.MayShare,
        ('g', 'd') => TaskDiagVmaFlags.GrowsDown,
        ('p', 'f') => TaskDiagVmaFlags.PfnMap,
        ('d', 'w') => TaskDiagVmaFlags.DenyWrite,
        ('l', 'o') => TaskDiagVmaFlags.Locked,
        ('i', 'o') => TaskDiagVmaFlags.Io,
        ('s', 'r') => TaskDiagVmaFlags.SeqRead,
        ('r', 'r') => TaskDiagVmaFlags.RandRead,
        ('d', 'c') => TaskDiagVmaFlags.DontCopy,
        ('d', 'e') => TaskDiagVmaFlags.DontExpand,
        ('a', 'c') => TaskDiagVmaFlags.Account,
        ('n', 'r') => TaskDiagVmaFlags.NoReserve,
        ('h', 't') => TaskDiagVmaFlags.HugeTlb,
        ('a', 'r') => TaskDiagVmaFlags.Arch1,
        ('d', 'd') => TaskDiagVmaFlags.DontDump,
        ('s', 'd') => TaskDiagVmaFlags.SoftDirty,
        ('m', 'm') => TaskDiagVmaFlags.MixedMap,
        ('h', 'g') => TaskDiagVmaFlags.HugePage,
        ('n', 'h') => TaskDiagVmaFlags.NoHugePage,
        ('m', 'g') => TaskDiagVmaFlags.Mergeable,
        _ => TaskDiagVmaFlags.None,
    };
}
