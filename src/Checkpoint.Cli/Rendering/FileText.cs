using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>The files that are mapped, and by how many.</summary>
internal static class FileText
{
    /// <summary>Writes the table.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="tree">The image.</param>
    internal static void Write(TextReport report, ProcessTree tree)
    {
        List<FileTotals> files = FileTotals.Of(tree);
        bool hasRss = files.Exists(f => f.Total.Rss.HasValue);
        List<string> headers = ["BUILD-ID", "DEL", "DEVICE", ">INODE", ">PROCS", ">VMAS", ">SIZE", "NAME"];
        if (hasRss)
        {
            headers.Insert(headers.Count - 1, ">RSS");
        }

        new TextTable([.. headers]).Write(report, Rows(files, hasRss));
    }

    private static IEnumerable<TextTable.Cell[]> Rows(List<FileTotals> files, bool hasRss)
    {
        foreach (FileTotals file in files)
        {
            List<TextTable.Cell> cells =
            [
                file.BuildId ?? (file.File.BuildIdErrno == 0 ? "-" : ProcessText.Unknown),
                file.File.IsDeleted ? new TextTable.Cell("del", TextStyle.Alert) : "-",
                VmaText.Device(file.File),
                ProcessText.Number(file.File.Inode),
                ProcessText.Number(file.Processes),
                ProcessText.Number(file.Total.Vmas),
                VmaText.Kib(file.Total.Bytes),
            ];
            if (hasRss)
            {
                cells.Add(file.Total.Rss is ulong rss ? VmaText.Kib(rss) : ProcessText.Unknown);
            }

            cells.Add(ByteEscape.Printable(VmaKinds.Path(file.File)));
            yield return [.. cells];
        }
    }
}
