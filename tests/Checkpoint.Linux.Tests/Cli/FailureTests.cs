using System.IO;
using System.Linq;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Cli;

public sealed class FailureTests
{
    [LinuxFact]
    public void A_pid_that_does_not_exist_is_exit_4()
    {
        using TempFolder folder = new();
        Ckpt.Run("dump", "--pid", "4194303", "-o", folder["a.ckpt"]).ExpectOneLine(4, "4194303", "no such process");
        Assert.Empty(folder.Names);
    }

    [LinuxFact]
    public void A_process_that_has_just_been_reaped_is_exit_4()
    {
        using TempFolder folder = new();
        string pid = Tool.Output("sh", "-c", "echo $$").Trim();
        Ckpt.Run("dump", "--pid", pid, "-o", folder["a.ckpt"]).ExpectOneLine(4, pid);
        Assert.Empty(folder.Names);
    }

    [LinuxFact]
    public void A_process_that_exits_meanwhile_gives_an_image_or_exit_4_and_nothing_else()
    {
        using TempFolder folder = new();
        for (int i = 0; i < 20; i++)
        {
            using ChildProcess brief = ChildProcess.Launch(["sleep", (0.04 + (0.005 * i)).ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            RunResult result = Ckpt.Run("dump", "--force", "--pid", brief.PidText, "-o", folder["a.ckpt"]);
            if (result.ExitCode == 0)
            {
                Ckpt.Run("inspect", folder["a.ckpt"]).Expect(0);
                File.Delete(folder["a.ckpt"]);
            }
            else
            {
                result.ExpectOneLine(4, brief.PidText);
            }

            Assert.Empty(folder.Names);
        }
    }

    [LinuxFact]
    public void A_pid_that_is_not_one_is_a_usage_error()
    {
        using TempFolder folder = new();
        foreach (string pid in (string[])["abc", "-5", "0", "99999999999999999999", "1.5", "0x10"])
        {
            RunResult result = Ckpt.Run("dump", "--pid=" + pid, "-o", folder["a.ckpt"]);
            result.Expect(2);
            Assert.Empty(result.Stdout);
            Assert.Contains("pid", result.Stderr, System.StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", result.Stderr, System.StringComparison.Ordinal);
        }

        Assert.Empty(folder.Names);
    }

    [LinuxFact]
    public void An_unknown_option_or_command_is_a_usage_error()
    {
        foreach (string[] args in (string[][])[["dump"], ["frobnicate"], ["dump", "--pid", "1", "--no-such-option"], ["inspect"]])
        {
            RunResult result = Ckpt.Run(args);
            result.Expect(2);
            Assert.Empty(result.Stdout);
            Assert.NotEmpty(result.Stderr);
        }
    }

    [LinuxFact("setpriv", Root = true)]
    public void A_folder_that_may_not_be_written_to_is_exit_6()
    {
        using TempFolder folder = new();
        Ckpt.RunAsNobody("dump", "--pid", OwnPid(), "-o", folder["a.ckpt"]).ExpectOneLine(6, folder["a.ckpt"], "permission denied");
        Assert.Empty(folder.Names);
    }

    [LinuxFact]
    public void A_folder_that_does_not_exist_is_exit_6()
    {
        using TempFolder folder = new();
        Ckpt.Run("dump", "--pid", OwnPid(), "-o", folder["none/a.ckpt"]).ExpectOneLine(6, "none/a.ckpt", "no such file or directory");
        Ckpt.Run("dump", "--pid", OwnPid(), "-o", folder.FullName).ExpectOneLine(6, folder.FullName);
        Assert.Empty(folder.Names);
    }

    [LinuxFact]
    public void An_existing_file_is_kept_unless_forced()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["a.ckpt"], "precious");
        using ChildProcess target = ChildProcess.Launch(["sleep", "600"]);
        Ckpt.Run("dump", "--pid", target.PidText, "-o", folder["a.ckpt"]).ExpectOneLine(6, folder["a.ckpt"], "exists", "--force");
        Assert.Equal("precious", File.ReadAllText(folder["a.ckpt"]));
        Assert.Equal(["a.ckpt"], folder.Names);
        Ckpt.Run("dump", "--force", "--pid", target.PidText, "-o", folder["a.ckpt"]).Expect(0);
        Ckpt.Run("inspect", folder["a.ckpt"]).Expect(0);
        Assert.Equal(["a.ckpt"], folder.Names);
    }

    [LinuxFact("gcc", "unshare", Root = true)]
    public void A_full_disk_is_exit_6_and_leaves_nothing()
    {
        using TempFolder folder = new();
        using ChildProcess target = Workload.Start("tree", "4", "500");
        foreach (string force in (string[])["", "--force"])
        {
            // A mount namespace of its own, so that the mount goes with the shell. One page is less than the image needs.
            string script = "mount -t tmpfs -o size=4k tmpfs \"$1\" && cd \"$1\" && shift && \"$@\"; code=$?; echo \"left: $(ls -A)\"; exit $code";
            RunResult result = Tool.Run(
                ["unshare", "--mount", "sh", "-c", script, "sh", folder.FullName, .. Ckpt.Command(["dump", "--pid", target.PidText, "-o", "a.ckpt", .. force.Length == 0 ? [] : (string[])[force]])], Ckpt.Variables);
            Assert.True(result.ExitCode == 6, $"{result.ExitCode} {result.Stderr} {result.Text}");
            Assert.Equal("left: \n", result.Text);
            Assert.Single(result.Stderr.TrimEnd('\n').Split('\n'));
            Assert.Contains("no space left on device", result.Stderr, System.StringComparison.OrdinalIgnoreCase);
        }
    }

    [LinuxFact]
    public void A_device_that_is_always_full_is_exit_6()
    {
        using ChildProcess target = ChildProcess.Launch(["sleep", "600"]);
        RunResult result = Tool.Run(["sh", "-c", "exec \"$@\" > /dev/full", "sh", .. Ckpt.Command("dump", "--pid", target.PidText, "-o", "-")], Ckpt.Variables);
        result.ExpectOneLine(6, "no space left on device");
    }

    [LinuxFact]
    public void What_is_not_an_image_is_exit_3()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["text"], "#!/bin/sh\necho hello, this is not an image at all\n");
        File.WriteAllBytes(folder["empty"], []);
        Ckpt.Run("inspect", folder["text"]).ExpectOneLine(3, folder["text"], "not");
        Ckpt.Run("inspect", folder["empty"]).ExpectOneLine(3, folder["empty"]);
        Ckpt.Run("inspect", folder["missing"]).ExpectOneLine(3, folder["missing"], "no such file");
        Ckpt.Run("inspect", folder.FullName).ExpectOneLine(3, folder.FullName);
        Ckpt.Run("inspect", folder["text"], "--json").ExpectOneLine(3, folder["text"]);
    }

    [LinuxFact]
    public void A_damaged_or_truncated_image_is_exit_3_wherever_it_is_cut()
    {
        using TempFolder folder = new();
        using ChildProcess target = ChildProcess.Launch(["sleep", "600"]);
        Ckpt.Run("dump", "-q", "--pid", target.PidText, "-o", folder["whole"]).Expect(0);
        byte[] whole = File.ReadAllBytes(folder["whole"]);
        foreach (int length in (int[])[1, 7, 12, whole.Length / 3, whole.Length / 2, whole.Length - 9, whole.Length - 1])
        {
            File.WriteAllBytes(folder["cut"], whole[..length]);
            Ckpt.Run("inspect", folder["cut"]).ExpectOneLine(3, folder["cut"]);
        }

        byte[] flipped = whole.ToArray();
        flipped[whole.Length / 2] ^= 0x10;
        File.WriteAllBytes(folder["flipped"], flipped);
        Ckpt.Run("inspect", folder["flipped"], "--json").ExpectOneLine(3, folder["flipped"]);
    }

    [LinuxFact]
    public void An_image_goes_through_a_pipe()
    {
        using TempFolder folder = new();
        using ChildProcess target = ChildProcess.Launch(["sleep", "600"]);
        string program = Ckpt.Command()[0];
        RunResult result = Tool.Run(["sh", "-c", $"{program} dump -q --pid {target.PidText} -o - | {program} inspect - --json"], Ckpt.Variables);
        Assert.Equal(target.Pid, result.Expect(0).Json.GetProperty("processes")[0].GetProperty("pid").GetInt32());
    }

    [LinuxFact]
    public void A_reader_that_has_enough_is_no_error()
    {
        using TempFolder folder = new();
        using ChildProcess target = ChildProcess.Launch(["sleep", "600"]);
        Ckpt.Run("dump", "-q", "--pid", target.PidText, "-o", folder["a.ckpt"]).Expect(0);
        RunResult result = Tool.Run(["bash", "-c", $"set -o pipefail; {Ckpt.Command()[0]} inspect {folder["a.ckpt"]} --json --vmas | head -c 1 | cat"], Ckpt.Variables);
        Assert.Equal("{", result.Expect(0).Text);
        Assert.Empty(result.Stderr);
    }

    private static string OwnPid() => System.Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
