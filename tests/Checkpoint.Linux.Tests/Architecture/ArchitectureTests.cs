using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Checkpoint.Linux.Tests.Architecture;

public sealed class ArchitectureTests
{
    private const string Any = "*";

    /// <summary>Who may use whom, as the table in <c>src/README.md</c> says; the longest matching name rules. A namespace may always use itself.</summary>
    private static readonly (string Namespace, string[] MayUse)[] _rules =
    [
        ("Checkpoint.Model", []),
        ("Checkpoint.TaskDiag", ["Checkpoint.Model"]),
        ("Checkpoint.Imaging", ["Checkpoint.Model"]),
        ("Checkpoint.Diffing", ["Checkpoint.Model"]),
        ("Checkpoint.Validation", ["Checkpoint.Model"]),
        ("Checkpoint.Linux.Interop", []),
        ("Checkpoint.Linux.Procfs", ["Checkpoint.Linux.Interop", "Checkpoint.Model"]),
        ("Checkpoint.Linux.Bpf", ["Checkpoint.Linux.Interop", "Checkpoint.Linux.Procfs"]),
        ("Checkpoint.Linux.Checks", ["Checkpoint.Linux.Interop", "Checkpoint.Linux.Procfs", "Checkpoint.Linux.Bpf"]),
        ("Checkpoint.Linux.Transports", ["Checkpoint.Linux.Interop", "Checkpoint.Linux.Procfs", "Checkpoint.Linux.Bpf", "Checkpoint.TaskDiag", "Checkpoint.Model"]),
        ("Checkpoint.Linux", ["Checkpoint.Linux.Interop", "Checkpoint.Linux.Procfs", "Checkpoint.Linux.Bpf", "Checkpoint.Linux.Transports", "Checkpoint.TaskDiag", "Checkpoint.Model"]),
        ("Checkpoint.Cli", [Any]),
    ];

    [Fact]
    public void Every_using_in_the_sources_is_allowed_by_the_dependency_rule()
    {
        List<string> broken = [];
        foreach (SourceFile file in SourceFile.Below("src"))
        {
            (string owner, string[] mayUse) = RuleOf(file.Namespace);
            foreach (string used in Mentioned(file).Where(used => owner.Length == 0 || (used != owner && !mayUse.Contains(used) && !mayUse.Contains(Any))))
            {
                broken.Add($"{file.Path}: {file.Namespace} uses {used}");
            }
        }

        Assert.Empty(broken);
    }

    [Fact]
    public void Every_source_lies_in_the_folder_of_its_namespace()
    {
        Assert.Empty(SourceFile.Below("src")
            .Where(file => file.Namespace.Length > 0 && FolderOf(file.Path) != file.Namespace)
            .Select(file => $"{file.Path}: {file.Namespace}"));
    }

    [Fact]
    public void Tests_wait_for_conditions_and_never_sleep_until_something_should_have_happened()
    {
        Assert.Equal(["Wait.cs"], SourceFile.Below("tests")
            .Where(file => file.Code.Any(line => Regex.IsMatch(line, @"\bThread\.Sleep\(|\bTask\.Delay\(")))
            .Select(file => System.IO.Path.GetFileName(file.Path)));
    }

    [Fact]
    public void The_part_that_runs_anywhere_has_no_unsafe_code()
    {
        Assert.Empty(SourceFile.Below("src/Checkpoint", "src/Checkpoint.Cli")
            .Where(file => file.Code.Any(line => Regex.IsMatch(line, @"\bunsafe\b")))
            .Select(file => file.Path));
    }

    [Fact]
    public void No_source_is_longer_than_300_lines()
    {
        Assert.Empty(SourceFile.Below("src", "tests", "tools").Where(file => file.Lines.Length > 300).Select(file => $"{file.Path}: {file.Lines.Length}"));
    }

    [Fact]
    public void No_type_has_a_name_that_says_nothing_or_that_the_platform_owns()
    {
        Assert.Empty(SourceFile.Below("src", "tests", "tools")
            .SelectMany(file => file.Types.Select(type => (file.Path, type)))
            .Where(found => found.type is "Task" or "Process" or "Thread" || Regex.IsMatch(found.type, "(Utils?|Helpers?|Manager)$"))
            .Select(found => $"{found.Path}: {found.type}"));
    }

    [Fact]
    public void A_source_declares_one_public_type_at_the_top_level()
    {
        Assert.Empty(SourceFile.Below("src")
            .Where(file => file.Code.Count(line => Regex.IsMatch(line, @"^public (?!delegate)[\w ]*\b(class|struct|interface|enum|record)\b")) > 1)
            .Select(file => file.Path));
    }

    private static (string Namespace, string[] MayUse) RuleOf(string name) =>
        _rules.Where(rule => name == rule.Namespace || name.StartsWith(rule.Namespace + ".", StringComparison.Ordinal))
            .OrderByDescending(rule => rule.Namespace.Length)
            .FirstOrDefault(("", []));

    /// <summary>The ruled namespaces that a file names, in usings or as a qualified name in the code.</summary>
    private static IEnumerable<string> Mentioned(SourceFile file) => file.Usings
        .Concat(file.Code.Where(line => !line.StartsWith("namespace ", StringComparison.Ordinal)).SelectMany(line => Regex.Matches(line, @"\bCheckpoint(\.[A-Z]\w+)+").Select(match => match.Value)))
        .Where(name => name.StartsWith("Checkpoint.", StringComparison.Ordinal))
        .Select(name => RuleOf(name).Namespace is { Length: > 0 } ruled ? ruled : name)
        .Distinct();

    private static string FolderOf(string path)
    {
        string[] parts = path.Split('/');
        return string.Join('.', parts[1..^1]);
    }
}
