using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using Checkpoint.Cli.Selection;
using Checkpoint.Diffing;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>Changed VMAs for people; what came or went of one file, or of anonymous memory in pieces of one size, is one line.</summary>
/// <param name="diff">The trees, for the files.</param>
internal sealed class DiffVmaText(TreeDiff diff)
{
    private const VmaAspects Together = VmaAspects.Mapped | VmaAspects.Unmapped | VmaAspects.Deleted | VmaAspects.Undeleted | VmaAspects.Moved;

    private readonly record struct Event(VmaAspects Aspects, SecurityConcerns Concerns, ByteString Name, VmaFlags Flags, ulong Size)
    {
        public override int GetHashCode() => HashCode.Combine(Aspects, Concerns, Name, IdHash.Of((ulong)Flags), IdHash.Of(Size));
    }

    /// <summary>The lines of a process, each where its first VMA is.</summary>
    internal IEnumerable<DiffLine> Lines(IReadOnlyList<VmaChange> changes)
    {
        Dictionary<Event, List<VmaChange>> events = [];
        List<List<VmaChange>> order = [];
        foreach (VmaChange change in changes)
        {
            if ((change.Aspects & ~Together) != 0)
            {
                order.Add([change]);
                continue;
            }

            ref List<VmaChange>? together = ref CollectionsMarshal.GetValueRefOrAddDefault(events, EventOf(change), out _);
            if (together is null)
            {
                order.Add(together = []);
            }

            together.Add(change);
        }

        foreach (List<VmaChange> together in order)
        {
            yield return together.Count == 1 ? One(together[0]) : Several(together);
        }
    }

    private static char Sign(VmaAspects aspects) =>
        (aspects & VmaAspects.Mapped) != 0 ? '+' : (aspects & VmaAspects.Unmapped) != 0 ? '-' : '~';

    private static string Range(Vma vma) => string.Create(CultureInfo.InvariantCulture, $"{vma.Start:x12}-{vma.End:x12}");

    private static string Size(ulong bytes) => Quantity.Bytes(bytes);

    private static string Words(VmaAspects aspects) => string.Join(", ", ChangeWords.Of(aspects));

    /// <summary>What happened to a file, or to pieces of anonymous memory of one size.</summary>
    private Event EventOf(VmaChange change)
    {
        Vma vma = Shown(change);
        ByteString name = File(change).Name;
        return name.IsEmpty
            ? new Event(change.Aspects, change.Concerns, default, vma.Flags, vma.End - vma.Start)
            : new Event(change.Aspects, change.Concerns, name, default, 0);
    }

    private DiffLine Several(List<VmaChange> changes)
    {
        ulong bytes = 0;
        List<string> permissions = [];
        foreach (VmaChange change in changes)
        {
            Vma vma = Shown(change);
            bytes += vma.End - vma.Start;
            string text = VmaText.Permissions(vma.Flags);
            if (!permissions.Contains(text))
            {
                permissions.Add(text);
            }
        }

        VmaChange first = changes[0];
        string count = Quantity.Count(changes.Count, "VMA");
        return new DiffLine(Sign(first.Aspects), "vma", $"{Words(first.Aspects)}  {count}, {Size(bytes)}, {string.Join(' ', permissions)}  {Label(first)}", first.Concerns);
    }

    private DiffLine One(VmaChange change)
    {
        Vma vma = Shown(change);
        List<string> parts = [Words(change.Aspects), "", Range(vma)];
        if (change is { Old: { } old, New: { } now })
        {
            AddDifferences(parts, old, now, change.Aspects);
        }
        else
        {
            parts.Add(VmaText.Permissions(vma.Flags));
            parts.Add(Size(vma.End - vma.Start));
        }

        parts.Add("");
        parts.Add(Label(change));
        return new DiffLine(Sign(change.Aspects), "vma", string.Join(' ', parts).TrimEnd(), change.Concerns);
    }

    private void AddDifferences(List<string> parts, Vma old, Vma now, VmaAspects aspects)
    {
        string before = VmaText.Permissions(old.Flags);
        string after = VmaText.Permissions(now.Flags);
        parts.Add(before == after ? after : $"{before} -> {after}");
        ulong oldSize = old.End - old.Start;
        ulong size = now.End - now.Start;
        parts.Add(oldSize == size ? Size(size) : $"{Size(oldSize)} -> {Size(size)} ({DiffQuantity.Signed((Int128)size - oldSize)})");
        if ((aspects & VmaAspects.Moved) != 0)
        {
            parts.Add($"from {Range(old)}");
        }

        if ((aspects & VmaAspects.Offset) != 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"offset 0x{old.Offset:x} -> 0x{now.Offset:x}"));
        }

        if ((aspects & VmaAspects.PageSize) != 0)
        {
            parts.Add($"pages of {Size(old.PageSize)} -> {Size(now.PageSize)}");
        }

        if ((aspects & VmaAspects.Flags) != 0)
        {
            parts.Add($"flags {string.Join(' ', VmaFlagCodes.Of(old.Flags) ?? [])} -> {string.Join(' ', VmaFlagCodes.Of(now.Flags) ?? [])}");
        }

        if ((aspects & VmaAspects.Replaced) != 0)
        {
            parts.Add(Identity(VmaText.FileOf(old, diff.Old.Files)) + " -> " + Identity(VmaText.FileOf(now, diff.New.Files)));
        }
        else if ((aspects & VmaAspects.Renamed) != 0)
        {
            parts.Add($"from {VmaText.FileOf(old, diff.Old.Files).Name}");
        }
    }

    private static string Identity(MappedFile file) => file.BuildId is { } id
        ? "build ID " + Convert.ToHexStringLower(id.Span)
        : "inode " + ProcessText.Number(file.Inode);

    private static Vma Shown(VmaChange change) => change.New ?? change.Old ?? default;

    private MappedFile File(VmaChange change) => VmaText.FileOf(Shown(change), (change.New is null ? diff.Old : diff.New).Files);

    private string Label(VmaChange change)
    {
        MappedFile file = File(change);
        return file.Name.IsEmpty ? VmaKinds.Name(VmaKinds.Of(Shown(change).Flags, file)) : file.Name.ToString();
    }
}
