using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>What a VMA list adds up to, by kind and by file.</summary>
internal static class VmaTotalsText
{
    private const int LargestFiles = 10;

    /// <summary>Writes the sum and both tables.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="space">The list.</param>
    /// <param name="files">What the VMAs refer to.</param>
    internal static void Write(TextReport report, AddressSpace space, IReadOnlyList<MappedFile> files)
    {
        VmaTotal all = default;
        Dictionary<VmaKind, VmaTotal> byKind = [];
        Dictionary<int, VmaTotal> byFile = [];
        for (int i = 0; i < space.Vmas.Length; i++)
        {
            Vma vma = space.Vmas[i];
            MappedFile file = VmaText.FileOf(vma, files);
            VmaKind kind = VmaKinds.Of(vma.Flags, file);
            all = all.With(space, i);
            byKind[kind] = byKind.GetValueOrDefault(kind).With(space, i);
            if (file.Inode != 0)
            {
                byFile[vma.File] = byFile.GetValueOrDefault(vma.File).With(space, i);
            }
        }

        report.Line($"{Quantity.Count(all.Vmas, "VMA")}, {Quantity.Bytes(all.Bytes)}{(all.Rss is ulong rss ? $", {Quantity.Bytes(rss)} resident" : "")}");
        WriteTable(report, "KIND", LargestFirst(byKind, (a, b) => a.CompareTo(b)), kind => VmaKinds.Name(kind), byKind.Count);
        WriteTable(report, "FILE", LargestFirst(byFile, (a, b) => files[a].Name.CompareTo(files[b].Name)), file => files[file].Name.ToString(), LargestFiles);
    }

    private static List<KeyValuePair<T, VmaTotal>> LargestFirst<T>(Dictionary<T, VmaTotal> totals, Comparison<T> otherwise)
        where T : notnull
    {
        List<KeyValuePair<T, VmaTotal>> sorted = [.. totals];
        sorted.Sort((a, b) => b.Value.Bytes.CompareTo(a.Value.Bytes) is int order and not 0 ? order : otherwise(a.Key, b.Key));
        return sorted;
    }

    /// <summary>Writes so many rows, and what the others add up to in one more.</summary>
    private static void WriteTable<T>(TextReport report, string what, List<KeyValuePair<T, VmaTotal>> rows, Func<T, string> name, int most)
    {
        if (rows.Count == 0)
        {
            return;
        }

        report.Line();
        bool hasRss = rows.Exists(r => r.Value.Rss.HasValue);
        List<TextTable.Cell[]> shown = [];
        TextTable table = hasRss ? new(">VMAS", ">SIZE", ">RSS", what) : new(">VMAS", ">SIZE", what);
        VmaTotal others = default;
        for (int i = 0; i < rows.Count; i++)
        {
            if (i < most)
            {
                Add(name(rows[i].Key), rows[i].Value);
            }
            else
            {
                others += rows[i].Value;
            }
        }

        if (rows.Count > most)
        {
            Add($"({Quantity.Count(rows.Count - most, "other")})", others);
        }

        table.Write(report, shown);

        void Add(string label, VmaTotal total)
        {
            List<TextTable.Cell> cells = [ProcessText.Number(total.Vmas), VmaText.Kib(total.Bytes)];
            cells.AddRange(hasRss ? [VmaText.Kib(total.Rss ?? 0)] : []);
            cells.Add(label);
            shown.Add([.. cells]);
        }
    }
}
