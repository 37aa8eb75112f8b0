using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Checkpoint.Cli;
using Checkpoint.Model;
using Checkpoint.Tests.Imaging;
using Checkpoint.Tests.Validation;
using Xunit;

namespace Checkpoint.Tests.Cli;

public class ValidateTests
{
    [Fact]
    public void A_sound_image_is_valid_in_one_line_and_exit_code_0()
    {
        CliRun run = On(Images.Write(RuleSamples.Sound()));
        Assert.Equal((0, "-: valid\n", ""), (run.ExitCode, run.Out, run.Error));
    }

    [Fact]
    public void A_finding_is_a_line_with_severity_rule_section_offset_and_facts()
    {
        ProcessTree tree = RuleSamples.Trees["thread.scheduling"]();
        byte[] image = Images.Write(tree);
        long offset = Images.Sections(image).Single(s => s.Section.Name == "threads").Section.Offset;
        CliRun run = On(image);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            $"-: invalid, 1 error\n  error thread.scheduling in section threads at byte {offset}: thread 103 of process 102 has nice 20 and real-time priority 0\n", run.Out);
    }

    [Fact]
    public void Quick_looks_at_frames_and_table_only()
    {
        Assert.Equal(0, On(Images.Write(RuleSamples.Trees["thread.scheduling"]()), "--quick").ExitCode);
        Assert.Equal(0, On(ContainerSamples.Images["section.content"](), "--quick").ExitCode);
        Assert.Equal(1, On(ContainerSamples.Images["container.table"](), "--quick").ExitCode);
    }

    [Fact]
    public void Of_several_files_each_is_told_and_the_worst_decides()
    {
        using TempFolder folder = new();
        File.WriteAllBytes(folder["good.ckpt"], Images.Write(RuleSamples.Sound()));
        File.WriteAllBytes(folder["bad.ckpt"], ContainerSamples.Images["container.truncated"]());
        CliRun two = CliRun.Of("validate", folder["bad.ckpt"], folder["good.ckpt"]);
        Assert.Equal(1, two.ExitCode);
        CliRun three = CliRun.Of("validate", folder["none.ckpt"], folder["bad.ckpt"], folder["good.ckpt"], "--json");
        Assert.Equal(3, three.ExitCode);
        using JsonDocument json = JsonDocument.Parse(three.Out);
        Assert.Equal("ckpt.validate/1", json.RootElement.GetProperty("schema").GetString());
        JsonElement[] files = [.. json.RootElement.GetProperty("files").EnumerateArray()];
        Assert.Equal(["unreadable", "invalid", "valid"], files.Select(file => file.GetProperty("result").GetString()!));
        Assert.Equal("input.unreadable", files[0].GetProperty("findings")[0].GetProperty("rule").GetString());
        Assert.All(files, file => Assert.Equal(
            ["file", "result", "errors", "warnings", "notes", "omitted", "findings", "sections", "live", "salvaged"],
            file.EnumerateObject().Select(property => property.Name)));
    }

    [Fact]
    public void Quiet_says_no_more_than_one_line_when_an_image_is_not_valid()
    {
        CliRun run = On(ContainerSamples.Images["container.frame"](), "-q");
        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Matches("^ckpt: [^\n]+ is invalid; without --quiet it is said why\n$", run.Error);
    }

    [Theory]
    [InlineData("--quick --against-live")]
    [InlineData("--quick --salvage x")]
    [InlineData("--salvage x")]
    [InlineData("--force")]
    [InlineData("--quiet --json")]
    [InlineData("-")]
    public void Options_that_make_no_sense_together_are_usage_errors(string options)
    {
        CliRun run = CliRun.Of(["validate", "-", .. options.Split(' ')]);
        Assert.Equal(ExitCode.Usage, run.ExitCode);
    }

    [Fact]
    public void What_an_image_says_cannot_reach_the_terminal_raw()
    {
        ProcessTree tree = RuleSamples.Sound();
        CliRun run = On(Images.Write(tree with { Capture = tree.Capture with { BootId = SampleTrees.Bytes("\u001b[31mred\n") } }));
        Assert.Contains("\\x1b[31mred\\n", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Out);
    }

    private static CliRun On(byte[] image, params string[] options) => CliRun.On(new CliWorld { Input = image }, ["validate", "-", .. options]);
}
