using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using Checkpoint.Model;
using Checkpoint.Tests.Cli;
using Checkpoint.Tests.Imaging;
using Checkpoint.Validation;
using Xunit;

namespace Checkpoint.Tests.Validation;

public class RuleTests
{
    /// <summary>Rules that need more than an image: tests of their own break them.</summary>
    private static readonly string[] _elsewhere = ["input.unreadable", "live.other-boot", "live.other-pid-namespace", "live.gone", "live.replaced"];

    public static TheoryData<string> InImages => [.. RuleSamples.Trees.Keys.Except(RuleSamples.OnlyTrees).Concat(ContainerSamples.Images.Keys)];

    public static TheoryData<string> InTrees => [.. RuleSamples.Trees.Keys];

    [Fact]
    public void Every_rule_has_an_image_that_breaks_it()
    {
        Assert.Equal(
            Rules.All.Select(rule => rule.Id).Order(StringComparer.Ordinal),
            RuleSamples.Trees.Keys.Concat(ContainerSamples.Images.Keys).Concat(_elsewhere).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Against_a_sound_image_there_is_nothing()
    {
        (int code, JsonElement file) = Validate(Images.Write(RuleSamples.Sound()));
        Assert.Equal(0, code);
        Assert.Equal("valid", file.GetProperty("result").GetString());
        Assert.Empty(file.GetProperty("findings").EnumerateArray());
    }

    [Theory]
    [MemberData(nameof(InImages))]
    public void An_image_that_breaks_one_rule_gives_that_finding_alone(string id)
    {
        byte[] image = ContainerSamples.Images.TryGetValue(id, out Func<byte[]>? make) ? make() : Images.Write(RuleSamples.Trees[id]());
        (int code, JsonElement file) = Validate(image);
        JsonElement[] findings = [.. file.GetProperty("findings").EnumerateArray()];
        Assert.Equal([id], findings.Select(finding => finding.GetProperty("rule").GetString()!).Distinct());
        Rule rule = Rules.All.Single(rule => rule.Id == id);
        Assert.All(findings, finding => Assert.Equal(rule.Severity.ToString().ToLowerInvariant(), finding.GetProperty("severity").GetString()));
        bool isUnreadable = id is "container.not-an-image" or "container.version" or "section.version";
        Assert.Equal(isUnreadable ? 3 : rule.Severity == Severity.Error ? 1 : 0, code);
        AssertPlace(file, findings[0], image);
    }

    [Theory]
    [MemberData(nameof(InTrees))]
    public void A_tree_that_breaks_one_rule_gives_that_finding_alone(string id)
    {
        FindingList findings = new();
        TreeRules.Check(RuleSamples.Trees[id](), findings);
        Assert.Equal([id], findings.Kept.Select(finding => finding.Rule.Id).Distinct());
    }

    [Fact]
    public void The_table_in_the_specification_names_every_rule_with_its_severity()
    {
        Dictionary<string, string> table = Regex.Matches(File.ReadAllText(Repository.PathOf("images/README.md")), @"^\| `([a-z]+\.[a-z-]+)` \| (error|warning|note) \|", RegexOptions.Multiline)
            .ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value);
        Assert.Equal(
            Rules.All.Select(rule => $"{rule.Id} {rule.Severity.ToString().ToLowerInvariant()}").Order(StringComparer.Ordinal),
            table.Select(row => $"{row.Key} {row.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_pid_that_was_used_again_explains_a_circle_through_the_root()
    {
        // The root's parent had pid 101, and exited; a child of the root got the number.
        ProcessTree sound = RuleSamples.Sound();
        ProcessTree tree = sound with { Processes = [sound.Processes[0] with { Ppid = 101 }, .. sound.Processes.Skip(1)] };
        FindingList findings = new();
        TreeRules.Check(tree, findings);
        Assert.Equal(["tree.parent-younger"], findings.Kept.Select(finding => finding.Rule.Id));
    }

    [Fact]
    public void What_the_kernel_permits_of_capabilities_is_no_finding()
    {
        // Dropped from the bounding set after they were permitted; inheritable without being permitted.
        ProcessTree tree = RuleSamples.Sound();
        Credentials odd = tree.Processes[0].Leader.Credentials! with { CapBounding = 0, CapPermitted = 7, CapEffective = 3, CapInheritable = 8, Seccomp = 3 };
        FindingList findings = new();
        TreeRules.Check(tree with { Processes = [.. tree.Processes.Select(p => p with { Threads = [.. p.Threads.Select(t => t with { Credentials = odd })] })] }, findings);
        Assert.Empty(findings.Kept);
    }

    [Fact]
    public void Of_one_rule_a_hundred_findings_are_kept_and_the_others_counted()
    {
        ProcessTree tree = RuleSamples.Sound() with { Events = [.. Enumerable.Repeat(new TaskEvent(9, TaskEventKind.Exited, 1, 1, 1), 1000)] };
        FindingList findings = new();
        TreeRules.Check(tree, findings);
        Assert.Equal((100, 900, 1000), (findings.Kept.Count, findings.Omitted, findings.CountOf(Severity.Error)));
    }

    private static (int Code, JsonElement File) Validate(byte[] image)
    {
        CliRun run = CliRun.On(new CliWorld { Input = image }, "validate", "-", "--json");
        Assert.Equal("", run.Error);
        return (run.ExitCode, JsonDocument.Parse(run.Out).RootElement.GetProperty("files")[0]);
    }

    /// <summary>An offset is a place in the file; for a section the one where its frame begins.</summary>
    private static void AssertPlace(JsonElement file, JsonElement finding, byte[] image)
    {
        if (finding.GetProperty("offset").ValueKind == JsonValueKind.Number)
        {
            Assert.InRange(finding.GetProperty("offset").GetInt64(), 0, image.Length);
        }

        if (finding.GetProperty("section").GetString() is { } section
            && file.GetProperty("sections").EnumerateArray().FirstOrDefault(s => s.GetProperty("name").GetString() == section) is { ValueKind: JsonValueKind.Object } found)
        {
            Assert.Equal(found.GetProperty("offset").GetInt64(), finding.GetProperty("offset").GetInt64());
        }
    }
}
