using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Tasks;

/// <summary>Runs <c>tasks_oracle.py</c>, which holds the program against <c>/proc</c>.</summary>
internal static class TasksOracle
{
    /// <summary>Each flag alone, none, and all at once.</summary>
    internal static readonly string[] Flags = ["", "cred", "maps", "smaps", "stat", "statm", "cmdline", "cred,smaps,stat,statm,cmdline"];

    /// <summary>Fails unless the program says the same as <c>/proc</c>; tries again while something moves.</summary>
    /// <param name="strategy">Which tasks.</param>
    /// <param name="pid">Whose, or 0.</param>
    /// <param name="flags">What of them.</param>
    /// <param name="user">Prefix of a command line that runs as another user.</param>
    /// <returns>How many tasks were compared.</returns>
    internal static int AssertSame(string strategy, int pid, string flags, IReadOnlyList<string>? user = null)
    {
        string script = Path.Combine(Repository.Root, "tests", "Checkpoint.Linux.Tests", "Tasks", "tasks_oracle.py");
        using TempFolder folder = new();
        File.Copy(script, folder["oracle.py"]);
        File.SetUnixFileMode(folder["oracle.py"], UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        string text = "";
        for (int attempt = 0; attempt < 6; attempt++)
        {
            RunResult result = Tool.Run(
                [.. user ?? [], Oracle.Python, folder["oracle.py"], strategy, pid.ToString(CultureInfo.InvariantCulture), flags, "--", .. Ckpt.Command()],
                Ckpt.Variables);
            text = result.Expect(0).Text;
            if (text.Contains(" tasks, 0 differences", System.StringComparison.Ordinal))
            {
                return int.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture);
            }

            Wait.Pass(100);
        }

        Assert.Fail($"{strategy} of {pid} with '{flags}': {text}");
        return 0;
    }
}
