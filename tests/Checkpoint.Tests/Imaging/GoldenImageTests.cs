using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Checkpoint.Imaging;
using Checkpoint.Model;
using Checkpoint.Tests.Cli;
using Xunit;

namespace Checkpoint.Tests.Imaging;

/// <summary>Images of released versions stay readable: these files are never written again (<c>tools/golden.sh</c>).</summary>
public class GoldenImageTests
{
    private const string Folder = "images/golden/v1/";
    private const string Truncated = "truncated";

    /// <summary>The first two, whose trees are in these tests, too.</summary>
    private static readonly Dictionary<string, Func<ProcessTree>> Made = new() { ["first-small"] = SampleTrees.Small, ["first-rich"] = SampleTrees.Rich };

    private static readonly string[] _names =
        [.. Directory.GetFiles(Repository.PathOf(Folder), "*.ckpt").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    /// <summary>All of them.</summary>
    public static TheoryData<string> Names => [.. _names];

    [Fact]
    public void There_is_one_of_every_kind() => Assert.Equal(
        ["arm64-16k", "first-rich", "first-small", "hidden", "namespaces", "oddnames", "salvaged", "single", "text-maps", "threads", "tree", "truncated", "vmas", "zombie"],
        _names);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_golden_image_is_shown_as_its_JSON_says(string name)
    {
        CliRun run = CliRun.Of(["inspect", "--json", Golden(name + ".ckpt"), .. name == Truncated ? (string[])["--partial"] : []]);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(File.ReadAllText(Golden(name + ".json")), run.Out);
        CliRun piped = CliRun.On(new CliWorld { Input = File.ReadAllBytes(Golden(name + ".ckpt")) }, ["inspect", "--json", "-", .. name == Truncated ? (string[])["--partial"] : []]);
        Assert.Equal(run.Out, piped.Out);
    }

    /// <summary>
    /// Fails when the format changes without its version: then a new version, or for an addition that old readers skip a
    /// new golden image beside these, is what is missing. The compressed bytes are libzstd's business, the content is ours.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_golden_image_is_written_again_with_the_same_content(string name)
    {
        if (name == Truncated)
        {
            Assert.Throws<ImageFormatException>(() => Images.Read(File.ReadAllBytes(Golden(name + ".ckpt"))));
            return;
        }

        byte[] image = File.ReadAllBytes(Golden(name + ".ckpt"));
        ProcessTree tree = Images.Read(image);
        Assert.Equal(Images.Sections(image).Select(s => s.Body), Images.Sections(Images.Write(tree)).Select(s => s.Body));
        if (Made.TryGetValue(name, out Func<ProcessTree>? make))
        {
            Assert.Equal(TreeText.Of(make()), TreeText.Of(tree));
        }
        else
        {
            // Of the table, too, everything but what compression decides.
            byte[] table = Images.Table(image);
            byte[] again = Images.Table(Images.Write(tree));
            Assert.Equal(Images.Rows(table), Images.Rows(again));
        }
    }

    /// <summary>The two that are made up are odd on purpose, and the salvaged one says that it is.</summary>
    [Fact]
    public void Nothing_is_odd_about_what_was_captured()
    {
        string[] captured = [.. _names.Where(name => name is not (Truncated or "salvaged") && !Made.ContainsKey(name)).Select(name => Golden(name + ".ckpt"))];
        CliRun run = CliRun.Of(["validate", .. captured]);
        Assert.Equal(string.Concat(captured.Select(path => path + ": valid\n")), run.Out);
        Assert.Equal(0, run.ExitCode);
    }

    [RequiresFact("zstd", "python3-msgpack")]
    public void A_reader_in_another_language_prints_the_same_JSON()
    {
        foreach (string name in _names)
        {
            string[] options = name == Truncated ? ["--json", "--partial"] : ["--json"];
            byte[] json = Tool.Run([], RequiresFactAttribute.Python, [Repository.PathOf("tools/read_image.py"), .. options, Golden(name + ".ckpt")]);
            AssertSameJson(File.ReadAllBytes(Golden(name + ".json")), json, name);
        }
    }

    [RequiresFact("zstd", "python3-msgpack")]
    public void It_prints_the_same_JSON_of_any_image()
    {
        string path = Path.GetTempFileName();
        try
        {
            foreach (ProcessTree tree in (ProcessTree[])[SampleTrees.Rich(), SampleTrees.Empty(), SampleTrees.Random(30, 30), SampleTrees.Random(31, 30)])
            {
                File.WriteAllBytes(path, Images.Write(tree));
                byte[] json = Tool.Run([], RequiresFactAttribute.Python, [Repository.PathOf("tools/read_image.py"), "--json", path]);
                AssertSameJson(CliRun.Of("inspect", "--json", path).OutBytes, json, "a sample");
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [RequiresFact("zstd")]
    public void The_zstd_command_accepts_every_whole_golden_image()
    {
        foreach (string name in _names.Where(name => name != Truncated))
        {
            Tool.Run(File.ReadAllBytes(Golden(name + ".ckpt")), "zstd", "-tq");
        }
    }

    [Fact]
    public void The_hex_dump_in_the_specification_is_that_of_the_golden_image()
    {
        string text = File.ReadAllText(Repository.PathOf("images/README.md"));
        const string Fence = "```hex\n";
        int start = text.IndexOf(Fence, StringComparison.Ordinal) + Fence.Length;
        string hex = string.Concat(text[start..text.IndexOf("```", start, StringComparison.Ordinal)].Where(char.IsAsciiHexDigit));
        byte[] body = Images.Sections(File.ReadAllBytes(Golden("first-small.ckpt"))).Single(s => s.Section.Name == "spaces").Body;
        Assert.Equal(Convert.ToHexStringLower(body), hex);
    }

    [Fact]
    public void The_limits_in_the_specification_are_those_of_the_code()
    {
        ImageLimits limits = ImageLimits.Default;
        string text = File.ReadAllText(Repository.PathOf("images/README.md"));
        Assert.Contains($"| frames in a file | {limits.Frames} |", text, StringComparison.Ordinal);
        Assert.Contains($"| {limits.SectionBytes >> 20} MiB; {limits.TotalBytes >> 30} GiB |", text, StringComparison.Ordinal);
        Assert.Contains($"| zstd window | {(1 << limits.WindowLog) >> 20} MiB |", text, StringComparison.Ordinal);
        Assert.Contains($"| section table | {limits.TableBytes >> 10} KiB |", text, StringComparison.Ordinal);
        Assert.Contains($"| containers inside each other | {limits.Nesting} |", text, StringComparison.Ordinal);
        Assert.Contains($"| {limits.Keys}; {limits.NameBytes} |", text, StringComparison.Ordinal);
        Assert.Contains($"| {limits.Strings >> 20} Mi; {limits.StringBytes >> 20} MiB |", text, StringComparison.Ordinal);
        Assert.Contains($"| files | {limits.Files >> 20} Mi |", text, StringComparison.Ordinal);
        Assert.Contains($"| VMAs of all lists; those with statistics | {limits.Vmas >> 20} Mi; {limits.VmaStats >> 20} Mi |", text, StringComparison.Ordinal);
        Assert.Contains($"| bytes of a build ID | {limits.BuildIdBytes} |", text, StringComparison.Ordinal);
        Assert.Contains($"| VMA lists, processes | {limits.Processes >> 20} Mi |", text, StringComparison.Ordinal);
        Assert.Contains($"| threads | {limits.Threads >> 20} Mi |", text, StringComparison.Ordinal);
        Assert.Contains($"| {limits.Credentials >> 20} Mi; {limits.Groups}; {limits.TotalGroups >> 20} Mi |", text, StringComparison.Ordinal);
        Assert.Contains($"| `ns_pids` of a thread | {limits.NsPids} |", text, StringComparison.Ordinal);
        Assert.Contains($"| {limits.Gaps >> 20} Mi; {limits.Events >> 20} Mi; {limits.Users >> 20} Mi |", text, StringComparison.Ordinal);
    }

    private static void AssertSameJson(byte[] expected, byte[] found, string name)
    {
        // Escapes are each writer's own; numbers of 64 bits must not pass through doubles: so by text, not by value.
        const string Script = "import json, sys; print(json.dumps(json.load(sys.stdin), indent=1))";
        string one = Encoding.UTF8.GetString(Tool.Run(expected, RequiresFactAttribute.Python, "-c", Script));
        string other = Encoding.UTF8.GetString(Tool.Run(found, RequiresFactAttribute.Python, "-c", Script));
        int same = one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.True(one == other, $"{name}: {Near(one, same)} is not {Near(other, same)}");

        static string Near(string text, int place) => text[Math.Max(place - 200, 0)..Math.Min(place + 60, text.Length)];
    }

    private static string Golden(string file) => Repository.PathOf(Folder + file);
}
