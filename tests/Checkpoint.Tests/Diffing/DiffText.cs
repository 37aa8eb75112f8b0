using System;
using System.Collections.Generic;
using System.Linq;
using Checkpoint.Diffing;
using Checkpoint.Model;

namespace Checkpoint.Tests.Diffing;

/// <summary>Differences as lines of text, to compare them with each other.</summary>
internal static class DiffText
{
    private static readonly (VmaAspects One, VmaAspects Other)[] Opposites =
    [
        (VmaAspects.Mapped, VmaAspects.Unmapped), (VmaAspects.Grown, VmaAspects.Shrunk), (VmaAspects.Deleted, VmaAspects.Undeleted),
    ];

    /// <summary>Sorted, without what is about the new side alone.</summary>
    internal static string[] Of(TreeDiff diff) => Sorted(Lines(diff, turned: false, concerns: false));

    /// <summary>The same for the differences turned round.</summary>
    internal static string[] Turned(TreeDiff diff) => Sorted(Lines(diff, turned: true, concerns: false));

    /// <summary>Everything in the engine's order.</summary>
    internal static string[] InOrder(TreeDiff diff) => [.. Lines(diff, turned: false, concerns: true)];

    private static string[] Sorted(IEnumerable<string> lines) => [.. lines.Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Lines(TreeDiff diff, bool turned, bool concerns)
    {
        foreach (ProcessDiff process in diff.Processes)
        {
            string id = Pair(process.Old is { } a ? $"{a.Tgid} {a.Leader.StartTimeTicks}" : "-", process.New is { } b ? $"{b.Tgid} {b.Leader.StartTimeTicks}" : "-", turned);
            yield return id + (concerns ? $" {process.Concerns}" : "") + $" {process.Executed}";
            foreach (FieldChange field in process.Fields)
            {
                yield return id + " " + Line(field, turned, concerns);
            }

            foreach (ThreadDiff thread in process.Threads)
            {
                string tid = id + " thread " + Pair(thread.Old is { } c ? $"{c.Tid} {c.StartTimeTicks}" : "-", thread.New is { } d ? $"{d.Tid} {d.StartTimeTicks}" : "-", turned);
                yield return tid;
                foreach (FieldChange field in thread.Fields)
                {
                    yield return tid + " " + Line(field, turned, concerns);
                }
            }

            foreach (VmaChange vma in process.Vmas)
            {
                string text = Pair(Text(vma.Old, diff.Old), Text(vma.New, diff.New), turned);
                yield return $"{id} vma {text} {(turned ? Turned(vma.Aspects) : vma.Aspects)} {vma.Kind}" + (concerns ? $" {vma.Concerns}" : "");
            }
        }
    }

    private static string Line(FieldChange change, bool turned, bool concerns) =>
        change.Field.Name + " " + Pair(ComparedContent.Of(change.Old), ComparedContent.Of(change.New), turned) + (concerns ? $" {change.Concerns}" : "");

    private static string Text(Vma? vma, ProcessTree tree) => vma is { } v ? $"{v with { File = 0 }} {(v.File < 0 ? default : tree.Files[v.File])}" : "-";

    private static string Pair(string old, string @new, bool turned) => turned ? $"{@new} -> {old}" : $"{old} -> {@new}";

    private static VmaAspects Turned(VmaAspects aspects)
    {
        foreach ((VmaAspects one, VmaAspects other) in Opposites)
        {
            bool isOne = (aspects & one) != 0;
            bool isOther = (aspects & other) != 0;
            aspects = (aspects & ~(one | other)) | (isOne ? other : 0) | (isOther ? one : 0);
        }

        return aspects;
    }
}
