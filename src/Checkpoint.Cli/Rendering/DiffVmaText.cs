using System;
using System.Collections.Generic;
using System.Globalization;
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

    /// <summary>Changes that make one line.</summary>
    private sealed class Group(VmaChange first)
    {
        public VmaChange First { get; } = first;

        public List<string> Permissions { get; } = [];

        public int Count { get; set; }

        public ulong Bytes { get; set; }
    }

    /// <summary>Lines of one process; what has more is told in numbers.</summary>
    private const int MostLines = 10_000;

    /// <summary>The lines of a process, each where its first VMA is.</summary>
    internal List<DiffLine> Lines(IEnumerable<VmaChange> changes)
    {
        Dictionary<Event, Group> events = [];
        List<Group> order = [];
        int untold = 0;
        SecurityConcerns concerns = SecurityConcerns.None;
        foreach (VmaChange change in changes)
        {
            bool isTogether = (change.Aspects & ~Together) == 0;
            Event key = isTogether ? EventOf(change) : default;
            Group? group = isTogether ? events.GetValueOrDefault(key) : null;
            if (group is null && order.Count == MostLines)
            {
                untold++;
                concerns |= change.Concerns;
                continue;
            }

            if (group is null)
            {
                order.Add(group = new Group(change));
                if (isTogether)
                {
                    events.Add(key, group);
                }
            }

            Vma vma = Shown(change);
            string permissions = VmaText.Permissions(vma.Flags);
            group.Count++;
            group.Bytes = group.Bytes + (vma.End - vma.Start) is ulong sum && sum >= group.Bytes ? sum : ulong.MaxValue;
            if (!group.Permissions.Contains(permissions))
            {
                group.Permissions.Add(permissions);
            }
        }

        List<DiffLine> lines = order.ConvertAll(group => group.Count == 1 ? One(group.First) : Several(group));
        if (untold > 0)
        {
            lines.Add(new DiffLine('~', "vma", $"{Quantity.Count(untold, "more VMA")} (--json has all)", concerns));
        }

        return lines;
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

    private DiffLine Several(Group group)
    {
        VmaChange first = group.First;
        string count = Quantity.Count(group.Count, "VMA");
        return new DiffLine(
            Sign(first.Aspects), "vma", $"{Words(first.Aspects)}  {count}, {Size(group.Bytes)}, {string.Join(' ', group.Permissions)}  {Label(first)}", first.Concerns);
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
