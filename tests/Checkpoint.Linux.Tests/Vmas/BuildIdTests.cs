using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Vmas;

public sealed class BuildIdTests
{
    [LinuxFact("readelf", Oracle.Python, Root = true)]
    public void Every_mapped_file_has_the_build_ID_that_readelf_finds_by_ioctl()
    {
        AssertLikeReadelf();
    }

    [LinuxFact("readelf", Oracle.Python, Root = true)]
    public void Every_mapped_file_has_the_build_ID_that_readelf_finds_by_its_own_notes()
    {
        AssertLikeReadelf("--text-maps");
    }

    [LinuxFact("readelf", Oracle.Python, Root = true)]
    public void Statistics_come_with_build_IDs_too()
    {
        AssertLikeReadelf("--vm-stats");
    }

    [LinuxFact("readelf")]
    public void Build_IDs_need_no_privilege()
    {
        using ChildProcess sleeper = ChildProcess.Launch([.. User.Nobody, "sleep", "600"]);
        WaitUntilRuns(sleeper.Pid, "sleep");
        using TempFolder folder = new();
        File.SetUnixFileMode(folder.FullName, (UnixFileMode)0x1ff);
        foreach (string option in (string[])["--no-children", "--text-maps"])
        {
            string image = folder[option + ".ckpt"];
            Ckpt.RunAsNobody("dump", "-q", "-p", sleeper.PidText, "-o", image, option).Expect(0);
            JsonElement libc = Ckpt.Run("inspect", image, "--files", "--json").Expect(0).Json.GetProperty("files").EnumerateArray()
                .Single(file => file.GetProperty("name").ToString().EndsWith("/libc.so.6", StringComparison.Ordinal));
            Assert.Equal(Readelf(libc.GetProperty("name").GetString()!), libc.GetProperty("build_id").GetString());
        }
    }

    [LinuxFact("readelf", Root = true)]
    public void A_program_replaced_under_its_process_keeps_its_own_build_ID()
    {
        using TempFolder folder = new();
        string program = folder["program"];
        File.Copy("/bin/sleep", program);
        using ChildProcess running = ChildProcess.Launch([program, "600"]);
        WaitUntilRuns(running.Pid, "program");
        File.Copy("/bin/cat", folder["next"]);
        File.Move(folder["next"], program, overwrite: true);
        foreach (string option in (string[])["--no-children", "--text-maps"])
        {
            JsonElement file = Ckpt.DumpAndInspect(running.PidText, folder[option + ".ckpt"], option).GetProperty("files").EnumerateArray()
                .Single(mapped => mapped.GetProperty("name").ToString() == program + " (deleted)");
            Assert.True(file.GetProperty("deleted").GetBoolean());
            Assert.Equal(Readelf("/bin/sleep"), file.GetProperty("build_id").GetString());
            Assert.NotEqual(Readelf("/bin/cat"), file.GetProperty("build_id").GetString());
        }
    }

    [LinuxFact("readelf", "setpriv", Oracle.Python, Root = true)]
    public void A_file_that_one_process_gives_no_access_to_is_asked_again_through_another()
    {
        using TempFolder folder = new(writableByAll: true);
        File.Copy("/bin/sleep", folder["first"]);
        Tool.Output("ln", folder["first"], folder["second"]);

        // The root of the tree, captured first, has the file by a name that is gone; its child by one that is there.
        const string Script = """
            import mmap, os, subprocess, sys, time
            with open(sys.argv[1], "rb") as file:
                kept = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
            if len(sys.argv) > 2:
                os.unlink(sys.argv[1])
                child = subprocess.Popen([sys.executable, "-c", sys.argv[3], sys.argv[2]], stdout=subprocess.PIPE)
                child.stdout.readline()
            print("ready", flush=True)
            time.sleep(600)
            """;
        using ChildProcess root = ChildProcess.Start([.. User.Nobody, Oracle.Python, "-c", Script, folder["first"], folder["second"], Script]);
        Ckpt.RunAsNobody("dump", "-q", "--text-maps", "-p", root.PidText, "-o", folder["a.ckpt"]).Expect(0);
        JsonElement image = Ckpt.Run("inspect", folder["a.ckpt"], "--json").Expect(0).Json;
        Assert.Equal(2, image.GetProperty("processes").GetArrayLength());
        JsonElement[] files = [.. image.GetProperty("files").EnumerateArray().Where(file => file.GetProperty("name").ToString().StartsWith(folder.FullName, StringComparison.Ordinal))];
        Assert.Equal([folder["first"] + " (deleted)", folder["second"]], files.Select(file => file.GetProperty("name").ToString()).Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.Equal(Readelf("/bin/sleep"), file.GetProperty("build_id").GetString()));
    }

    private static void AssertLikeReadelf(params string[] options)
    {
        using TempFolder folder = new();
        using ChildProcess python = ChildProcess.Start([Oracle.Python, "-c", "import ctypes, json, sqlite3, ssl, time; print('ready', flush=True); time.sleep(600)"]);
        JsonElement[] files = [.. Ckpt.DumpAndInspect(python.PidText, folder["a.ckpt"], options).GetProperty("files").EnumerateArray()];
        Assert.True(files.Length > 10, $"{files.Length} files");
        Assert.All(files, file => Assert.Equal(
            $"{file.GetProperty("name")} {Readelf(file.GetProperty("name").GetString()!)}", $"{file.GetProperty("name")} {file.GetProperty("build_id").GetString()}"));
        Assert.True(files.Count(file => file.GetProperty("build_id").GetString() is not null) > 8);
    }

    private static void WaitUntilRuns(int pid, string comm) =>
        Assert.True(System.Threading.SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{pid}/stat").Contains($"({comm}) S", StringComparison.Ordinal), 10_000));

    private static string? Readelf(string path)
    {
        Match id = Regex.Match(Tool.Run(["readelf", "-n", path]).Text, "Build ID: ([0-9a-f]+)");
        return id.Success ? id.Groups[1].Value : null;
    }
}
