using System.Linq;
using System.Text.Json;
using Checkpoint.Cli;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Cli;

public class InspectFilesTests
{
    [Fact]
    public void The_mapped_files_are_listed_by_name_with_who_maps_them() => Assert.Equal(
        [
            "BUILD-ID                                 DEL DEVICE INODE PROCS VMAS  SIZE RSS NAME",
            "-                                        del 00:01     77     2    2 8192K  0K /memfd:pool",
            "a0a1a2a3a4a5a6a7                         del 08:01     50     2    2   64K 64K /opt/lib/libold.so",
            "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3 -   08:01    100     3    7   64K 56K /usr/bin/app",
            @"-                                        -   08:01    101     2    2    8K  8K /var/\x1b[31m\nx\xff",
            "",
        ],
        Text(VmaTrees.Tree()).Split('\n'));

    [Fact]
    public void Those_of_one_process_can_be_asked_for() => Assert.Equal(
        ["BUILD-ID                                 DEL DEVICE INODE PROCS VMAS SIZE NAME", "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3 -   08:01    100     1    1   8K /usr/bin/app", ""],
        Text(VmaTrees.Tree(), "--pid", "30").Split('\n'));

    [Fact]
    public void JSON_has_the_same_exactly()
    {
        using JsonDocument json = JsonDocument.Parse(Text(VmaTrees.Tree(), "--json"));
        JsonElement[] files = [.. json.RootElement.GetProperty("files").EnumerateArray()];
        Assert.Equal(
            ["name", "deleted", "dev", "inode", "build_id", "processes", "vmas", "bytes", "rss"],
            files[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal("/opt/lib/libold.so (deleted)", files[1].GetProperty("name").GetString());
        Assert.True(files[1].GetProperty("deleted").GetBoolean());
        Assert.Equal("a0a1a2a3a4a5a6a7", files[1].GetProperty("build_id").GetString());
        Assert.Equal("08:01", files[2].GetProperty("dev").GetString());
        Assert.Equal(3, files[2].GetProperty("processes").GetInt32());
        Assert.Equal(7, files[2].GetProperty("vmas").GetInt32());
        Assert.Equal(64 << 10, files[2].GetProperty("bytes").GetInt32());
        Assert.Equal(56 << 10, files[2].GetProperty("rss").GetInt32());
        Assert.Equal(JsonValueKind.Null, files[3].GetProperty("build_id").ValueKind);
        Assert.True(files[3].GetProperty("name").TryGetProperty("bytes", out _));

        using JsonDocument bare = JsonDocument.Parse(Text(VmaTrees.Bare(), "--json"));
        Assert.All(bare.RootElement.GetProperty("files").EnumerateArray(), f => Assert.Equal(JsonValueKind.Null, f.GetProperty("rss").ValueKind));
    }

    private static string Text(ProcessTree tree, params string[] args)
    {
        CliRun run = CliRun.Inspect(tree, ["--files", .. args]);
        Assert.Equal((ExitCode.Success, ""), (run.ExitCode, run.Error));
        return run.Out;
    }
}
