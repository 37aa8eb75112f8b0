using System.IO;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Streams;

public sealed class BrokenPipeTests
{
    /// <summary>A pipe that nobody reads any more is standard output from the first byte on.</summary>
    private const string NobodyReads = "exec 3<> \"$1/pipe\" 4> \"$1/pipe\" 3>&-; cd \"$1\"; shift; \"$ckpt\" \"$@\" >&4";

    [LinuxFact("bash")]
    public void A_reader_that_goes_away_changes_no_answer()
    {
        using TempFolder folder = new();
        using ChildProcess target = ChildProcess.Launch(["sleep", "600"]);
        using ChildProcess other = ChildProcess.Launch(["sleep", "599"]);
        Tool.Output("mkfifo", folder["pipe"]);
        Ckpt.Run("dump", "-q", "--pid", target.PidText, "-o", folder["a.ckpt"]).Expect(0);
        Ckpt.Run("dump", "-q", "--pid", other.PidText, "-o", folder["b.ckpt"]).Expect(0);
        File.WriteAllBytes(folder["cut"], File.ReadAllBytes(folder["a.ckpt"])[..^9]);
        foreach ((int expected, string line) in ((int, string)[])
            [
                (0, "validate a.ckpt"), (1, "validate cut"), (1, "validate cut --json"), (3, "validate a.ckpt none"),
                (0, "check procfs"), (1, "check task-diag"), (1, "check task-diag --json"),
                (0, "diff a.ckpt a.ckpt"), (1, "diff a.ckpt b.ckpt"), (1, "diff a.ckpt b.ckpt --json"),
                (0, "inspect a.ckpt"), (0, "inspect a.ckpt --json"), (0, "version"), (0, "--help"),
                (6, $"dump -p {target.PidText} -o -"), (6, $"tasks one -p {target.PidText}"), (6, "tasks all --raw -"),
                (0, $"dump -q -p {target.PidText} -o c.ckpt --json"),
            ])
        {
            RunResult result = Shell.Run(NobodyReads, [folder.FullName, .. line.Split(' ')]);
            Assert.True(result.ExitCode == expected && result.Stderr.Length == 0, $"{line}: {result.ExitCode} {result.Stderr}");
        }

        Ckpt.Run("validate", "-q", folder["c.ckpt"]).Expect(0);
    }
}
