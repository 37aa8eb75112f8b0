using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>
/// A tree that compresses to next to nothing, such as millions of equal VMAs in one process, would look like a bomb to
/// readers (<see cref="ImageLimits.MemoryFor"/>). A frame of zeros before the sections makes the file as long as it must be.
/// </summary>
internal static class ImagePadding
{
    /// <summary>Makes the frame.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="sections">Its sections.</param>
    /// <param name="limits">The caps.</param>
    /// <returns>A skippable frame; null when none is needed, as nearly always.</returns>
    public static byte[]? For(ProcessTree tree, IReadOnlyList<CompressedSection> sections, ImageLimits limits)
    {
        Dictionary<string, long> rows = Count(tree);
        long read = Container.HeaderFrameLength;
        long content = 0;
        long memory = 0;
        long missing = 0;
        foreach (CompressedSection section in sections)
        {
            read += section.Frame.Length;
            content += section.Length;
            memory += SectionCost.RowBytes(section.Name) * Math.Min(rows.GetValueOrDefault(section.Name), section.Length);
            memory += section.Name == SpacesSection.Name ? rows["vmas"] : 0;
            missing = Math.Max(missing, Math.Max(content, memory) - limits.MemoryFor(read));
        }

        if (missing <= 0)
        {
            return null;
        }

        byte[] frame = new byte[Container.SkippableHeader + (int)Math.Min(1 << 30, (missing / limits.BytesPerByte) + 1)];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Zstd.SkippableMagic + 2);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(sizeof(uint)), (uint)(frame.Length - Container.SkippableHeader));
        return frame;
    }

    /// <summary>Rows of the sections, or more: what is equal is there only once.</summary>
    private static Dictionary<string, long> Count(ProcessTree tree)
    {
        HashSet<AddressSpace> spaces = new(ReferenceEqualityComparer.Instance);
        long threads = 0;
        long vmas = 0;
        foreach (ProcessEntry process in tree.Processes)
        {
            threads += process.Threads.Count;
            if (process.Space is { } space && spaces.Add(space))
            {
                vmas += SectionCost.OfVmas(space.Vmas.Length, space.Stats.Length);
            }
        }

        const int Texts = 5;
        return new Dictionary<string, long>(StringComparer.Ordinal)
        {
            [StringTable.Name] = (Texts * tree.Processes.Count) + (2 * threads) + tree.Files.Count + tree.Users.Count,
            [FilesSection.Name] = tree.Files.Count,
            [SpacesSection.Name] = spaces.Count,
            [CredentialsSection.Name] = threads,
            [ProcessesSection.Name] = tree.Processes.Count,
            [ThreadsSection.Name] = threads,
            [NoteSections.Gaps] = tree.Gaps.Count,
            [NoteSections.Events] = tree.Events.Count,
            [NoteSections.Users] = tree.Users.Count,
            ["vmas"] = vmas,
        };
    }
}
