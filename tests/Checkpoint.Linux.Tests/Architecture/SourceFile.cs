using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Checkpoint.Linux.Tests.Environment;

namespace Checkpoint.Linux.Tests.Architecture;

/// <summary>One C# source of the repository, as far as the rules of architecture care.</summary>
/// <param name="Path">Relative to the repository's root.</param>
/// <param name="Lines">Its lines.</param>
public sealed partial record SourceFile(string Path, string[] Lines)
{
    /// <summary>The namespace it declares.</summary>
    public string Namespace => Lines.Select(line => NamespaceLine().Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value ?? "";

    /// <summary>The namespaces that its <c>using</c> lines name.</summary>
    public IEnumerable<string> Usings => Lines.Select(line => UsingLine().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);

    /// <summary>The names of the types it declares.</summary>
    public IEnumerable<string> Types => Code.SelectMany(line => TypeDeclaration().Matches(line)).Select(match => match.Groups[1].Value);

    /// <summary>Its lines without comments and string contents.</summary>
    public IEnumerable<string> Code => Lines.Select(line => StringLiteral().Replace(line, "\"\"")).Select(line => Comment().Replace(line, ""));

    /// <summary>Reads the sources below some folders, what the build put there left out.</summary>
    /// <param name="folders">Relative to the repository's root.</param>
    /// <returns>The sources by path.</returns>
    public static IReadOnlyList<SourceFile> Below(params string[] folders) => folders
        .Select(folder => System.IO.Path.Combine(Repository.Root, folder))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        .Select(file => System.IO.Path.GetRelativePath(Repository.Root, file))
        .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or "artifacts"))
        .Order(StringComparer.Ordinal)
        .Select(path => new SourceFile(path, File.ReadAllLines(System.IO.Path.Combine(Repository.Root, path))))
        .ToList();

    [GeneratedRegex(@"^namespace ([\w.]+)")]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^\s*(?:global )?using (?:static )?(?:\w+ = )?(?:global::)?([A-Z][\w.]*)")]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"^\s*(?:(?:public|internal|private|protected|file|static|abstract|sealed|readonly|partial|ref|unsafe|new) )*(?:class|struct|interface|enum|record(?: struct| class)?|delegate \S+) (\w+)")]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex StringLiteral();

    [GeneratedRegex("//.*$")]
    private static partial Regex Comment();
}
