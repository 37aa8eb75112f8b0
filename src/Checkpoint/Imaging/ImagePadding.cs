using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
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
        Dictionary<string, long> more = Count(tree);
        long read = Container.HeaderFrameLength;
        long memory = 0;
        long missing = 0;
        foreach (CompressedSection section in sections)
        {
            read += section.Frame.Length;
            memory += section.Length + more.GetValueOrDefault(section.Name);
            if (memory > limits.MemoryFor(read))
            {
                missing = Math.Max(missing, limits.SmallFile - read + ((memory - limits.FreeBytes) / limits.BytesPerByte) + 1);
            }
        }

        if (missing <= 0)
        {
            return null;
        }

        byte[] frame = new byte[Container.SkippableHeader + (int)Math.Min(1 << 30, missing)];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Zstd.SkippableMagic + 2);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(sizeof(uint)), (uint)(frame.Length - Container.SkippableHeader));
        return frame;
    }

    /// <summary>What a reader counts beside the content of the sections, or more: what is equal is there only once.</summary>
    private static Dictionary<string, long> Count(ProcessTree tree)
    {
        HashSet<AddressSpace> spaces = new(ReferenceEqualityComparer.Instance);
        int[] names = [.. tree.Files.Select(SectionCost.OfName)];
        long threads = 0;
        long vmas = 0;
        long texts = 0;
        long own = 0;
        long groups = 0;
        foreach (ProcessEntry process in tree.Processes)
        {
            if (process.Space is { } space && spaces.Add(space))
            {
                vmas += SectionCost.OfView(space, names);
            }

            texts += Length(process.Cmdline) + Length(process.Environ) + Length(process.Exe) + Length(process.Cwd) + Length(process.Root);
            threads += process.Threads.Count;
            foreach (ThreadEntry thread in process.Threads)
            {
                own += thread.Comm.Length + (thread.NsPids.Length * SectionCost.NsPidBytes);
                groups += ((thread.Credentials?.Groups?.Length ?? 0) * SectionCost.GroupBytes) + Length(thread.Credentials?.Label);
            }
        }

        const int Texts = 5;
        long strings = (Texts * (long)tree.Processes.Count) + (2 * threads) + tree.Files.Count + tree.Users.Count;
        return new Dictionary<string, long>(StringComparer.Ordinal)
        {
            [StringTable.Name] = Rows(StringTable.Name, strings),
            [FilesSection.Name] = Rows(FilesSection.Name, tree.Files.Count) + tree.Files.Sum(file => (long)file.Name.Length),
            [SpacesSection.Name] = Rows(SpacesSection.Name, spaces.Count) + vmas,
            [CredentialsSection.Name] = Rows(CredentialsSection.Name, threads) + groups,
            [ProcessesSection.Name] = Rows(ProcessesSection.Name, tree.Processes.Count) + texts,
            [ThreadsSection.Name] = Rows(ThreadsSection.Name, threads) + own + groups,
            [NoteSections.Gaps] = Rows(NoteSections.Gaps, tree.Gaps.Count),
            [NoteSections.Events] = Rows(NoteSections.Events, tree.Events.Count),
            [NoteSections.Users] = Rows(NoteSections.Users, tree.Users.Count) + tree.Users.Sum(user => (long)user.Name.Length),
        };
    }

    private static long Rows(string section, long count) => SectionCost.RowBytes(section) * count;

    private static long Length(ByteString? text) => text is { } bytes ? bytes.Length : 0;
}
