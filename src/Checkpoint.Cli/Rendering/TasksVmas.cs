using System;
using System.Globalization;
using System.Text;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Cli.Rendering;

/// <summary>VMA records as text. A task may have tens of thousands, so nothing here leaves garbage but names.</summary>
internal static class TasksVmas
{
    /// <summary>Columns before the name in <c>/proc/[pid]/maps</c> of a 64-bit kernel.</summary>
    private const int NameColumn = 73;

    private static readonly string[] PermissionTexts = AllPermissions();

    /// <summary>Names of the fields of the stat block, in the order of <see cref="Sizes"/>.</summary>
    internal static readonly string[] SizeNames =
    [
        "rss", "pss", "shared_clean", "shared_dirty", "private_clean", "private_dirty", "referenced", "anonymous",
        "anon_huge_pages", "swap", "locked", "shmem_pmd_mapped", "file_pmd_mapped", "shared_hugetlb", "private_hugetlb", "swap_pss",
    ];

    /// <summary>Appends a VMA as <c>/proc/[pid]/maps</c> shows it, its name escaped, without trailing blanks.</summary>
    /// <param name="line">Where to.</param>
    /// <param name="vma">The VMA.</param>
    /// <param name="name">Its name, empty for none.</param>
    internal static void AppendMaps(StringBuilder line, in TaskDiagVma vma, ReadOnlySpan<byte> name)
    {
        int start = line.Length;
        line.Append(
            CultureInfo.InvariantCulture,
            $"{vma.Start:x8}-{vma.End:x8} {Permissions(vma)} {vma.Offset:x8} {vma.Major:x2}:{vma.Minor:x2} {vma.Inode}");
        if (!name.IsEmpty)
        {
            line.Append(' ', Math.Max(1, NameColumn - (line.Length - start))).Append(ByteEscape.Printable(name));
        }
    }

    /// <summary>Appends what of a VMA is in memory, in kB as in <c>/proc/[pid]/smaps</c>, and its flags.</summary>
    /// <param name="line">Where to.</param>
    /// <param name="vma">The VMA.</param>
    /// <param name="stat">What of it is in memory.</param>
    internal static void AppendSmaps(StringBuilder line, in TaskDiagVma vma, in TaskDiagVmaStat stat)
    {
        Span<ulong> sizes = stackalloc ulong[SizeNames.Length];
        Sizes(stat, sizes);
        for (int i = 0; i < sizes.Length; i++)
        {
            line.Append(SizeNames[i]).Append(CultureInfo.InvariantCulture, $" {sizes[i] / 1024} ");
        }

        line.Append("kB");
        for (int bit = 0; bit < 64; bit++)
        {
            if (HasFlag(vma, bit))
            {
                line.Append(' ').Append(FlagName(bit));
            }
        }
    }

    /// <summary>The fields of the stat block in bytes, the proportional share too.</summary>
    /// <param name="stat">The block.</param>
    /// <param name="bytes">As many values as there are <see cref="SizeNames"/>.</param>
    internal static void Sizes(in TaskDiagVmaStat stat, Span<ulong> bytes)
    {
        bytes[0] = stat.Resident;
        bytes[1] = stat.PssShifted >> TaskDiagVmaStat.PssShift;
        bytes[2] = stat.SharedClean;
        bytes[3] = stat.SharedDirty;
        bytes[4] = stat.PrivateClean;
        bytes[5] = stat.PrivateDirty;
        bytes[6] = stat.Referenced;
        bytes[7] = stat.Anonymous;
        bytes[8] = stat.AnonymousThp;
        bytes[9] = stat.Swap;
        bytes[10] = stat.Locked;
        bytes[11] = stat.ShmemPmdMapped;
        bytes[12] = stat.FilePmdMapped;
        bytes[13] = stat.SharedHugetlb;
        bytes[14] = stat.PrivateHugetlb;
        bytes[15] = stat.SwapPss;
    }

    /// <summary>Whether one of the 64 flags is set; that all are known is none of the VMA's.</summary>
    internal static bool HasFlag(in TaskDiagVma vma, int bit) => ((ulong)(vma.Flags & ~VmaFlags.AllKnown) >> bit & 1) != 0;

    /// <summary>A flag by smaps' code; "?n" for a bit that the wire has no name for.</summary>
    /// <remarks>The wire's shared is what maps shows as s, not smaps' sh.</remarks>
    internal static string FlagName(int bit) => VmaFlagCodes.OfBit(bit) ?? "?" + bit.ToString(CultureInfo.InvariantCulture);

    /// <summary>Permissions such as r-xp.</summary>
    internal static string Permissions(in TaskDiagVma vma) => PermissionTexts[(int)((uint)vma.Flags & 15)];

    private static string[] AllPermissions()
    {
        string[] texts = new string[16];
        for (uint flags = 0; flags < texts.Length; flags++)
        {
            texts[flags] = VmaText.Permissions((VmaFlags)flags);
        }

        return texts;
    }
}
