using System;
using System.IO;
using System.Linq;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Streams;

public sealed class ProcessSetupTests
{
    [LinuxFact("gcc", "bash")]
    public void Too_few_open_files_are_told_as_that_and_never_as_a_process_that_is_gone()
    {
        using TempFolder folder = new();
        using ChildProcess target = Workload.Start("tree", "2", "40");
        int refused = 0;
        for (int limit = 30; limit < 90; limit += 6)
        {
            RunResult result = Shell.Run("ulimit -n $3; \"$ckpt\" dump --force --pid $1 -o \"$2\"", target.PidText, folder["a.ckpt"], limit.ToString(System.Globalization.CultureInfo.InvariantCulture));

            // With fewer than the runtime itself needs it does not start, or cannot load what it needs.
            if (result.Stderr.StartsWith("ckpt: ", StringComparison.Ordinal))
            {
                Assert.True(result.ExitCode is 5 or 7 && result.Stderr.Contains("ulimit -n", StringComparison.Ordinal), $"{limit}: {result.ExitCode} {result.Stderr}");
                refused++;
            }
        }

        Assert.True(refused > 0, "no limit was one of ckpt's own");
    }

    [LinuxFact("bash")]
    public void The_limit_of_open_files_is_raised_as_far_as_it_may_be()
    {
        using TempFolder folder = new();
        Tool.Output("mkfifo", folder["fifo"]);
        using ChildProcess reader = ChildProcess.Launch(["bash", "-c", "ulimit -Sn 64; exec \"$@\"", "bash", .. Ckpt.Command("inspect", folder["fifo"])], Ckpt.Variables);
        string[] limits = [];
        Wait.Until(() => (limits = Limits(reader.Pid)).Length == 2 && limits[0] == limits[1], "the soft limit is the hard one");
    }

    [LinuxFact("setpriv", "mkfifo", Root = true)]
    public void While_an_image_is_in_memory_other_processes_of_the_user_may_not_read_it()
    {
        using TempFolder folder = new(writableByAll: true);
        Tool.Output("mkfifo", "-m", "666", folder["fifo"]);
        using ChildProcess reader = ChildProcess.Launch([.. User.Nobody, .. Ckpt.Command("inspect", folder["fifo"])], Ckpt.Variables);

        // The kernel gives the files of such a process to root; before, they are the user's.
        Wait.Until(
            () => ProcFile.Status(reader.Pid, "Uid")?.StartsWith("65534", StringComparison.Ordinal) == true
                && ProcFile.Status(reader.Pid, "Name") != "setpriv" && Tool.Output("stat", "-c", "%u", $"/proc/{reader.Pid}/environ") == "0\n",
            "the reader's environ belongs to root");
        Assert.NotEqual(0, Tool.Run([.. User.Nobody, "cat", $"/proc/{reader.Pid}/environ"]).ExitCode);
    }

    [LinuxFact("gcc", "bash")]
    public void A_library_beside_the_program_or_in_the_working_directory_is_never_loaded()
    {
        using TempFolder folder = new();
        using TempFolder here = new();
        using ChildProcess target = ChildProcess.Launch(["sleep", "600"]);
        File.WriteAllText(here["planted.c"], "#include <unistd.h>\n__attribute__((constructor)) static void loaded(void) { write(2, \"PLANTED\\n\", 8); }\n");
        Tool.Output("gcc", "-w", "-shared", "-fPIC", "-o", here["planted"], here["planted.c"]);
        foreach (string file in Directory.GetFiles(Ckpt.Folder))
        {
            File.Copy(file, folder[Path.GetFileName(file)]);
        }

        string[] libraries = ["libc.so.6", "libc.so", "liblibc.so", "libc", "libzstd.so.1", "libzstd.so", "libzstd", "libm.so.6"];
        foreach (string place in (string[])[folder.FullName, here.FullName])
        {
            foreach (string library in libraries)
            {
                File.Copy(here["planted"], Path.Combine(place, library));
            }
        }

        RunResult result = Tool.Run([folder["ckpt"], "dump", "--pid", target.PidText, "-o", "a.ckpt"], Ckpt.Variables, here.FullName).Expect(0);
        Assert.DoesNotContain("PLANTED", result.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("PLANTED", Tool.Run([folder["ckpt"], "check"], Ckpt.Variables, here.FullName).Stderr, StringComparison.Ordinal);
        Assert.Contains("PLANTED", Tool.Run(["sh", "-c", "LD_PRELOAD=./libzstd.so.1 /bin/true"], null, here.FullName).Stderr, StringComparison.Ordinal);
    }

    private static string[] Limits(int pid)
    {
        try
        {
            return [.. File.ReadLines($"/proc/{pid}/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[3..5]];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
