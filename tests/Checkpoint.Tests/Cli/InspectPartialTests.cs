using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Checkpoint.Cli;
using Checkpoint.Imaging;
using Xunit;

namespace Checkpoint.Tests.Cli;

/// <summary>What is left of an image whose end is lost.</summary>
public class InspectPartialTests
{
    private static readonly byte[] Whole = CliRun.Image(SampleTrees.Rich());

    [Fact]
    public void Without_the_option_a_truncated_image_is_refused_and_the_option_is_named()
    {
        CliRun run = Inspect(Whole[..(int)Section("threads").Offset]);
        Assert.Equal(ExitCode.Input, run.ExitCode);
        Assert.Empty(run.OutBytes);
        Assert.EndsWith(
            "after 6 whole sections: capture, strings, files, spaces, credentials, processes; 'ckpt inspect --partial' shows what is whole\n",
            run.Error, StringComparison.Ordinal);

        // Without a whole section there is nothing to show.
        Assert.DoesNotContain("--partial", Inspect(Whole[..30]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void With_it_what_is_whole_is_shown_and_what_is_lost_is_named()
    {
        CliRun run = Inspect(Whole[..(int)(Section("threads").Offset + Section("threads").CompressedLength + 3)], "--partial", "--json");
        Assert.Equal(ExitCode.Success, run.ExitCode);
        Assert.Contains("standard input is not whole: at byte ", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("; lost: gaps, events, users\n", run.Error, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(run.OutBytes);
        JsonElement image = json.RootElement.GetProperty("image");
        Assert.False(image.GetProperty("whole").GetBoolean());
        Assert.Equal(["gaps", "events", "users"], image.GetProperty("missing_sections").EnumerateArray().Select(name => name.GetString()));
        using JsonDocument whole = JsonDocument.Parse(Inspect(Whole, "--json").OutBytes);
        foreach (string table in (string[])["threads", "spaces", "files"])
        {
            Assert.Equal(whole.RootElement.GetProperty(table).GetArrayLength(), json.RootElement.GetProperty(table).GetArrayLength());
        }
    }

    [Fact]
    public void Wherever_an_image_ends_after_its_first_section_something_is_shown()
    {
        int first = (int)Section("strings").Offset;
        for (int length = first; length < Whole.Length; length += 29)
        {
            foreach (string[] view in (string[][])[[], ["--ps"], ["--threads"], ["--creds"], ["--vmas"], ["--files"]])
            {
                Assert.Equal(ExitCode.Success, Inspect(Whole[..length], [.. view, "--partial"]).ExitCode);
            }
        }

        Assert.Equal(ExitCode.Input, Inspect(Whole[..(first - 1)], "--partial").ExitCode);
    }

    [Fact]
    public void Of_gaps_and_events_that_are_lost_nobody_says_that_there_are_none()
    {
        string text = Inspect(Whole[..(int)Section("gaps").Offset], "--partial").Out;
        Assert.Contains("partial     of a damaged image; lost is section gaps, events, users\n", text, StringComparison.Ordinal);
        Assert.Contains("gaps        not known: the section is lost\n", text, StringComparison.Ordinal);
        Assert.Contains("events      not known: the section is lost\n", text, StringComparison.Ordinal);

        string salvaged = CliRun.Inspect(SampleTrees.Empty() with { Capture = SampleTrees.Empty().Capture with { Lost = ["gaps"] } }).Out;
        Assert.Contains("gaps        not known: the section is lost\n", salvaged, StringComparison.Ordinal);
        Assert.Contains("events      none\n", salvaged, StringComparison.Ordinal);

        string withoutProcesses = Inspect(Whole[..(int)Section("processes").Offset], "--partial").Out;
        Assert.Contains("root        400 (lost)\n", withoutProcesses, StringComparison.Ordinal);
    }

    [Fact]
    public void The_root_is_named_though_another_process_is_shown()
    {
        string whole = Inspect(Whole).Out;
        string line = whole.Split('\n').First(text => text.StartsWith("root ", StringComparison.Ordinal));
        Assert.Contains(line + "\n", Inspect(Whole, "-p", "420").Out, StringComparison.Ordinal);
        Assert.DoesNotContain("not in the image", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--ps")]
    [InlineData("--threads")]
    [InlineData("--creds")]
    [InlineData("--files")]
    [InlineData("--vmas")]
    public void A_view_that_shows_the_digest_has_checked_it(string view)
    {
        // Table and checksums are made anew, as anyone can who exchanges a section; only the digest does not fit.
        byte[] image = [.. Whole];
        ImageSection section = Section(view == "--files" ? "threads" : "files");
        int at = image.AsSpan().LastIndexOf(section.Digest.Span);
        image[at] ^= 1;
        Imaging.Images.RepairTable(image);
        using TempFolder folder = new();
        File.WriteAllBytes(folder["image"], image);
        CliRun run = CliRun.Of("inspect", folder["image"], view, "--json");
        Assert.Equal(ExitCode.Input, run.ExitCode);
        Assert.Empty(run.OutBytes);
    }

    [Fact]
    public void Of_a_whole_image_nothing_is_lost()
    {
        CliRun run = Inspect(Whole, "--partial", "--json");
        Assert.Equal("", run.Error);
        Assert.Equal(Inspect(Whole, "--json").OutBytes, run.OutBytes);
    }

    [Fact]
    public void A_damaged_table_leaves_all_sections()
    {
        byte[] damaged = [.. Whole];
        damaged[^20] ^= 1;
        Assert.Equal(ExitCode.Input, Inspect(damaged).ExitCode);
        CliRun run = Inspect(damaged, "--partial", "--ps");
        Assert.EndsWith("; nothing that is shown here is lost\n", run.Error, StringComparison.Ordinal);
        Assert.Equal(Inspect(Whole, "--ps").OutBytes, run.OutBytes);
    }

    private static CliRun Inspect(byte[] image, params string[] options) => CliRun.On(new CliWorld { Input = image }, ["inspect", "-", .. options]);

    private static ImageSection Section(string name)
    {
        using MemoryStream stream = new(Whole);
        return ImageScan.Read(stream).Sections.Single(section => section.Name == name);
    }
}
