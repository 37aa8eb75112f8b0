using System;
using System.IO;
using System.Linq;
using Checkpoint.Cli;
using Checkpoint.Imaging;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Cli;

public class DumpLevelTests
{
    private static readonly ProcessTree Whole = SampleTrees.Random(5, 200) with { Gaps = [], Events = [] };

    [Fact]
    public void A_higher_level_makes_a_smaller_image_of_the_same_content()
    {
        byte[] fast = Dump("--level", "1");
        byte[] small = Dump("--level=19");
        Assert.True(small.Length < fast.Length, $"{small.Length} against {fast.Length}");
        Assert.Equal(Digest(fast), Digest(small));
        Assert.Equal(Dump(), Dump("--level", $"{ImageWriter.DefaultLevel}"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("20")]
    [InlineData("-1")]
    [InlineData("fast")]
    public void Other_levels_are_a_usage_error(string level)
    {
        CliRun run = CliRun.Of("dump", "-p", "1", "-o", "-", "--level", level);
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("--level must be a number from 1 to 19", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_much_for_one_image_is_an_output_error_that_says_so()
    {
        using TempFolder folder = new();
        ProcessTree tree = Whole with { Processes = [Whole.Processes[0] with { Environ = new ByteString(new byte[(6 << 20) + 1]) }] };
        CliRun run = CliRun.On(new CliWorld { Collect = _ => tree }, "dump", "-p", "1", "--env", "-o", folder["a.ckpt"]);
        Assert.Equal(ExitCode.Output, run.ExitCode);
        Assert.Equal("ckpt: too much for one image: 6291457 bytes of 'environ' are too many, 6291456 are allowed; capture a smaller tree, or without --env\n", run.Error);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public void More_than_256_MiB_of_strings_are_an_output_error_too()
    {
        // 43 distinct environments of 6 MiB each.
        ProcessEntry[] processes = [.. Enumerable.Range(1, 43).Select(tgid =>
        {
            byte[] environ = new byte[6 << 20];
            environ.AsSpan().Fill((byte)(' ' + tgid));
            return Whole.Processes[0] with { Tgid = tgid, Environ = new ByteString(environ) };
        })];
        CliRun run = CliRun.On(new CliWorld { Collect = _ => Whole with { Processes = processes } }, "dump", "-p", "1", "--env", "-o", "-");
        Assert.Equal(ExitCode.Output, run.ExitCode);
        Assert.Equal("ckpt: too much for one image: a section would be larger than 268435456 bytes; capture a smaller tree, or without --env\n", run.Error);
        Assert.Empty(run.OutBytes);
    }

    private static byte[] Dump(params string[] options)
    {
        CliRun run = CliRun.On(new CliWorld { Collect = _ => Whole }, ["dump", "-p", "1", "-o", "-", .. options]);
        Assert.Equal(ExitCode.Success, run.ExitCode);
        return run.OutBytes;
    }

    private static ByteString Digest(byte[] image)
    {
        using MemoryStream stream = new(image);
        return ImageScan.Read(stream).Digest;
    }
}
