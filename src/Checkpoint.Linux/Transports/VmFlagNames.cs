using System;
using Checkpoint.Model;

namespace Checkpoint.Linux.Transports;

/// <summary>The two-letter codes of smaps' VmFlags (proc_pid_smaps(5)) as the wire's bits; codes the wire has no bit for are passed over.</summary>
internal static class VmFlagNames
{
    /// <summary>Parses "rd ex mr mw me".</summary>
    /// <param name="codes">Codes separated by blanks.</param>
    /// <param name="head">The flags of the VMA's first line, whose <c>s</c> means mapped shared, where the code sh means shared and writable.</param>
    /// <returns>Their bits.</returns>
    internal static VmaFlags Parse(ReadOnlySpan<byte> codes, VmaFlags head)
    {
        VmaFlags flags = VmaFlags.AllKnown | (head & VmaFlags.Shared);
        for (codes = codes.TrimStart((byte)' '); codes.Length >= 2; codes = codes[2..].TrimStart((byte)' '))
        {
            flags |= Bit(codes[0], codes[1]);
        }

        return flags;
    }

    private static VmaFlags Bit(byte first, byte second) => ((char)first, (char)second) switch
    {
        ('r', 'd') => VmaFlags.Read,
        ('w', 'r') => VmaFlags.Write,
        ('e', 'x') => VmaFlags.Exec,
        ('s', 'h') => VmaFlags.Shared,
        ('m', 'r') => VmaFlags.MayRead,
        ('m', 'w') => VmaFlags.MayWrite,
        ('m', 'e') => VmaFlags.MayExec,
        ('m', 's') => VmaFlags.MayShare,
        ('g', 'd') => VmaFlags.GrowsDown,
        ('p', 'f') => VmaFlags.PfnMap,
        ('d', 'w') => VmaFlags.DenyWrite,
        ('m', 'p') => VmaFlags.Mpx,
        ('l', 'o') => VmaFlags.Locked,
        ('i', 'o') => VmaFlags.Io,
        ('s', 'r') => VmaFlags.SeqRead,
        ('r', 'r') => VmaFlags.RandRead,
        ('d', 'c') => VmaFlags.DontCopy,
        ('d', 'e') => VmaFlags.DontExpand,
        ('a', 'c') => VmaFlags.Account,
        ('n', 'r') => VmaFlags.NoReserve,
        ('h', 't') => VmaFlags.HugeTlb,
        ('a', 'r') => VmaFlags.Arch1,
        ('d', 'd') => VmaFlags.DontDump,
        ('s', 'd') => VmaFlags.SoftDirty,
        ('m', 'm') => VmaFlags.MixedMap,
        ('h', 'g') => VmaFlags.HugePage,
        ('n', 'h') => VmaFlags.NoHugePage,
        ('m', 'g') => VmaFlags.Mergeable,
        ('w', 'f') => VmaFlags.WipeOnFork,
        ('l', 'f') => VmaFlags.LockOnFault,
        ('u', 'm') => VmaFlags.UffdMissing,
        ('u', 'w') => VmaFlags.UffdWriteProtect,
        ('u', 'i') => VmaFlags.UffdMinor,
        ('d', 'p') => VmaFlags.Droppable,
        ('s', 'l') => VmaFlags.Sealed,
        ('g', 'u') => VmaFlags.Guard,
        ('s', 's') => VmaFlags.ShadowStack,
        ('s', 'f') => VmaFlags.Sync,
        ('b', 't') => VmaFlags.BranchTargets,
        ('m', 't') => VmaFlags.MemoryTags,
        _ => VmaFlags.None,
    };
}
