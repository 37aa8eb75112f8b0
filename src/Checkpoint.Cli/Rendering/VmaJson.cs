using System.Collections.Generic;
using System.Text.Json;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>VMAs and mapped files as JSON.</summary>
internal static class VmaJson
{
    /// <summary>Writes one VMA of a list as an object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="space">The list.</param>
    /// <param name="index">Which VMA.</param>
    /// <param name="files">What the VMAs refer to.</param>
    internal static void Write(Utf8JsonWriter json, AddressSpace space, int index, IReadOnlyList<MappedFile> files)
    {
        Vma vma = space.Vmas[index];
        MappedFile file = VmaText.FileOf(vma, files);
        json.WriteStartObject();
        WritePlace(json, vma, file);
        if (space.Stats.IsEmpty)
        {
            json.WriteNull("stats");
        }
        else
        {
            WriteStats(json, space.Stats[index]);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes what a VMA is as properties of an object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="vma">The VMA.</param>
    /// <param name="file">What it maps.</param>
    internal static void WritePlace(Utf8JsonWriter json, Vma vma, MappedFile file)
    {
        json.WriteHex("start", vma.Start);
        json.WriteHex("end", vma.End);
        json.WriteString("perms", VmaText.Permissions(vma.Flags));
        json.WriteHex("offset", vma.Offset);
        json.WriteString("dev", VmaText.Device(file));
        json.WriteNumber("inode", file.Inode);
        json.WriteBytes("name", file.Name);
        json.WriteString("kind", VmaKinds.Name(VmaKinds.Of(vma.Flags, file)));
        json.WriteOptional("page_size", vma.PageSize == 0 ? null : vma.PageSize);
        if (VmaFlagCodes.Of(vma.Flags) is { } codes)
        {
            json.WriteNames("flags", codes);
        }
        else
        {
            json.WriteNull("flags");
        }
    }

    /// <summary>Writes the property <c>files</c>.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="tree">The image.</param>
    internal static void WriteFiles(Utf8JsonWriter json, ProcessTree tree)
    {
        json.WriteStartArray("files");
        foreach (FileTotals file in FileTotals.Of(tree))
        {
            json.WriteStartObject();
            json.WriteBytes("name", file.File.Name);
            json.WriteBoolean("deleted", file.File.IsDeleted);
            json.WriteString("dev", VmaText.Device(file.File));
            json.WriteNumber("inode", file.File.Inode);
            json.WriteString("build_id", file.BuildId);
            if (file.File.BuildIdErrno != 0)
            {
                json.WriteNumber("build_id_errno", file.File.BuildIdErrno);
            }

            json.WriteNumber("processes", file.Processes);
            json.WriteNumber("vmas", file.Total.Vmas);
            json.WriteNumber("bytes", file.Total.Bytes);
            if (file.Total.Rss is ulong rss)
            {
                json.WriteNumber("rss", rss);
            }
            else
            {
                json.WriteNull("rss");
            }

            json.WriteEndObject();
            json.FlushIfLarge();
        }

        json.WriteEndArray();
    }

    private static void WriteStats(Utf8JsonWriter json, in VmaStats stats)
    {
        json.WriteStartObject("stats");
        json.WriteNumber("rss", stats.Rss);
        json.WriteNumber("pss", stats.Pss);
        json.WriteNumber("shared_clean", stats.SharedClean);
        json.WriteNumber("shared_dirty", stats.SharedDirty);
        json.WriteNumber("private_clean", stats.PrivateClean);
        json.WriteNumber("private_dirty", stats.PrivateDirty);
        json.WriteNumber("referenced", stats.Referenced);
        json.WriteNumber("anonymous", stats.Anonymous);
        json.WriteNumber("anon_huge_pages", stats.AnonHugePages);
        json.WriteNumber("shmem_pmd_mapped", stats.ShmemPmdMapped);
        json.WriteNumber("file_pmd_mapped", stats.FilePmdMapped);
        json.WriteNumber("shared_hugetlb", stats.SharedHugetlb);
        json.WriteNumber("private_hugetlb", stats.PrivateHugetlb);
        json.WriteNumber("swap", stats.Swap);
        json.WriteNumber("swap_pss", stats.SwapPss);
        json.WriteNumber("locked", stats.Locked);
        json.WriteEndObject();
    }
}
