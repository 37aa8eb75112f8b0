using System.Collections.Generic;
using System.Globalization;
using Checkpoint.Cli.Selection;
using Checkpoint.Imaging;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>The VMAs of each process, much as <c>pmap -X</c> shows them, with what each is for and what they add up to.</summary>
internal static class VmaText
{
    /// <summary>Writes the lists.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="image">The image.</param>
    /// <param name="sort">The order, one of <see cref="VmaSort"/>.</param>
    internal static void Write(TextReport report, Image image, string sort)
    {
        ProcessTree tree = image.Tree;
        HashSet<int> missing = new(IdHash.Comparer);
        foreach (Gap gap in tree.Gaps)
        {
            if (gap.Part == CapturePart.Maps)
            {
                missing.Add(gap.Tgid);
            }
        }

        bool first = true;
        foreach (ProcessEntry process in tree.Processes)
        {
            if (!first)
            {
                report.Line();
            }

            first = false;
            report.Line($"{ProcessText.Number(process.Tgid)}: {ProcessText.Command(process)}", TextStyle.Label);
            if (process.SpaceChanged)
            {
                report.Line("the list changed while it was read: it never was so as a whole", TextStyle.Alert);
            }

            if (process.Space is { } space)
            {
                WriteSpace(report, space, tree, sort);
            }
            else
            {
                bool lost = image.Lacks("spaces") || image.Lacks("gaps");
                bool captured = process.Memory is null && !missing.Contains(process.Tgid);
                report.Line(lost ? "VMAs lost, or no address space" : captured ? "no address space" : "VMAs not captured", captured && !lost ? TextStyle.Plain : TextStyle.Alert);
            }
        }
    }

    /// <summary>Permissions as <c>/proc/[pid]/maps</c> shows them, such as r-xp.</summary>
    internal static string Permissions(VmaFlags flags) => string.Create(4, flags, static (text, value) =>
    {
        text[0] = (value & VmaFlags.Read) != 0 ? 'r' : '-';
        text[1] = (value & VmaFlags.Write) != 0 ? 'w' : '-';
        text[2] = (value & VmaFlags.Exec) != 0 ? 'x' : '-';
        text[3] = (value & VmaFlags.Shared) != 0 ? 's' : 'p';
    });

    /// <summary>A device as <c>/proc/[pid]/maps</c> shows it, such as 08:01.</summary>
    internal static string Device(MappedFile file) => string.Create(CultureInfo.InvariantCulture, $"{file.Major:x2}:{file.Minor:x2}");

    /// <summary>A size in KiB, such as 132K.</summary>
    internal static string Kib(ulong bytes) => ProcessText.Number(bytes / 1024) + "K";

    /// <summary>What a VMA maps; a value with an empty name for anonymous memory, and for an index outside the table.</summary>
    internal static MappedFile FileOf(Vma vma, IReadOnlyList<MappedFile> files) =>
        vma.File >= 0 && vma.File < files.Count ? files[vma.File] : default;

    /// <summary>Bytes that differ from what the file has.</summary>
    internal static ulong Dirty(in VmaStats stats) => stats.SharedDirty + stats.PrivateDirty;

    /// <summary>Bytes in huge pages of any kind.</summary>
    internal static ulong Huge(in VmaStats stats) =>
        stats.AnonHugePages + stats.ShmemPmdMapped + stats.FilePmdMapped + stats.SharedHugetlb + stats.PrivateHugetlb;

    private static void WriteSpace(TextReport report, AddressSpace space, ProcessTree tree, string sort)
    {
        bool hasFlags = false;
        bool hasPageSizes = false;
        foreach (Vma vma in space.Vmas)
        {
            hasFlags |= (vma.Flags & VmaFlags.AllKnown) != 0;
            hasPageSizes |= vma.PageSize != 0 && vma.PageSize != tree.Capture.PageSize;
        }

        List<string> headers = ["ADDRESS", "PERM", ">OFFSET", "DEVICE", ">INODE", ">SIZE", "KIND"];
        headers.AddRange(hasPageSizes ? [">PAGE"] : []);
        headers.AddRange(space.Stats.IsEmpty ? [] : [">RSS", ">PSS", ">DIRTY", ">SWAP", ">HUGE", ">LOCKED"]);
        headers.AddRange(hasFlags ? ["FLAGS"] : []);
        headers.Add("NAME");
        int[] order = VmaSort.Order(space, tree.Files, sort);
        new TextTable([.. headers]).Write(report, Rows(order), Rows(WidestVmas.Of(space, tree.Files)));
        VmaTotalsText.Write(report, space, tree.Files);

        IEnumerable<TextTable.Cell[]> Rows(IReadOnlyList<int> indexes)
        {
            List<TextTable.Cell> cells = [];
            foreach (int index in indexes)
            {
                Vma vma = space.Vmas[index];
                MappedFile file = FileOf(vma, tree.Files);
                cells.Clear();
                AddPlace(cells, vma, file);
                if (hasPageSizes)
                {
                    cells.Add(vma.PageSize == 0 ? ProcessText.Unknown : Kib(vma.PageSize));
                }

                if (!space.Stats.IsEmpty)
                {
                    AddStats(cells, space.Stats[index]);
                }

                if (hasFlags)
                {
                    cells.Add(VmaFlagCodes.Of(vma.Flags) is { } codes ? string.Join(' ', codes) : ProcessText.Unknown);
                }

                cells.Add(file.Name.ToString());
                yield return [.. cells];
            }
        }
    }

    private static void AddPlace(List<TextTable.Cell> cells, Vma vma, MappedFile file)
    {
        const VmaFlags WriteExec = VmaFlags.Write | VmaFlags.Exec;
        cells.Add(string.Create(CultureInfo.InvariantCulture, $"{vma.Start:x12}-{vma.End:x12}"));
        cells.Add(new TextTable.Cell(Permissions(vma.Flags), (vma.Flags & WriteExec) == WriteExec ? TextStyle.Alert : TextStyle.Plain));
        cells.Add(string.Create(CultureInfo.InvariantCulture, $"{vma.Offset:x8}"));
        cells.Add(Device(file));
        cells.Add(ProcessText.Number(file.Inode));
        cells.Add(Kib(vma.End - vma.Start));
        cells.Add(VmaKinds.Name(VmaKinds.Of(vma.Flags, file)));
    }

    private static void AddStats(List<TextTable.Cell> cells, in VmaStats stats)
    {
        cells.Add(Kib(stats.Rss));
        cells.Add(Kib(stats.Pss));
        cells.Add(Kib(Dirty(stats)));
        cells.Add(Kib(stats.Swap));
        cells.Add(Kib(Huge(stats)));
        cells.Add(Kib(stats.Locked));
    }
}
