using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using Checkpoint.Imaging;
using Checkpoint.Tests.Cli;
using Xunit;

namespace Checkpoint.Tests.Imaging;

/// <summary>The files of <c>images/hostile</c>, each with the error that the table there names.</summary>
[Collection(AloneCollection.Name)]
public class HostileFileTests
{
    private static readonly string _folder = Repository.PathOf("images/hostile");

    private static readonly Dictionary<string, (string Rule, string Says)> _table = Regex
        .Matches(File.ReadAllText(Path.Combine(_folder, "README.md")), @"^\| `([\w-]+\.ckpt)` \| .* \| `([a-z.-]+)` \| (.+) \|$", RegexOptions.Multiline)
        .ToDictionary(row => row.Groups[1].Value, row => (row.Groups[2].Value, row.Groups[3].Value));

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(_folder, "*.ckpt").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void The_table_names_every_file_and_no_other() =>
        Assert.Equal(Directory.EnumerateFiles(_folder, "*.ckpt").Select(Path.GetFileName).Order(StringComparer.Ordinal), _table.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public void A_hostile_file_is_refused_with_the_error_that_the_table_names(string file)
    {
        (string rule, string says) = _table[file];
        CliRun run = CliRun.Of("validate", Path.Combine(_folder, file), "--json");
        using JsonDocument json = JsonDocument.Parse(run.Out);
        JsonElement finding = json.RootElement.GetProperty("files")[0].GetProperty("findings")[0];
        Assert.Equal(rule, finding.GetProperty("rule").GetString());
        Assert.Contains(says, finding.GetProperty("message").GetString()!, StringComparison.Ordinal);
        Assert.Equal(rule == "section.version" ? 3 : 1, run.ExitCode);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void However_it_is_read_only_the_format_exception_comes_out_soon_and_with_little_memory(string file)
    {
        byte[] image = File.ReadAllBytes(Path.Combine(_folder, file));
        AssertRefused(() => new MemoryStream(image), file);
        AssertRefused(() => new PipeStream(image), file);
    }

    private static void AssertRefused(Func<Stream> open, string file)
    {
        using Stream stream = open();
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        // Time on processors: what else runs on the machine does not count.
        TimeSpan began = Environment.CpuUsage.TotalTime;
        Assert.Throws<ImageFormatException>(() => ImageReader.Read(stream));
        TimeSpan took = Environment.CpuUsage.TotalTime - began;
        Assert.True(took < TimeSpan.FromSeconds(2), $"{file} took {took}");
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - allocated, 0, 200L << 20);
    }

    /// <summary>A stream that cannot seek.</summary>
    private sealed class PipeStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
