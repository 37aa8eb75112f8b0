using System.Collections.Generic;
using System.Globalization;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>The VMAs of each process, much as <c>pmap -X</c> shows them.</summary>
internal static class VmaText
{
    /// <summary>Writes the lists.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="tree">The image.</param>
    internal static void Write(TextReport report, ProcessTree tree)
    {
        HashSet<int> missing = [];
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
            if (process.Space is { } space)
            {
                WriteSpace(report, space, tree.Files);
            }
            else
            {
                bool captured = process.Memory is null && !missing.Contains(process.Tgid);
                report.Line(captured ? "no address space" : "VMAs not captured", captured ? TextStyle.Plain : TextStyle.Alert);
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

    /// <summary>What a VMA maps; a value with an empty name for anonymous memory, and for an index outside the table.</summary>
    internal static MappedFile FileOf(Vma vma, IReadOnlyList<MappedFile> files) =>
        vma.File >= 0 && vma.File < files.Count ? files[vma.File] : default;

    private static void WriteSpace(TextReport report, AddressSpace space, IReadOnlyList<MappedFile> files)
    {
        TextTable table = new("ADDRESS", "PERM", ">OFFSET", "DEVICE", ">INODE", ">SIZE", "NAME");
        ulong total = 0;
        foreach (Vma vma in space.Vmas)
        {
            MappedFile file = FileOf(vma, files);
            ulong size = vma.End - vma.Start;
            total += size;
            const VmaFlags WriteExec = VmaFlags.Write | VmaFlags.Exec;
            table.Add(
                string.Create(CultureInfo.InvariantCulture, $"{vma.Start:x12}-{vma.End:x12}"),
                new TextTable.Cell(
                    Permissions(vma.Flags), (vma.Flags & WriteExec) == WriteExec ? TextStyle.Alert : TextStyle.Plain),
                string.Create(CultureInfo.InvariantCulture, $"{vma.Offset:x8}"),
                Device(file),
                ProcessText.Number(file.Inode),
                ProcessText.Number(size / 1024) + "K",
                file.Name.ToString());
        }

        table.Write(report);
        report.Line($"{Quantity.Count(space.Vmas.Length, "VMA")}, {Quantity.Bytes(total)}");
    }
}
