using System.Collections.Generic;
using System.Numerics;
using Checkpoint.Model;

namespace Checkpoint.Validation;

/// <summary>
/// The VMA lists. Order, alignment and references cannot be wrong in an image of version 1, whose encoding has no way to
/// say it: those rules are for trees from elsewhere.
/// </summary>
internal static class VmaRules
{
    /// <summary>End of user space on x86_64 with five levels of page tables.</summary>
    private const ulong X86End = 1UL << 56;

    /// <summary>End of user space on aarch64 with 52-bit addresses.</summary>
    private const ulong ArmEnd = 1UL << 52;

    /// <summary>Where every 64-bit process on x86_64 seems to have the page [vsyscall].</summary>
    private const ulong Vsyscall = 0xffff_ffff_ff60_0000;

    internal static void Check(ProcessTree tree, FindingList findings)
    {
        HashSet<AddressSpace> seen = new(ReferenceEqualityComparer.Instance);
        ulong end = tree.Capture.Machine.ToString() switch
        {
            "x86_64" => X86End,
            "aarch64" => ArmEnd,
            _ => ulong.MaxValue,
        };
        foreach (ProcessEntry process in tree.Processes)
        {
            if (process.Space is { } space && seen.Add(space))
            {
                Check(tree, process.Tgid, space, end, findings);
            }
        }
    }

    private static void Check(ProcessTree tree, int tgid, AddressSpace space, ulong userEnd, FindingList findings)
    {
        uint pageSize = tree.Capture.PageSize;
        ulong mask = BitOperations.IsPow2(pageSize) ? pageSize - 1 : 0;
        bool hasStats = !space.Stats.IsEmpty;
        if (hasStats && space.Stats.Length != space.Vmas.Length)
        {
            findings.Add(new Finding(Rules.VmaStats, $"process {tgid} has {space.Vmas.Length} VMAs and statistics of {space.Stats.Length}") { Tgid = tgid });
            hasStats = false;
        }

        ulong before = 0;
        for (int i = 0; i < space.Vmas.Length; i++)
        {
            ref readonly Vma vma = ref space.Vmas[i];
            if (vma.Start < before || vma.End <= vma.Start)
            {
                findings.Add(Of(Rules.VmaOrder, tgid, vma, $"is empty, or begins before 0x{before:x}, where the one before it ends"));
            }

            if (((vma.Start | vma.End | vma.Offset) & mask) != 0)
            {
                findings.Add(Of(Rules.VmaAlignment, tgid, vma, $"with offset 0x{vma.Offset:x} is not in whole pages of {pageSize} bytes"));
            }

            if (vma.End > userEnd && vma.Start != Vsyscall)
            {
                findings.Add(Of(Rules.VmaAddress, tgid, vma, $"passes 0x{userEnd:x}, the end of user space"));
            }

            if (vma.File < -1 || vma.File >= tree.Files.Count)
            {
                findings.Add(Of(Rules.VmaFile, tgid, vma, $"refers to file {vma.File}, there are {tree.Files.Count}"));
            }

            if (vma.PageSize != 0 && (vma.PageSize < pageSize || !BitOperations.IsPow2(vma.PageSize)))
            {
                findings.Add(Of(Rules.VmaPageSize, tgid, vma, $"has pages of {vma.PageSize} bytes, the machine's have {pageSize}"));
            }

            if (hasStats && space.Stats[i].Rss > vma.End - vma.Start)
            {
                findings.Add(Of(Rules.VmaStats, tgid, vma, $"has {space.Stats[i].Rss} bytes resident, more than it is long"));
            }

            before = vma.End;
        }
    }

    private static Finding Of(Rule rule, int tgid, in Vma vma, string what) =>
        new(rule, $"VMA 0x{vma.Start:x}-0x{vma.End:x} of process {tgid} {what}") { Tgid = tgid };
}
