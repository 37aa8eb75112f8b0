using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Checkpoint.Imaging;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Imaging;

/// <summary>Images of released versions stay readable: these files are never written again.</summary>
public class GoldenImageTests
{
    [Theory]
    [InlineData("v1-small")]
    [InlineData("v1-rich")]
    public void A_golden_image_holds_what_was_written_and_is_written_the_same_again(string name)
    {
        byte[] image = File.ReadAllBytes(Golden(name + ".ckpt"));
        ProcessTree tree = Images.Read(image);
        Assert.Equal(TreeText.Of(name == "v1-rich" ? SampleTrees.Rich() : SampleTrees.Small()), TreeText.Of(tree));

        // The compressed bytes are libzstd's business, the content is ours.
        Assert.Equal(Images.Sections(image).Select(s => s.Body), Images.Sections(Images.Write(tree)).Select(s => s.Body));
    }

    [RequiresFact("zstd", "python3-msgpack")]
    public void A_golden_image_means_what_its_JSON_says()
    {
        foreach (string name in new[] { "v1-small", "v1-rich" })
        {
            byte[] json = Tool.Run([], RequiresFactAttribute.Python, Repository.PathOf("tools/read_image.py"), "--json", Golden(name + ".ckpt"));
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllBytes(Golden(name + ".json"))), JsonNode.Parse(json)), name);
        }
    }

    [Fact]
    public void The_hex_dump_in_the_specification_is_that_of_the_golden_image()
    {
        string text = File.ReadAllText(Repository.PathOf("images/README.md"));
        const string Fence = "```hex\n";
        int start = text.IndexOf(Fence, StringComparison.Ordinal) + Fence.Length;
        string hex = string.Concat(text[start..text.IndexOf("```", start, StringComparison.Ordinal)].Where(char.IsAsciiHexDigit));
        byte[] body = Images.Sections(File.ReadAllBytes(Golden("v1-small.ckpt"))).Single(s => s.Section.Name == "spaces").Body;
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

    private static string Golden(string file) => Repository.PathOf("images/golden/" + file);
}
