using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Checkpoint.Imaging;
using Checkpoint.Model;
using Checkpoint.Tests.Imaging;
using Xunit;

namespace Checkpoint.Tests.Cli;

public class SalvageTests
{
    private static readonly string[] _names = ["capture", "strings", "files", "spaces", "credentials", "processes", "threads", "gaps", "events", "users"];

    public static TheoryData<string> Names => [.. _names];

    [Theory]
    [MemberData(nameof(Names))]
    public void With_any_section_damaged_the_others_make_a_valid_image_that_says_so(string damaged)
    {
        ProcessTree whole = SampleTrees.Rich();
        ProcessTree tree = Salvage(Damaged(Images.Write(whole), damaged), out string[] told);
        string[] lost = damaged == "capture" ? ["capture", "spaces"] : [damaged];
        Assert.Equal(lost, tree.Capture.Lost);
        Assert.Equal(lost, told);
        Assert.Equal(whole.Processes.Select(p => p.Tgid), tree.Processes.Select(p => p.Tgid));
        AssertKept(whole, tree, "gaps", t => t.Gaps);
        AssertKept(whole, tree, "events", t => t.Events);
        if (damaged is not ("threads" or "strings"))
        {
            Assert.Equal(whole.Processes.SelectMany(p => p.Threads).Select(t => t.Comm), tree.Processes.SelectMany(p => p.Threads).Select(t => t.Comm));
        }

        if (damaged is not ("capture" or "spaces"))
        {
            Assert.Equal(
                whole.Processes.Sum(p => p.Space?.Vmas.Length ?? 0) * (damaged == "processes" ? 0 : 1), tree.Processes.Sum(p => p.Space?.Vmas.Length ?? 0));
        }
    }

    [Fact]
    public void What_a_truncated_file_still_has_is_kept()
    {
        byte[] image = Images.Write(SampleTrees.Rich());
        ImageSection gaps = Images.Sections(image).Single(s => s.Section.Name == "gaps").Section;
        ProcessTree tree = Salvage(image[..(int)(gaps.Offset + 3)], out string[] lost);
        Assert.Equal(["gaps", "events", "users"], lost);
        Assert.Equal(TreeText.Of(SampleTrees.Rich() with { Gaps = [], Events = [], Users = [] }), TreeText.Of(tree with { Capture = tree.Capture with { Lost = [] } }));
    }

    [Fact]
    public void Sections_that_are_not_known_are_copied_byte_for_byte()
    {
        byte[] body = Images.Encode((ref w) =>
        {
            w.WriteMapHeader(3);
            w.Write("section");
            w.Write("later");
            w.Write("version");
            w.Write(9);
            w.Write("what");
            w.Write("anything");
        });
        byte[] image = Images.Build([.. Images.Sections(Images.Write(SampleTrees.Rich())).Select(s => (s.Section.Name, s.Body)), ("later", body)]);
        using TempFolder folder = new();
        byte[] salvaged = SalvageFile(folder, Damaged(image, "users"), out _);
        (ImageSection section, byte[] kept) = Images.Sections(salvaged).Single(s => s.Section.Name == "later");
        Assert.Equal(9u, section.Version);
        Assert.Equal(body, kept);
    }

    [Fact]
    public void An_image_without_damage_and_a_file_without_a_whole_section_give_no_output()
    {
        using TempFolder folder = new();
        File.WriteAllBytes(folder["good"], Images.Write(SampleTrees.Small()));
        File.WriteAllBytes(folder["none"], new byte[10000]);
        Assert.Contains("not damaged", CliRun.Of("validate", folder["good"], "--salvage", folder["out"]).Error, StringComparison.Ordinal);
        CliRun none = CliRun.Of("validate", folder["none"], "--salvage", folder["out"]);
        Assert.Equal(3, none.ExitCode);
        Assert.Contains("no section", none.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["out"]));
    }

    [Fact]
    public void An_existing_file_is_replaced_only_by_force()
    {
        using TempFolder folder = new();
        File.WriteAllBytes(folder["bad"], Images.Write(SampleTrees.Small())[..^9]);
        File.WriteAllText(folder["out"], "mine");
        Assert.Equal(6, CliRun.Of("validate", folder["bad"], "--salvage", folder["out"]).ExitCode);
        Assert.Equal("mine", File.ReadAllText(folder["out"]));
        Assert.Equal(1, CliRun.Of("validate", folder["bad"], "--salvage", folder["out"], "--force").ExitCode);
        Assert.Equal(0, CliRun.Of("validate", folder["out"]).ExitCode);
    }

    private static void AssertKept<T>(ProcessTree whole, ProcessTree tree, string section, Func<ProcessTree, IReadOnlyList<T>> rows) =>
        Assert.Equal(tree.Capture.Lost.Contains(section) ? [] : rows(whole), rows(tree));

    private static ProcessTree Salvage(byte[] damaged, out string[] lost)
    {
        using TempFolder folder = new();
        return Images.Read(SalvageFile(folder, damaged, out lost));
    }

    private static byte[] SalvageFile(TempFolder folder, byte[] damaged, out string[] lost)
    {
        File.WriteAllBytes(folder["damaged"], damaged);
        CliRun run = CliRun.Of("validate", folder["damaged"], "--salvage", folder["out"], "--json");
        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        using JsonDocument json = JsonDocument.Parse(run.Out);
        lost = [.. json.RootElement.GetProperty("files")[0].GetProperty("salvaged").GetProperty("lost").EnumerateArray().Select(name => name.GetString()!)];
        CliRun again = CliRun.Of("validate", folder["out"]);
        Assert.Equal(0, again.ExitCode);
        Assert.Contains("capture.salvaged", again.Out, StringComparison.Ordinal);
        return File.ReadAllBytes(folder["out"]);
    }

    private static byte[] Damaged(byte[] image, string section)
    {
        ImageSection found = Images.Sections(image).Single(s => s.Section.Name == section).Section;
        byte[] damaged = [.. image];
        damaged[found.Offset + (found.CompressedLength / 2)] ^= 0x55;
        return damaged;
    }
}
