using System.IO;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Streams;

public sealed class DescriptorTests
{
    [LinuxFact("bash")]
    public void A_closed_descriptor_never_becomes_the_image_and_a_message_that_cannot_be_written_changes_nothing()
    {
        using TempFolder folder = new();
        using ChildProcess target = ChildProcess.Launch(["sleep", "600"]);
        foreach (string how in (string[])["<&- >&- 2>&-", "2>&-", ">&- 2>&-", "<&-", "2> /dev/full", "> /dev/full 2>&1", "2>&1 >&-"])
        {
            RunResult result = Shell.Run($"\"$ckpt\" dump --pid $1 -o \"$2\" --force {how}", target.PidText, folder["a.ckpt"]);
            Assert.True(result.ExitCode == 0, $"{how}: {result.ExitCode} {result.Stderr}");
            Ckpt.Run("validate", "-q", folder["a.ckpt"]).Expect(0);
            Assert.Equal(["a.ckpt"], folder.Names);
        }
    }

    [LinuxFact("bash")]
    public void A_failure_keeps_its_exit_code_when_nobody_hears_of_it()
    {
        foreach (string how in (string[])["2>&-", "2> /dev/full", "<&- >&- 2>&-"])
        {
            Assert.Equal(4, Shell.Run($"\"$ckpt\" dump --pid 4194303 -o - {how} > /dev/null").ExitCode);
            Assert.Equal(2, Shell.Run($"\"$ckpt\" frobnicate {how}").ExitCode);
        }
    }

    [LinuxFact("bash")]
    public void Data_for_or_from_a_closed_descriptor_is_an_error()
    {
        using TempFolder folder = new();
        using ChildProcess target = ChildProcess.Launch(["sleep", "600"]);
        Ckpt.Run("dump", "-q", "--pid", target.PidText, "-o", folder["a.ckpt"]).Expect(0);
        Shell.Run("\"$ckpt\" dump --pid $1 -o - >&-", target.PidText).ExpectOneLine(6, "bad file descriptor");
        Shell.Run("\"$ckpt\" inspect \"$1\" >&-", folder["a.ckpt"]).ExpectOneLine(6, "bad file descriptor");
        Shell.Run("\"$ckpt\" inspect - <&-").ExpectOneLine(3, "standard input", "bad file descriptor");
        Shell.Run("\"$ckpt\" dump --pid $1 -o /dev/stdout >&-", target.PidText).ExpectOneLine(6, "bad file descriptor");
        Shell.Run("\"$ckpt\" dump --pid $1 -o /dev/fd/77", target.PidText).ExpectOneLine(6, "bad file descriptor");
    }

    [LinuxFact("bash")]
    public void A_path_that_names_a_descriptor_is_that_descriptor()
    {
        using TempFolder folder = new();
        using ChildProcess target = ChildProcess.Launch(["sleep", "600"]);
        Shell.Run("echo before > \"$2\"; \"$ckpt\" dump -q --pid $1 -o /dev/stdout >> \"$2\"", target.PidText, folder["stdout"]).Expect(0);
        Assert.Equal("before\n"u8.ToArray(), File.ReadAllBytes(folder["stdout"])[..7]);
        Shell.Run("\"$ckpt\" dump -q --pid $1 -o /dev/fd/7 7> \"$2\"", target.PidText, folder["seven"]).Expect(0);
        Ckpt.Run("validate", "-q", folder["seven"]).Expect(0);
        Shell.Run("\"$ckpt\" dump -q --pid $1 -o >(cat > \"$2\") && wait $!", target.PidText, folder["pipe"]).Expect(0);
        Ckpt.Run("validate", "-q", folder["pipe"]).Expect(0);
        Ckpt.Run("dump", "-q", "--pid", target.PidText, "-o", "/dev/null").Expect(0);
    }

    [LinuxFact("bash", Oracle.Python)]
    public void A_pipe_that_somebody_made_non_blocking_gets_all_the_same()
    {
        using TempFolder folder = new();
        using ChildProcess target = ChildProcess.Launch(["sleep", "600"]);
        const string Slow = "import os, sys, subprocess\nr, w = os.pipe()\nos.set_blocking(w, False)\n"
            + "p = subprocess.Popen(sys.argv[1:], stdout=w)\nos.close(w)\nn = 0\n"
            + "while True:\n  b = os.read(r, 512)\n  n += len(b)\n  if not b: break\nprint(p.wait(), n > 70000)\n";
        Ckpt.Run("dump", "-q", "--pid", OwnPid(), "-o", folder["a.ckpt"], "--allow-partial").Expect(0);
        Assert.Equal("0 True\n", Tool.Run([Oracle.Python, "-c", Slow, .. Ckpt.Command("inspect", folder["a.ckpt"], "--json")], Ckpt.Variables).Expect(0).Text);
    }

    private static string OwnPid() => System.Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
