using System.Collections.Generic;
using System.Numerics;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>The two-letter codes by which <c>/proc/[pid]/smaps</c> names the flags of a VMA, in its order.</summary>
internal static class VmaFlagCodes
{
    private static readonly (VmaFlags Flag, string Code)[] Codes =
    [
        (VmaFlags.Read, "rd"), (VmaFlags.Write, "wr"), (VmaFlags.Exec, "ex"), (VmaFlags.Shared, "sh"),
        (VmaFlags.MayRead, "mr"), (VmaFlags.MayWrite, "mw"), (VmaFlags.MayExec, "me"), (VmaFlags.MayShare, "ms"),
        (VmaFlags.GrowsDown, "gd"), (VmaFlags.UffdMissing, "um"), (VmaFlags.PfnMap, "pf"), (VmaFlags.Guard, "gu"),
        (VmaFlags.DenyWrite, "dw"), (VmaFlags.UffdWriteProtect, "uw"), (VmaFlags.Locked, "lo"), (VmaFlags.Io, "io"),
        (VmaFlags.SeqRead, "sr"), (VmaFlags.RandRead, "rr"), (VmaFlags.DontCopy, "dc"), (VmaFlags.DontExpand, "de"),
        (VmaFlags.LockOnFault, "lf"), (VmaFlags.Account, "ac"), (VmaFlags.NoReserve, "nr"), (VmaFlags.HugeTlb, "ht"),
        (VmaFlags.Sync, "sf"), (VmaFlags.Arch1, "ar"), (VmaFlags.BranchTargets, "bt"), (VmaFlags.WipeOnFork, "wf"), (VmaFlags.DontDump, "dd"),
        (VmaFlags.SoftDirty, "sd"), (VmaFlags.MixedMap, "mm"), (VmaFlags.HugePage, "hg"), (VmaFlags.NoHugePage, "nh"),
        (VmaFlags.Mergeable, "mg"), (VmaFlags.MemoryTags, "mt"), (VmaFlags.Mpx, "mp"), (VmaFlags.ShadowStack, "ss"), (VmaFlags.UffdMinor, "ui"),
        (VmaFlags.Droppable, "dp"), (VmaFlags.Sealed, "sl"),
    ];

    private static readonly string?[] ByBit = MakeByBit();

    /// <summary>The code of one flag.</summary>
    /// <param name="bit">Its bit, 0 to 63.</param>
    /// <returns>The code; null when the bit has none.</returns>
    internal static string? OfBit(int bit) => ByBit[bit];

    /// <summary>The codes of a VMA's flags.</summary>
    /// <param name="flags">The flags.</param>
    /// <returns>The codes; null when not all flags are known.</returns>
    internal static List<string>? Of(VmaFlags flags)
    {
        if ((flags & VmaFlags.AllKnown) == 0)
        {
            return null;
        }

        // smaps says sh only where the file is open for writing, which is when the mapping may become writable.
        if ((flags & VmaFlags.MayWrite) == 0)
        {
            flags &= ~VmaFlags.Shared;
        }

        List<string> codes = [];
        foreach ((VmaFlags flag, string code) in Codes)
        {
            if ((flags & flag) != 0)
            {
                codes.Add(code);
            }
        }

        return codes;
    }

    private static string?[] MakeByBit()
    {
        string?[] codes = new string?[64];
        foreach ((VmaFlags flag, string code) in Codes)
        {
            codes[BitOperations.Log2((ulong)flag)] = code;
        }

        return codes;
    }
}
