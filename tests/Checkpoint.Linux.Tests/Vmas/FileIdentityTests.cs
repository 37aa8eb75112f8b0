using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Linux.Tests.Vmas;

/// <summary>Which file is which, and what it is called.</summary>
public sealed class FileIdentityTests
{
    [LinuxFact("gcc", Root = true)]
    public void A_path_longer_than_the_kernel_tells_costs_its_name_alone()
    {
        using TempFolder folder = new();
        using ChildProcess deep = Workload.Start("deep", folder.FullName);
        string[] lines = File.ReadAllLines($"/proc/{deep.Pid}/maps");
        foreach (string[] way in (string[][])[["--transport", "procfs"], ["--text-maps"], ["--vm-stats"], .. BpfUse.Obstacle is null ? [["--transport", "bpf"]] : (string[][])[]])
        {
            using TempFolder output = new();
            Ckpt.Run(["dump", "-q", "-p", deep.PidText, "-o", output["a.ckpt"], .. way]).Expect(7);
            JsonElement image = Ckpt.Run("inspect", output["a.ckpt"], "--json").Expect(0).Json;
            JsonElement[] vmas = [.. image.GetProperty("spaces")[0].GetProperty("vmas").EnumerateArray()];
            Assert.Equal(lines.Length, vmas.Length);
            Assert.Contains(vmas, vma => vma.GetProperty("name").ToString() == folder["shallow"]);
            Assert.Single(vmas, vma => vma.GetProperty("inode").GetUInt64() != 0 && vma.GetProperty("name").ToString().Length == 0);
            Assert.Equal(["maps 36"], image.GetProperty("gaps").EnumerateArray().Select(gap => $"{gap.GetProperty("part")} {gap.GetProperty("errno")}"));
        }

        string shown = Ckpt.Run("tasks", "one", "-p", deep.PidText, "--maps", "--transport", "procfs").Expect(0).Text;
        Assert.All(lines, line => Assert.Contains(line[..line.IndexOf('-', StringComparison.Ordinal)].TrimStart('0'), shown, StringComparison.Ordinal));
        Tool.Output("rm", "-rf", folder.FullName);
    }

    [LinuxFact("gcc", Root = true)]
    public void A_name_that_ends_like_the_kernels_mark_is_told_from_it()
    {
        using TempFolder folder = new();
        using ChildProcess odd = Workload.Start("oddnames", folder.FullName);
        JsonElement[] files = [.. Ckpt.DumpAndInspect(odd.PidText, folder["a.ckpt"]).GetProperty("files").EnumerateArray()];
        bool Deleted(string end) => files.Single(file => file.GetProperty("name").ToString().EndsWith(end, StringComparison.Ordinal)).GetProperty("deleted").GetBoolean();
        Assert.False(Deleted("/looks gone (deleted)"));
        Assert.True(Deleted("/gone\n(deleted) (deleted)"));
        Assert.False(Deleted("/dev/zero (deleted)"));
        Assert.False(Deleted("fd \u001b[0m (deleted)"));
        string table = Ckpt.Run("inspect", folder["a.ckpt"], "--files").Expect(0).Text;
        Assert.Contains("/looks gone (deleted)", table, StringComparison.Ordinal);
        Assert.DoesNotMatch("/dev/zero \\(deleted\\)", table);
    }

    [LinuxFact]
    public void An_executable_is_deleted_or_called_so_whatever_lies_elsewhere()
    {
        using TempFolder folder = new();
        foreach ((string name, bool delete, bool link) in ((string, bool, bool)[])[("a (deleted)", false, false), ("b", true, false), ("c (deleted)", true, false), ("d", true, true)])
        {
            File.Copy("/bin/sleep", folder[name]);
            if (link)
            {
                Tool.Output("ln", folder[name], folder[name + " other"]);
            }

            using ChildProcess running = ChildProcess.Launch([folder[name], "600"]);
            Assert.True(System.Threading.SpinWait.SpinUntil(() => new FileInfo($"/proc/{running.Pid}/exe").LinkTarget == folder[name], 10_000));
            if (delete)
            {
                File.Delete(folder[name]);
            }

            JsonElement process = Ckpt.DumpAndInspect(running.PidText, folder[name + ".ckpt"]).GetProperty("processes")[0];
            Assert.Equal((folder[name], delete), (process.GetProperty("exe").GetString(), process.GetProperty("exe_deleted").GetBoolean()));
        }
    }

    [LinuxFact("mkfs.btrfs", "readelf", "unshare", "ps", Root = true, Needs = "/sys/fs/btrfs")]
    public void Files_of_two_subvolumes_with_one_inode_number_keep_their_own_build_IDs()
    {
        using TempFolder folder = new();
        string script = $"""
            cd {folder.FullName} && truncate -s 120M disk && mkfs.btrfs -q disk && mkdir all x && mount -o loop disk all || exit 9
            btrfs -q subvolume create all/one && btrfs -q subvolume create all/two || exit 9
            cp /bin/sleep all/one/program && cp /bin/tail all/two/program
            unshare -m sh -c 'mount --bind all/one x && exec x/program 600' &
            unshare -m sh -c 'mount --bind all/two x && exec x/program -f /dev/null' &
            all/one/program 600 & all/two/program -f /dev/null &
            echo ready; wait
            """;
        using ChildProcess root = ChildProcess.Start(["unshare", "-m", "sh", "-c", script]);
        Assert.True(System.Threading.SpinWait.SpinUntil(
            () => Tool.Output("ps", "-o", "comm", "--ppid", root.PidText).Split('\n').Count(comm => comm == "program") == 4, 10_000));
        foreach (string[] way in (string[][])[["--transport", "procfs"], ["--text-maps"], .. BpfUse.Obstacle is null ? [["--transport", "bpf"]] : (string[][])[]])
        {
            JsonElement image = Ckpt.DumpAndInspect(root.PidText, folder["a.ckpt"], ["--force", .. way]);
            string[] found = [.. image.GetProperty("files").EnumerateArray().Where(file => file.GetProperty("name").ToString().EndsWith("/program", StringComparison.Ordinal))
                .Select(file => $"{file.GetProperty("inode")} {file.GetProperty("name").ToString()[folder.FullName.Length..]} {file.GetProperty("build_id")}")];
            string sleep = Readelf("/bin/sleep"), tail = Readelf("/bin/tail");
            Assert.Equal(
                ((string[])[$"257 /all/one/program {sleep}", $"257 /all/two/program {tail}", $"257 /x/program {sleep}", $"257 /x/program {tail}"]).Order(StringComparer.Ordinal),
                found.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Files_that_share_device_inode_and_name_are_told_apart_by_their_build_IDs()
    {
        FileTable own = new(), all = new();
        byte[] name = Encoding.ASCII.GetBytes("/bin/x");
        int first = own.NumberOf(0, 40, 257, name);
        Assert.Equal(first, own.Note(first, [], 61, false));
        Assert.Equal(61, own.Files[first].BuildIdErrno);
        Vma[] vmas = [new Vma(0x1000, 0x2000, VmaFlags.Read, 0, first)];
        all.Translate(own, vmas);
        Assert.Equal(first, own.Note(first, [1, 2], 0, false));
        int second = own.Note(first, [3, 4], 0, false);
        Assert.NotEqual(first, second);
        Assert.Equal(second, own.Note(first, [3, 4], 0, false));
        Assert.Equal(first, own.Note(first, [], 61, false));
        Assert.Equal(first, own.Note(first, [1, 2], 0, false));
        Vma[] more = [new Vma(0x1000, 0x2000, VmaFlags.Read, 0, second)];
        all.Translate(own, more);
        Assert.NotEqual(vmas[0].File, more[0].File);
        Assert.Equal([1, 2], all.Files[vmas[0].File].BuildId!.Value.Span.ToArray());
        Assert.Equal([3, 4], all.Files[more[0].File].BuildId!.Value.Span.ToArray());
        Assert.All(all.Files, file => Assert.Equal(0, file.BuildIdErrno));
    }

    private static string Readelf(string path) => Regex.Match(Tool.Run(["readelf", "-n", path]).Text, "Build ID: ([0-9a-f]+)").Groups[1].Value;
}
