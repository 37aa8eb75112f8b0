using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Checkpoint.Cli;
using Checkpoint.Imaging;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Cli;

public class InspectJsonTests
{
    [Theory]
    [InlineData("", "schema image capture processes threads credentials spaces files gaps events users")]
    [InlineData("--ps", "schema image capture processes")]
    [InlineData("--threads", "schema image capture threads")]
    [InlineData("--creds", "schema image capture credentials")]
    [InlineData("--vmas", "schema image capture processes")]
    [InlineData("--files", "schema image capture files")]
    public void Each_table_has_its_keys_in_a_fixed_order(string table, string keys)
    {
        using JsonDocument json = Json(SampleTrees.Rich(), table);
        Assert.Equal(keys.Split(' '), json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal("ckpt.inspect/1", json.RootElement.GetProperty("schema").GetString());
    }

    [Fact]
    public void The_image_itself_is_described()
    {
        byte[] bytes = CliRun.Image(SampleTrees.Rich());
        using JsonDocument json = Json(SampleTrees.Rich(), "--ps");
        JsonElement image = json.RootElement.GetProperty("image");
        Assert.Equal(1, image.GetProperty("format_version").GetInt32());
        Assert.Equal(bytes.Length, image.GetProperty("bytes").GetInt32());
        Assert.True(image.GetProperty("whole").GetBoolean());
        Assert.Equal(0, image.GetProperty("missing_sections").GetArrayLength());
        using MemoryStream stream = new(bytes);
        Assert.Equal(Convert.ToHexStringLower(ImageScan.Read(stream).Digest.Span), image.GetProperty("digest").GetString());
    }

    [Fact]
    public void A_process_is_exact_and_joined_with_its_leader()
    {
        using JsonDocument json = Json(SampleTrees.Rich(), "--ps");
        JsonElement server = json.RootElement.GetProperty("processes")[1];
        Assert.Equal(410, server.GetProperty("pid").GetInt32());
        Assert.Equal("pts/0", server.GetProperty("tty").GetString());
        Assert.Equal("SIGCHLD", server.GetProperty("exit_signal").GetString());
        Assert.Equal("running", server.GetProperty("state").GetString());
        Assert.Equal("R", server.GetProperty("state_letter").GetString());
        Assert.Equal(["/srv/server", "--name", "\u001b[31mred", ""], server.GetProperty("cmdline").EnumerateArray().Select(a => a.GetString()));
        Assert.Equal(JsonValueKind.Null, server.GetProperty("environ").ValueKind);
        Assert.True(server.GetProperty("exe_deleted").GetBoolean());
        Assert.Equal("2f7372762f6e65770a6c696e65ff", server.GetProperty("cwd").GetProperty("bytes").GetString());
        Assert.Equal("0000", server.GetProperty("umask").GetString());
        Assert.Equal("0x400000", server.GetProperty("layout").GetProperty("start_code").GetString());
        Assert.Equal("0xffffffffffffffff", server.GetProperty("layout").GetProperty("env_end").GetString());
        Assert.Equal(2_000_000_000UL, server.GetProperty("memory").GetProperty("vm_rss").GetUInt64());
        Assert.Equal(ulong.MaxValue, server.GetProperty("process_counters").GetProperty("min_flt").GetUInt64());
        Assert.Equal(1410UL, server.GetProperty("start_time_ticks").GetUInt64());
        Assert.Equal("0777", json.RootElement.GetProperty("processes")[2].GetProperty("umask").GetString());
        Assert.Equal(
            ["SIGHUP", "SIGINT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGUSR1"],
            server.GetProperty("signals").GetProperty("caught").EnumerateArray().Select(s => s.GetString()).Take(8));
    }

    [Fact]
    public void Equal_lists_and_sets_appear_once_and_are_referred_to()
    {
        using JsonDocument json = Json(SampleTrees.Rich());
        JsonElement processes = json.RootElement.GetProperty("processes");
        Assert.Equal(processes[1].GetProperty("space").GetInt32(), processes[2].GetProperty("space").GetInt32());
        JsonElement space = json.RootElement.GetProperty("spaces")[processes[1].GetProperty("space").GetInt32()];
        Assert.Equal([410, 420], space.GetProperty("pids").EnumerateArray().Select(p => p.GetInt32()));

        JsonElement worker = json.RootElement.GetProperty("threads")[2];
        JsonElement set = json.RootElement.GetProperty("credentials")[worker.GetProperty("credentials").GetInt32()];
        Assert.Equal("www-data", set.GetProperty("user").GetString());
        Assert.Equal(["cap_net_bind_service"], set.GetProperty("cap_effective").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal([411, 415], set.GetProperty("tids").EnumerateArray().Select(t => t.GetInt32()));
    }

    [Fact]
    public void A_vma_has_addresses_as_hex_strings()
    {
        using JsonDocument json = Json(SampleTrees.Rich(), "--vmas");
        JsonElement process = json.RootElement.GetProperty("processes")[1];
        Assert.Equal(410, process.GetProperty("pid").GetInt32());
        JsonElement vma = process.GetProperty("vmas")[3];
        Assert.Equal("0x7f2050000000", vma.GetProperty("start").GetString());
        Assert.Equal("0x7f2050001000", vma.GetProperty("end").GetString());
        Assert.Equal("r--s", vma.GetProperty("perms").GetString());
        Assert.Equal("0x7ffffffffffff000", vma.GetProperty("offset").GetString());
        Assert.Equal("08:11", vma.GetProperty("dev").GetString());
        Assert.Equal(ulong.MaxValue, vma.GetProperty("inode").GetUInt64());
        Assert.Equal("", vma.GetProperty("name").GetString());
    }

    [Fact]
    public void Gaps_and_events_are_named()
    {
        using JsonDocument json = Json(SampleTrees.Rich());
        JsonElement gap = json.RootElement.GetProperty("gaps")[0];
        Assert.Equal("exe", gap.GetProperty("part").GetString());
        Assert.Equal("EACCES", gap.GetProperty("error").GetString());
        Assert.Equal(13, gap.GetProperty("errno").GetInt32());
        Assert.Equal("exited", json.RootElement.GetProperty("events")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public void One_process_alone_can_be_asked_for()
    {
        using JsonDocument json = Json(SampleTrees.Rich(), "--pid", "440");
        Assert.Equal(440, Assert.Single(json.RootElement.GetProperty("processes").EnumerateArray()).GetProperty("pid").GetInt32());
        Assert.Equal(3, json.RootElement.GetProperty("gaps").GetArrayLength());
        Assert.Equal(1, json.RootElement.GetProperty("events").GetArrayLength());
    }

    [Fact]
    public void Any_tree_gives_valid_json_without_control_or_format_characters()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            CliRun run = CliRun.Inspect(SampleTrees.Random(seed), "--json");
            Assert.Equal(ExitCode.Success, run.ExitCode);
            Assert.All(run.OutBytes, b => Assert.True(b is (byte)'\n' or (>= 0x20 and < 0x7f)));
            using JsonDocument json = JsonDocument.Parse(run.OutBytes);
            Assert.Equal(JsonValueKind.Object, json.RootElement.ValueKind);
        }
    }

    [Fact]
    public void The_same_image_gives_the_same_bytes() =>
        Assert.Equal(CliRun.Inspect(SampleTrees.Rich(), "--json").OutBytes, CliRun.Inspect(SampleTrees.Rich(), "--json").OutBytes);

    private static JsonDocument Json(ProcessTree tree, params string[] args)
    {
        CliRun run = CliRun.Inspect(tree, ["--json", .. args.Where(a => a.Length > 0)]);
        Assert.Equal("", run.Error);
        Assert.Equal(ExitCode.Success, run.ExitCode);
        Assert.EndsWith("}\n", run.Out, StringComparison.Ordinal);
        return JsonDocument.Parse(run.OutBytes);
    }
}
