using System;
using System.Globalization;
using Checkpoint.Model;

namespace Checkpoint.Cli.Selection;

/// <summary>
/// One condition of <c>--where</c>: <c>kind=WORD</c>, <c>perms=RWXP</c> (<c>.</c> for any), <c>path=GLOB</c> (of the name
/// without " (deleted)"), <c>addr=HEX</c> (the VMA that contains the address), or <c>deleted</c>.
/// </summary>
internal sealed class VmaCondition
{
    private readonly Predicate<(Vma Vma, MappedFile File)> _holds;

    private VmaCondition(Predicate<(Vma Vma, MappedFile File)> holds) => _holds = holds;

    /// <summary>Parses a condition.</summary>
    /// <param name="text">Such as kind=heap.</param>
    /// <returns>The condition, or what is wrong with it.</returns>
    internal static (VmaCondition? Condition, string? Error) Parse(string text)
    {
        int separator = text.IndexOf('=', StringComparison.Ordinal);
        string key = separator < 0 ? text : text[..separator];
        string value = separator < 0 ? "" : text[(separator + 1)..];
        Predicate<(Vma Vma, MappedFile File)>? holds = (key, separator >= 0) switch
        {
            ("deleted", false) => v => v.File.IsDeleted,
            ("kind", true) => Kind(value),
            ("perms", true) => Permissions(value),
            ("path", true) when value.Length > 0 => Path(value),
            ("addr", true) => Address(value),
            _ => null,
        };
        return holds is null
            ? (null, $"--where takes kind=WORD, perms=RWXP, path=GLOB, addr=HEX or deleted, not '{text}'; {Hint(key)}")
            : (new VmaCondition(holds), null);
    }

    /// <summary>Whether it holds.</summary>
    /// <param name="vma">A VMA.</param>
    /// <param name="file">What it maps; the default value without a file.</param>
    /// <returns>Whether it does.</returns>
    internal bool Holds(Vma vma, MappedFile file) => _holds((vma, file));

    private static string Hint(string key)
    {
        if (key != "kind")
        {
            return key == "perms" ? "permissions are four characters as in maps, . for any, such as .wx." : "addresses are hexadecimal, globs have * and ?";
        }

        string[] words = new string[VmaKinds.Count];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = VmaKinds.Name((VmaKind)i);
        }

        return "kinds are " + string.Join(", ", words);
    }

    private static Predicate<(Vma Vma, MappedFile File)>? Kind(string word) =>
        VmaKinds.Parse(word) is VmaKind kind ? v => VmaKinds.Of(v.Vma.Flags, v.File) == kind : null;

    private static Predicate<(Vma Vma, MappedFile File)> Path(string pattern)
    {
        ByteString glob = ByteString.FromUtf8(pattern);
        return v => Glob.IsMatch(VmaKinds.Path(v.File), glob.Span);
    }

    private static Predicate<(Vma Vma, MappedFile File)>? Address(string text)
    {
        string digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        return ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong address)
            ? v => v.Vma.Start <= address && address < v.Vma.End
            : null;
    }

    private static Predicate<(Vma Vma, MappedFile File)>? Permissions(string pattern)
    {
        const string Set = "rwxs";
        const string Unset = "---p";
        if (pattern.Length != Set.Length)
        {
            return null;
        }

        VmaFlags mask = VmaFlags.None;
        VmaFlags wanted = VmaFlags.None;
        for (int i = 0; i < Set.Length; i++)
        {
            if (pattern[i] == '.')
            {
                continue;
            }

            if (pattern[i] != Set[i] && pattern[i] != Unset[i])
            {
                return null;
            }

            VmaFlags bit = (VmaFlags)(1UL << i);
            mask |= bit;
            wanted |= pattern[i] == Set[i] ? bit : VmaFlags.None;
        }

        return v => (v.Vma.Flags & mask) == wanted;
    }
}
