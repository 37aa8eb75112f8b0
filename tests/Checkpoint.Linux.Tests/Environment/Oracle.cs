using System.IO;
using System.Text.Json;

namespace Checkpoint.Linux.Tests.Environment;

/// <summary>What <c>/proc</c> says, read by a Python script that shares nothing with the program under test.</summary>
public static class Oracle
{
    /// <summary>The interpreter; the system's own, which other users can run too.</summary>
    public const string Python = "/usr/bin/python3";

    /// <summary>Reads a process.</summary>
    /// <param name="pid">Its pid.</param>
    /// <param name="children">Whether its descendants are read too.</param>
    /// <returns>Processes, threads and VMAs by id, in the keys of <c>ckpt.inspect/1</c>.</returns>
    public static JsonElement Read(int pid, bool children = true)
    {
        string script = Path.Combine(Repository.Root, "tests", "Checkpoint.Linux.Tests", "Oracles", "proc_oracle.py");
        string id = pid.ToString(System.Globalization.CultureInfo.InvariantCulture);
        RunResult result = Tool.Run(children ? [Python, script, "--tree", id] : [Python, script, id]);
        return result.Expect(0).Json;
    }
}
