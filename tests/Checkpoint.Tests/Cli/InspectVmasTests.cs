using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using Checkpoint.Cli;
using Checkpoint.Cli.Rendering;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Cli;

public class InspectVmasTests
{
    [Fact]
    public void A_list_says_of_each_VMA_what_it_is_for_and_what_of_it_is_in_memory()
    {
        string[] lines = Text(VmaTrees.Tree(), "--pid", "10").Split('\n');
        Assert.Equal(
            [
                "10: bash -l",
                "ADDRESS                   PERM   OFFSET DEVICE INODE  SIZE KIND    PAGE  RSS  PSS DIRTY SWAP  HUGE LOCKED FLAGS                   NAME",
                "000000400000-000000404000 r-xp 00000000 08:01    100   16K code      4K  16K   8K    0K   0K    0K     0K rd ex mr mw me          /usr/bin/app",
                "000000404000-000000405000 r--p 00004000 08:01    100    4K file      4K   4K   2K    0K   0K    0K     0K rd mr mw me             /usr/bin/app",
                "000000405000-000000407000 rw-p 00005000 08:01    100    8K data      4K   8K   8K    8K   0K    0K     0K rd wr mr mw me          /usr/bin/app",
                "000000500000-000000540000 rw-p 00000000 00:00      0  256K heap      4K 200K 200K  200K  56K    0K     0K rd wr mr mw me ac       [heap]",
                "000000600000-000000601000 ---p 00000000 00:00      0    4K guard     4K   0K   0K    0K   0K    0K     0K",
                "000000601000-000000701000 rwxp 00000000 00:00      0 1024K anon      4K 100K 100K    0K   0K   64K    12K rd wr ex mr mw me sl",
                "7f0000000000-7f0000008000 r-xp 00000000 08:01     50   32K code      4K  32K  32K    0K   0K    0K     0K rd ex mr mw me          /opt/lib/libold.so (deleted)",
                "7f0000200000-7f0000600000 rw-s 00000000 00:01     77 4096K shm    2048K   0K   0K    0K   0K 4096K     0K rd wr sh mr mw me ms ht /memfd:pool (deleted)",
                @"7f0000800000-7f0000801000 r--s 00000000 08:01    101    4K shared    4K   4K   0K    0K   0K    0K     0K rd mr me ms             /var/\x1b[31m\nx\xff",
                "7fff00000000-7fff00021000 rw-p 00000000 00:00      0  132K stack     4K  24K   0K   24K   0K    0K     0K rd wr mr mw me gd       [stack]",
                "10 VMAs, 5.4 MiB, 388.0 KiB resident",
            ],
            lines[..13].Select(l => l.TrimEnd()));
    }

    [Fact]
    public void It_adds_up_by_kind_and_by_file()
    {
        string[] lines = Text(VmaTrees.Tree(), "--pid", "10").Split('\n');
        Assert.Equal(
            [
                "",
                "VMAS  SIZE  RSS KIND",
                "   1 4096K   0K shm",
                "   1 1024K 100K anon",
                "   1  256K 200K heap",
                "   1  132K  24K stack",
                "   2   48K  48K code",
                "   1    8K   8K data",
                "   1    4K   0K guard",
                "   1    4K   4K file",
                "   1    4K   4K shared",
                "",
                "VMAS  SIZE RSS FILE",
                "   1 4096K  0K /memfd:pool (deleted)",
                "   1   32K 32K /opt/lib/libold.so (deleted)",
                "   3   28K 28K /usr/bin/app",
                @"   1    4K  4K /var/\x1b[31m\nx\xff",
                "",
            ],
            lines[13..]);
    }

    [Fact]
    public void More_than_ten_files_end_in_one_line()
    {
        ProcessTree tree = SampleTrees.Large(1, 40);
        string text = Text(tree);
        Assert.Equal(11, text[text.LastIndexOf(" FILE\n", StringComparison.Ordinal)..].Split('\n').Length - 2);
        Assert.Matches(@"\n +30 +\d+K \(30 others\)\n$", text);
    }

    [Fact]
    public void What_was_not_captured_has_no_columns()
    {
        string[] lines = Text(VmaTrees.Bare()).Split('\n');
        Assert.Equal("ADDRESS                   PERM   OFFSET DEVICE INODE  SIZE KIND   NAME", lines[1]);
        Assert.Contains("10 VMAs, 5.4 MiB", lines);
        Assert.Contains("VMAS  SIZE KIND", lines);
    }

    [Fact]
    public void A_list_that_changed_while_it_was_read_is_marked()
    {
        Assert.Contains("30: bash -l\nthe list changed while it was read", Text(VmaTrees.Tree()), StringComparison.Ordinal);
        Assert.DoesNotContain("changed", Text(VmaTrees.Tree(), "--pid", "10"), StringComparison.Ordinal);
        Assert.Contains("consistency stable after 2 passes, 1 VMA list changed while it was read\n", CliRun.Inspect(VmaTrees.Tree()).Out, StringComparison.Ordinal);
        ProcessTree all = VmaTrees.Tree() with { Processes = [.. VmaTrees.Tree().Processes.Select(p => p with { SpaceChanged = true })] };
        Assert.Contains(", 3 VMA lists changed while they were read\n", CliRun.Inspect(all).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind=heap", "500000")]
    [InlineData("kind=code", "400000 7f0000000000")]
    [InlineData("perms=rwxp", "601000")]
    [InlineData("perms=.w..", "405000 500000 601000 7f0000200000 7fff00000000")]
    [InlineData("perms=--.p", "600000")]
    [InlineData("perms=...s", "7f0000200000 7f0000800000")]
    [InlineData("path=/usr/bin/app", "400000 404000 405000")]
    [InlineData("path=/opt/*.so", "7f0000000000")]
    [InlineData("path=[heap]", "500000")]
    [InlineData("path=*lib*", "7f0000000000")]
    [InlineData("addr=0x405fff", "405000")]
    [InlineData("addr=7fff00000000", "7fff00000000")]
    [InlineData("deleted", "7f0000000000 7f0000200000")]
    [InlineData("deleted kind=code", "7f0000000000")]
    [InlineData("path=/usr/* perms=r-..", "400000 404000")]
    public void Conditions_choose_VMAs(string conditions, string starts)
    {
        string[] where = [.. conditions.Split(' ').SelectMany(c => (string[])["--where", c])];
        Assert.Equal(starts.Split(' '), Starts(VmaTrees.Tree(), ["--pid", "10", .. where]));
        string[] lines = Text(VmaTrees.Tree(), ["--pid", "10", .. where]).Split('\n');
        Assert.Equal(starts.Split(' '), lines.Where(l => Regex.IsMatch(l, "^[0-9a-f]{12}-")).Select(l => l[..12].TrimStart('0')));
        Assert.StartsWith($"{starts.Split(' ').Length} VMA", lines.Single(l => Regex.IsMatch(l, @"^\d+ VMAs?,")), StringComparison.Ordinal);
    }

    [Fact]
    public void Processes_without_such_a_VMA_are_left_out_and_none_at_all_exits_with_1()
    {
        Assert.Equal([10, 20], Pids("--where", "kind=heap"));
        Assert.Equal([10, 20, 30], Pids("--where", "path=*/app"));
        foreach (string[] format in (string[][])[[], ["--json"]])
        {
            CliRun run = CliRun.Inspect(VmaTrees.Tree(), ["--vmas", "--where", "kind=vsyscall", .. format]);
            Assert.Equal((ExitCode.Negative, "", "ckpt: no such VMA in standard input\n"), (run.ExitCode, run.Out, run.Error));
        }
    }

    [Theory]
    [InlineData("size", "7f0000200000 601000 500000 7fff00000000 7f0000000000 400000 405000 404000 600000 7f0000800000")]
    [InlineData("rss", "500000 601000 7f0000000000 7fff00000000 400000 405000 404000 7f0000800000 600000 7f0000200000")]
    [InlineData("name", "600000 601000 7f0000200000 7f0000000000 400000 404000 405000 7f0000800000 500000 7fff00000000")]
    [InlineData("addr", "400000 404000 405000 500000 600000 601000 7f0000000000 7f0000200000 7f0000800000 7fff00000000")]
    public void A_list_can_be_in_another_order(string sort, string starts)
    {
        Assert.Equal(starts.Split(' '), Starts(VmaTrees.Tree(), "--pid", "10", "--sort", sort));
        Assert.Equal(
            starts.Split(' '),
            Text(VmaTrees.Tree(), "--pid", "10", "--sort", sort).Split('\n').Where(l => Regex.IsMatch(l, "^[0-9a-f]{12}-")).Select(l => l[..12].TrimStart('0')));
    }

    [Fact]
    public void The_order_by_resident_size_needs_statistics()
    {
        CliRun run = CliRun.Inspect(VmaTrees.Bare(), "--vmas", "--sort", "rss");
        Assert.Equal(ExitCode.Negative, run.ExitCode);
        Assert.Contains("--vm-stats", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [Fact]
    public void JSON_has_kind_page_size_flags_and_statistics()
    {
        using JsonDocument json = Json(VmaTrees.Tree());
        JsonElement vma = json.RootElement.GetProperty("processes")[0].GetProperty("vmas")[7];
        Assert.Equal(
            ["start", "end", "perms", "offset", "dev", "inode", "name", "kind", "page_size", "flags", "stats"],
            vma.EnumerateObject().Select(p => p.Name));
        Assert.Equal("shm", vma.GetProperty("kind").GetString());
        Assert.Equal(2 << 20, vma.GetProperty("page_size").GetInt32());
        Assert.Equal(["rd", "wr", "sh", "mr", "mw", "me", "ms", "ht"], vma.GetProperty("flags").EnumerateArray().Select(f => f.GetString()));
        Assert.Equal(16, vma.GetProperty("stats").EnumerateObject().Count());
        Assert.Equal(2 << 20, vma.GetProperty("stats").GetProperty("private_hugetlb").GetInt32());

        JsonElement other = json.RootElement.GetProperty("processes")[2];
        Assert.True(other.GetProperty("space_changed").GetBoolean());
        foreach (string key in (string[])["page_size", "flags", "stats"])
        {
            Assert.Equal(JsonValueKind.Null, other.GetProperty("vmas")[0].GetProperty(key).ValueKind);
        }
    }

    [Fact]
    public void Statistics_are_in_JSON_under_the_names_of_the_model()
    {
        ProcessTree tree = SampleTrees.Rich();
        using JsonDocument json = Json(tree);
        JsonElement stats = json.RootElement.GetProperty("processes")[1].GetProperty("vmas")[3].GetProperty("stats");
        VmaStats expected = tree.Processes[1].Space!.Stats[3];
        Assert.Equal(
            typeof(VmaStats).GetProperties().Select(p => (Regex.Replace(p.Name, "(?<!^)([A-Z])", "_$1").ToLowerInvariant(), (ulong)p.GetValue(expected)!)),
            stats.EnumerateObject().Select(p => (p.Name, p.Value.GetUInt64())));
    }

    /// <summary>The specification lists the codes too, from proc_pid_smaps(5).</summary>
    [Fact]
    public void Every_flag_has_the_code_that_the_specification_says()
    {
        string text = File.ReadAllText(Repository.PathOf("images/README.md"));
        Dictionary<int, string> codes = Regex.Matches(text, @"(?<=\| )(\d+) \| ([a-z]{2}) (?=\|)").ToDictionary(m => int.Parse(m.Groups[1].Value), m => m.Groups[2].Value);
        VmaFlags[] flags = [.. Enum.GetValues<VmaFlags>().Where(f => f is not (VmaFlags.None or VmaFlags.Shared or VmaFlags.AllKnown))];
        Assert.Equal(flags.Select(f => ulong.TrailingZeroCount((ulong)f)).Select(b => (int)b), codes.Keys.Order());
        Assert.All(flags, f => Assert.Equal([codes[(int)ulong.TrailingZeroCount((ulong)f)]], VmaFlagCodes.Of(f | VmaFlags.AllKnown)));
        Assert.Equal(["sh", "mw"], VmaFlagCodes.Of(VmaFlags.Shared | VmaFlags.MayWrite | VmaFlags.AllKnown));
        Assert.Empty(VmaFlagCodes.Of(VmaFlags.Shared | VmaFlags.AllKnown)!);
        Assert.Null(VmaFlagCodes.Of(VmaFlags.Read));
    }

    private static string Text(ProcessTree tree, params string[] args)
    {
        CliRun run = CliRun.Inspect(tree, ["--vmas", .. args]);
        Assert.Equal((ExitCode.Success, ""), (run.ExitCode, run.Error));
        return run.Out;
    }

    private static JsonDocument Json(ProcessTree tree, params string[] args) => JsonDocument.Parse(Text(tree, ["--json", .. args]));

    private static List<string> Starts(ProcessTree tree, params string[] args)
    {
        using JsonDocument json = Json(tree, args);
        return [.. json.RootElement.GetProperty("processes")[0].GetProperty("vmas").EnumerateArray().Select(v => v.GetProperty("start").GetString()![2..])];
    }

    private static List<int> Pids(params string[] args)
    {
        using JsonDocument json = Json(VmaTrees.Tree(), args);
        return [.. json.RootElement.GetProperty("processes").EnumerateArray().Select(p => p.GetProperty("pid").GetInt32())];
    }
}
