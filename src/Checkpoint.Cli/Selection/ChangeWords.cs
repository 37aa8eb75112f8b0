using System;
using System.Collections.Generic;
using Checkpoint.Diffing;

namespace Checkpoint.Cli.Selection;

/// <summary>The words for what changed, on the command line and in the output.</summary>
internal static class ChangeWords
{
    /// <summary>Chooses what matters to security.</summary>
    internal const string Security = "security";

    private const string VmaPrefix = "vma.";

    private static readonly string[] Kinds =
    [
        "process", "thread", "exec", "tree", "state", "creds", "command", "env", "exe", "place", "ns", "signals", "sched", "layout", "vma",
        "counters", "capture",
    ];

    private static readonly string[] Aspects =
    [
        "mapped", "unmapped", "grown", "shrunk", "moved", "protection", "sharing", "flags", "offset", "page-size", "file", "replaced",
        "deleted", "undeleted", "renamed",
    ];

    private static readonly string[] Concerns =
    [
        "credential-gained", "capability-gained", "seccomp-dropped", "no-new-privs-dropped", "confinement-dropped",
        "writable-executable", "executable-anonymous", "executable-replaced",
    ];

    /// <summary>The kinds' words, for help and messages.</summary>
    internal static string AllKinds => string.Join(", ", Kinds);

    /// <summary>The word of a kind.</summary>
    internal static string Of(ChangeKind kind) => Kinds[(int)kind];

    /// <summary>The words of aspects.</summary>
    internal static List<string> Of(VmaAspects aspects) => Bits((int)aspects, Aspects);

    /// <summary>The words of concerns.</summary>
    internal static List<string> Of(SecurityConcerns concerns) => Bits((int)concerns, Concerns);

    /// <summary>The kind that a word means.</summary>
    internal static ChangeKind? Kind(string word) => Array.IndexOf(Kinds, word) is int index and >= 0 ? (ChangeKind)index : null;

    /// <summary>The aspect that a word such as vma.grown means.</summary>
    internal static VmaAspects? Aspect(string word) =>
        word.StartsWith(VmaPrefix, StringComparison.Ordinal) && Array.IndexOf(Aspects, word[VmaPrefix.Length..]) is int index and >= 0
            ? (VmaAspects)(1 << index)
            : null;

    /// <summary>Whether a word means something.</summary>
    internal static bool IsKnown(string word) => word == Security || Kind(word) is not null || Aspect(word) is not null || IsField(word);

    /// <summary>Whether a word is the name of a field.</summary>
    internal static bool IsField(string word) => Has(DiffField.OfProcess, word, counter: false) || Has(DiffField.OfThread, word, counter: false);

    /// <summary>Whether a word is the name of a counter, or of all counters.</summary>
    internal static bool IsCounter(string word) =>
        word == Of(ChangeKind.Counter) || Has(DiffField.OfProcess, word, counter: true) || Has(DiffField.OfThread, word, counter: true);

    private static bool Has(IReadOnlyList<DiffField> fields, string name, bool counter)
    {
        foreach (DiffField field in fields)
        {
            if (field.Name == name && (!counter || field.Kind == ChangeKind.Counter))
            {
                return true;
            }
        }

        return false;
    }

    private static List<string> Bits(int set, string[] names)
    {
        List<string> words = [];
        for (int bit = 0; bit < names.Length; bit++)
        {
            if ((set >> bit & 1) != 0)
            {
                words.Add(names[bit]);
            }
        }

        return words;
    }
}
