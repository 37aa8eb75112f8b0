using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Vmas;

public sealed class SmapsTests
{
    // Other programs that map the same file, or touch its pages, change these; the sum of the clean ones stays.
    private static readonly HashSet<string> _movedByOthers = ["pss", "shared_clean", "private_clean", "referenced"];

    [LinuxFact("gcc", Oracle.Python, Root = true)]
    public void Every_flag_page_size_and_statistic_is_as_smaps_says()
    {
        using TempFolder folder = new();
        using ChildProcess program = Workload.Start("vmas", folder.FullName);
        JsonElement[] expected = Smaps(program.Pid);
        JsonElement[] image = Vmas(program.PidText, folder["a.ckpt"], "--vm-flags", "--vm-stats");
        Assert.Equal("smaps", Ckpt.Run("inspect", folder["a.ckpt"], "--json").Json.GetProperty("capture").GetProperty("vma_source").GetString());
        Assert.Equal(expected.Select(Start), image.Select(Start));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal($"{Start(expected[i])} {Flags(expected[i])}", $"{Start(image[i])} {Flags(image[i])}");
            Assert.Equal(expected[i].GetProperty("page_size").GetInt64(), image[i].GetProperty("page_size").GetInt64());
            AssertStats(expected[i].GetProperty("stats"), image[i]);
        }

        // What the program asked for is there, or the comparison would prove little.
        string told = string.Join(' ', expected.Select(Flags));
        Assert.All(["lo", "lf", "wf", "dd", "sr", "rr", "hg", "nh", "dc", "gd", "nr", "ms", "sh"], code => Assert.Contains(code, told, StringComparison.Ordinal));
    }

    [LinuxFact("gcc", Oracle.Python, Root = true)]
    public void Without_being_asked_for_flags_and_statistics_are_not_there_and_smaps_is_not_read()
    {
        using TempFolder folder = new();
        using ChildProcess program = Workload.Start("vmas", folder.FullName);
        JsonElement[] expected = Smaps(program.Pid);
        JsonElement[] image = Vmas(program.PidText, folder["a.ckpt"]);
        Assert.All(image, vma => Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (vma.GetProperty("flags").ValueKind, vma.GetProperty("stats").ValueKind)));
        Assert.Equal(
            expected.Select(vma => vma.GetProperty("page_size").GetInt64()),
            image.Select(vma => vma.GetProperty("name").ToString() == "[vsyscall]" ? 4096 : vma.GetProperty("page_size").GetInt64()));
    }

    private static void AssertStats(JsonElement expected, JsonElement image)
    {
        JsonElement stats = image.GetProperty("stats");
        bool shared = image.GetProperty("inode").GetInt64() != 0;
        foreach (JsonProperty field in expected.EnumerateObject().Where(field => !shared || !_movedByOthers.Contains(field.Name)))
        {
            Assert.Equal($"{Start(image)} {field.Name} {field.Value}", $"{Start(image)} {field.Name} {stats.GetProperty(field.Name)}");
        }

        Assert.Equal(Clean(expected), Clean(stats));
        Assert.Equal(expected.EnumerateObject().Count(), stats.EnumerateObject().Count());
    }

    private static long Clean(JsonElement stats) => stats.GetProperty("shared_clean").GetInt64() + stats.GetProperty("private_clean").GetInt64();

    private static string? Start(JsonElement vma) => vma.GetProperty("start").GetString();

    private static string Flags(JsonElement vma) => string.Join(' ', vma.GetProperty("flags").EnumerateArray().Select(flag => flag.GetString()).Order(StringComparer.Ordinal));

    private static JsonElement[] Vmas(string pid, string path, params string[] options) =>
        [.. Ckpt.DumpAndInspect(pid, path, options).GetProperty("spaces")[0].GetProperty("vmas").EnumerateArray()];

    private static JsonElement[] Smaps(int pid)
    {
        string script = Path.Combine(Repository.Root, "tests", "Checkpoint.Linux.Tests", "Oracles", "smaps_oracle.py");
        return [.. Tool.Run([Oracle.Python, script, pid.ToString(System.Globalization.CultureInfo.InvariantCulture)]).Expect(0).Json.EnumerateArray()];
    }
}
