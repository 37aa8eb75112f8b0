using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.RealTrees;

public sealed class ExternalToolTests
{
    [LinuxFact("gcc", "ps")]
    public void Processes_and_threads_are_those_that_ps_lists()
    {
        using ChildProcess threads = Workload.Start("threads");
        using ChildProcess tree = Workload.Start("tree", "3", "30");
        foreach (ChildProcess child in (ChildProcess[])[threads, tree])
        {
            using TempFolder folder = new();
            JsonElement image = Ckpt.DumpAndInspect(child.PidText, folder["a.ckpt"]);
            string[] expected = image.GetProperty("threads").EnumerateArray().Select(thread => PsLine(image, thread)).Order(StringComparer.Ordinal).ToArray();
            string session = child.PidText;
            string[] shown = Tool.Output("ps", "-L", "-s", session, "-o", "pid=,tid=,ppid=,pgid=,sess=,nlwp=,policy=,ni=,pri=,rtprio=,ruid=,euid=,suid=,fsuid=,rgid=,egid=,sgid=,fsgid=,tty=,vsz=,comm=")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
                .Order(StringComparer.Ordinal).ToArray();
            Assert.Equal(shown, expected);
        }
    }

    [LinuxFact("gcc", "pmap", Root = true)]
    public void VMAs_are_those_that_pmap_lists()
    {
        using ChildProcess threads = Workload.Start("threads");
        using TempFolder folder = new();
        JsonElement image = Ckpt.DumpAndInspect(threads.PidText, folder["a.ckpt"]);
        string[] expected = image.GetProperty("spaces")[0].GetProperty("vmas").EnumerateArray().Select(PmapLine).ToArray();
        string[] shown = Tool.Output("pmap", "-X", threads.PidText).Split('\n')
            .SkipWhile(line => !line.TrimStart().StartsWith("Address", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.TrimStart().StartsWith("====", StringComparison.Ordinal))
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(6)))
            .ToArray();
        Assert.True(expected.Length > 10);
        Assert.Equal(shown, expected);
    }

    [LinuxFact("gcc", "gdb", Root = true)]
    public void Mappings_are_those_that_gdb_lists()
    {
        using ChildProcess threads = Workload.Start("threads");
        using TempFolder folder = new();
        JsonElement image = Ckpt.DumpAndInspect(threads.PidText, folder["a.ckpt"]);
        HashSet<string> expected = image.GetProperty("spaces")[0].GetProperty("vmas").EnumerateArray()
            .Select(vma => $"{vma.GetProperty("start")} {vma.GetProperty("end")} {vma.GetProperty("offset")} {vma.GetProperty("perms")} {vma.GetProperty("name")}".TrimEnd()).ToHashSet();
        string[] shown = Tool.Output("gdb", "-nx", "-batch", "-p", threads.PidText, "-ex", "info proc mappings").Split('\n')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length >= 5 && words[0].StartsWith("0x", StringComparison.Ordinal) && words[1].StartsWith("0x", StringComparison.Ordinal))
            .Select(words => string.Join(' ', words.Where((_, i) => i != 2)))
            .ToArray();
        Assert.True(shown.Length > 10);
        Assert.True(expected.SetEquals(shown), "only gdb: " + string.Join(", ", shown.Except(expected)) + "; only ckpt: " + string.Join(", ", expected.Except(shown)));
    }

    private static string PsLine(JsonElement image, JsonElement thread)
    {
        JsonElement process = image.GetProperty("processes").EnumerateArray().Single(row => row.GetProperty("pid").GetInt32() == thread.GetProperty("pid").GetInt32());
        JsonElement credentials = image.GetProperty("credentials")[thread.GetProperty("credentials").GetInt32()];
        string policy = thread.GetProperty("policy").GetString() switch { "other" => "TS", "batch" => "B", "idle" => "IDL", string other => other, null => "" };
        int nice = thread.GetProperty("nice").GetInt32();
        int rtPriority = thread.GetProperty("rt_priority").GetInt32();
        return string.Join(' ',
        [
            Text(process, "pid"), Text(thread, "tid"), Text(process, "ppid"), Text(process, "pgid"), Text(process, "sid"), Text(process, "thread_count"),
            policy, policy == "IDL" ? "-" : nice.ToString(CultureInfo.InvariantCulture),
            (39 - thread.GetProperty("priority").GetInt32()).ToString(CultureInfo.InvariantCulture),
            policy == "TS" ? "-" : rtPriority.ToString(CultureInfo.InvariantCulture),
            .. Ids(credentials, "uid"), .. Ids(credentials, "gid"),
            process.GetProperty("tty").GetString() ?? "?",
            (process.GetProperty("memory").GetProperty("vm_size").GetUInt64() / 1024).ToString(CultureInfo.InvariantCulture),
            Text(thread, "comm"),
        ]);
    }

    private static string PmapLine(JsonElement vma)
    {
        ulong start = Hex(vma, "start");
        return $"{start:x} {vma.GetProperty("perms")} {Hex(vma, "offset"):x8} {vma.GetProperty("dev")} {vma.GetProperty("inode")} {(Hex(vma, "end") - start) / 1024}";
    }

    private static string[] Ids(JsonElement credentials, string key) =>
        credentials.GetProperty(key).EnumerateObject().Select(id => id.Value.GetRawText()).ToArray();

    private static string Text(JsonElement row, string key) => row.GetProperty(key).ToString();

    private static ulong Hex(JsonElement row, string key) => ulong.Parse(row.GetProperty(key).GetString()![2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
