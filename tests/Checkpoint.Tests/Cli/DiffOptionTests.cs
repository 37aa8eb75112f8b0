using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Checkpoint.Cli;
using Checkpoint.Cli.Rendering;
using Checkpoint.Diffing;
using Checkpoint.Linux;
using Checkpoint.Model;
using Checkpoint.Tests.Diffing;
using Xunit;

namespace Checkpoint.Tests.Cli;

public class DiffOptionTests
{
    private static readonly ProcessTree Old = DiffTrees.Service();

    /// <summary>A process came, one went; one has another umask, heap, faults, resident size and thread.</summary>
    private static readonly ProcessTree New = DiffTrees.Tree(
        Old.Processes[0],
        Grown(Old.Processes[1] with { Umask = 0 }),
        DiffTrees.Process(103, 101, 2000));

    public static TheoryData<string, string> Choices => new()
    {
        { "", "counters counters process process place thread vma" },
        { "--only process", "process process" },
        { "--only place,thread", "place thread" },
        { "--only umask", "place" },
        { "--only vma.grown", "vma" },
        { "--only vma.shrunk", "" },
        { "--only security", "" },
        { "--only rss", "counters" },
        { "--only counters --ignore rss", "counters" },
        { "--only place --only vma", "place vma" },
        { "--ignore counters", "process process place thread vma" },
        { "--ignore counters,process --ignore thread", "place vma" },
        { "--ignore vma.grown,minflt", "counters process process place thread" },
        { "--ignore place --only umask", "" },
        { "--ignore process,thread,vma,place,counters", "" },
        { "--ignore process,thread,vma,place --tolerance rss=50%", "counters" },
        { "--ignore process,thread,vma,place --tolerance rss=0.1%", "counters counters" },
        { "--ignore process,thread,vma,place --tolerance counters=1M", "" },
        { "--ignore process,thread,vma,place --tolerance counters=1M,rss=1K", "counters" },
        { "--ignore process,thread,vma,place --tolerance rss=1K,minflt=100", "counters" },
    };

    [Theory]
    [MemberData(nameof(Choices))]
    public void Only_ignore_and_tolerance_choose_what_counts(string options, string kinds)
    {
        string[] split = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        CliRun run = DiffCli.Of(Old, New, ["--json", .. split]);
        Assert.Equal(
            kinds.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(),
            JsonDocument.Parse(run.OutBytes).RootElement.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("kind").GetString()!).Order());
        int code = kinds.Length == 0 ? ExitCode.Success : ExitCode.Negative;
        Assert.Equal(code, run.ExitCode);
        CliRun check = DiffCli.Of(Old, New, ["--check", .. split]);
        Assert.Equal((code, "", ""), (check.ExitCode, check.Out, check.Error));
    }

    [Fact]
    public void By_role_a_counter_counts_once_it_is_named()
    {
        ProcessTree restarted = DiffTrees.Restarted();
        Assert.Empty(DiffCli.Changes(Old, restarted));
        Assert.All(DiffCli.Changes(Old, restarted, "--tolerance", "rss=5%"), change => Assert.EndsWith("/rss", change.GetProperty("path").GetString(), StringComparison.Ordinal));
        Assert.Equal(3, DiffCli.Changes(Old, restarted, "--tolerance", "rss=5%").Length);
        Assert.Empty(DiffCli.Changes(Old, restarted, "--tolerance", "rss=90%"));
    }

    [Fact]
    public void The_JSON_has_each_change_with_path_kind_old_and_new()
    {
        JsonElement[] changes = DiffCli.Changes(Old, New);
        Assert.Equal(
            ["/processes/101/umask", "/processes/101/rss", "/processes/101/minflt", "/processes/101/threads/110", "/processes/101/vmas/0x550000100000", "/processes/102", "/processes/103"],
            changes.Select(change => change.GetProperty("path").GetString()));
        Assert.Equal(("0022", "0000"), (changes[0].GetProperty("old").GetString(), changes[0].GetProperty("new").GetString()));
        Assert.Equal(1UL << 16, changes[1].GetProperty("new").GetUInt64() - changes[1].GetProperty("old").GetUInt64());
        Assert.Equal((JsonValueKind.Null, 110), (changes[3].GetProperty("old").ValueKind, changes[3].GetProperty("new").GetProperty("tid").GetInt32()));
        Assert.Equal("0x550000120000", changes[4].GetProperty("old").GetProperty("end").GetString());
        Assert.Equal("0x550000130000", changes[4].GetProperty("new").GetProperty("end").GetString());
        Assert.Equal(("removed", JsonValueKind.Null), (changes[5].GetProperty("action").GetString(), changes[5].GetProperty("new").ValueKind));
        Assert.Equal(("added", 103), (changes[6].GetProperty("action").GetString(), changes[6].GetProperty("new").GetProperty("pid").GetInt32()));
    }

    [Fact]
    public void The_JSON_of_the_same_two_trees_is_the_same_in_whatever_order_they_were_listed()
    {
        for (int seed = 1; seed <= 10; seed++)
        {
            ProcessTree old = TreeMutator.Known(seed, 20);
            ProcessTree later = new TreeMutator(seed).Later(old);
            TreeMutator mutator = new(seed);
            foreach (MatchMode match in (MatchMode[])[MatchMode.Identity, MatchMode.Role])
            {
                byte[] json = Json(TreeDiff.Of(old, later, match));
                Assert.Equal(json, Json(TreeDiff.Of(mutator.Shuffled(old), mutator.Shuffled(later), match)));
                Assert.NotEmpty(JsonDocument.Parse(json).RootElement.GetProperty("changes").EnumerateArray());
            }
        }

        static byte[] Json(TreeDiff diff)
        {
            using MemoryStream output = new();
            DiffJson.Write(output, diff, new DiffSummary(diff, withMemory: true), withChanges: true);
            return output.ToArray();
        }
    }

    [Fact]
    public void The_JSON_of_the_counts_has_no_list()
    {
        JsonElement root = JsonDocument.Parse(DiffCli.Of(Old, New, "--json", "--stat").OutBytes).RootElement;
        Assert.False(root.TryGetProperty("changes", out _));
        Assert.Equal((1, 1, 1), (Number("processes_added"), Number("processes_removed"), Number("processes_changed")));
        Assert.Equal((1, 2), (Number("threads_added"), root.GetProperty("summary").GetProperty("fields_changed").GetProperty("counters").GetInt32()));

        int Number(string name) => root.GetProperty("summary").GetProperty(name).GetInt32();
    }

    [Fact]
    public void An_image_is_compared_with_the_tree_as_it_is_now_captured_in_the_same_way()
    {
        List<CollectOptions> asked = [];
        ProcessTree old = Old with { Capture = Old.Capture with { WithVmFlags = true, WithChildren = false } };
        CliWorld world = new()
        {
            Input = CliRun.Image(old),
            Collect = options =>
            {
                asked.Add(options);
                return New;
            },
        };
        CliRun run = CliRun.On(world, "diff", "-", "--live");
        Assert.Equal(ExitCode.Negative, run.ExitCode);
        Assert.Contains("standard input with the tree as it is now", run.Out, StringComparison.Ordinal);
        Assert.Equal(new CollectOptions { Pid = 100, WithEnviron = true, WithVmFlags = true, WithChildren = false }, Assert.Single(asked));
        CliRun.On(world, "diff", "-", "--live", "-p", "77");
        Assert.Equal(77, asked[1].Pid);
    }

    [Fact]
    public void Three_images_show_what_appeared_and_stayed()
    {
        ProcessTree third = New with { Processes = [.. New.Processes.Where(process => process.Tgid != 103)] };
        CliRun run = DiffCli.Of([Old, New, third], "--retained", "--json");
        Assert.Equal(
            ["/processes/101/umask", "/processes/101/rss", "/processes/101/threads/110", "/processes/101/vmas/0x550000100000"],
            JsonDocument.Parse(run.OutBytes).RootElement.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("path").GetString()));
        Assert.Equal(3, JsonDocument.Parse(run.OutBytes).RootElement.EnumerateObject().Count(property => property.Name is "old" or "new" or "retained_in"));
        Assert.Contains("what is new and ", DiffCli.Of([Old, New, third], "--retained").Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, DiffCli.Of([Old, New, Old], "--retained", "--check").ExitCode);
    }

    [Fact]
    public void A_process_that_executed_is_told_as_such_and_can_be_chosen()
    {
        ProcessEntry other = Old.Processes[1] with
        {
            Exe = SampleTrees.Bytes("/bin/other"),
            Layout = Old.Processes[1].Layout!.Value with { StartCode = 0x1000, StartStack = 0x2000 },
        };
        JsonElement exec = Assert.Single(DiffCli.Changes(Old, Old.With(other), "--only", "exec"));
        Assert.Equal(("/processes/101/exec", "exec", "changed"), (Text("path"), Text("kind"), Text("action")));
        Assert.Equal("/bin/other", exec.GetProperty("new").GetProperty("exe").GetString());
        Assert.Contains(DiffCli.Changes(Old, Old.With(other)), change => change.GetProperty("kind").GetString() == "exec");
        Assert.DoesNotContain(DiffCli.Changes(Old, Old.With(other), "--ignore", "exec"), change => change.GetProperty("kind").GetString() == "exec");
        Assert.Contains("~ exec  executed /bin/other in place of /srv/app\n", DiffCli.Of(Old, Old.With(other)).Out, StringComparison.Ordinal);
        Assert.Matches("\nexec +~1\n", DiffCli.Of(Old, Old.With(other), "--stat").Out);

        string? Text(string name) => exec.GetProperty(name).GetString();
    }

    [Fact]
    public void A_missing_or_damaged_image_is_trouble_and_not_a_difference()
    {
        using TempFolder folder = new();
        string good = DiffCli.Write(folder, "good.ckpt", Old);
        CliRun missing = CliRun.Of("diff", good, folder["missing"]);
        Assert.Equal((ExitCode.Input, ""), (missing.ExitCode, missing.Out));
        File.WriteAllBytes(folder["bad"], CliRun.Image(Old)[..200]);
        Assert.Equal(ExitCode.Input, CliRun.Of("diff", folder["bad"], good, "--check").ExitCode);
    }

    private static ProcessEntry Grown(ProcessEntry process)
    {
        Vma[] vmas = DiffTrees.Vmas();
        vmas[2] = vmas[2] with { End = vmas[2].End + 0x10000 };
        return process with
        {
            Space = new AddressSpace(vmas),
            Memory = process.Memory! with { VmRss = process.Memory!.VmRss + 0x10000 },
            Counters = process.Counters with { MinFlt = process.Counters.MinFlt + 7 },
            Threads = [process.Leader, DiffTrees.Thread(110, 3000)],
        };
    }
}
