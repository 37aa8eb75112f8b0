using System.IO;
using System.Linq;
using System.Text.Json;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.RealTrees;

public sealed class RuntimeTests
{
    [LinuxFact(Oracle.Python, Root = true)]
    public void A_Python_program_with_8_threads_is_captured_as_proc_shows_it()
    {
        const string Source = """
            import threading
            never = threading.Event()
            for _ in range(7):
                threading.Thread(target=never.wait, daemon=True).start()
            print("ready", flush=True)
            never.wait()
            """;
        using ChildProcess python = ChildProcess.Start([Oracle.Python, "-c", Source]);
        JsonElement image = ImageComparison.AssertSame(python.Pid);
        Assert.Equal(8, image.GetProperty("threads").GetArrayLength());
        Assert.Equal([Oracle.Python, "-c", Source], image.GetProperty("processes")[0].GetProperty("cmdline").EnumerateArray().Select(argument => argument.GetString()!));
    }

    [LinuxFact("node", Oracle.Python, Root = true)]
    public void A_Node_program_is_captured_as_proc_shows_it()
    {
        using ChildProcess node = ChildProcess.Start(["node", "-e", "console.log('ready'); setInterval(() => {}, 1e9)"]);
        JsonElement image = ImageComparison.AssertSame(node.Pid);
        Assert.True(image.GetProperty("threads").GetArrayLength() > 4);
    }

    [LinuxFact("mkfifo", Oracle.Python, Root = true)]
    public void A_dotnet_program_is_captured_as_proc_shows_it()
    {
        // It waits for an image that nobody sends.
        using TempFolder folder = new();
        Tool.Output("mkfifo", folder["never"]);
        using FileStream keepOpen = new(folder["never"], FileMode.Open, FileAccess.ReadWrite);
        using ChildProcess dotnet = ChildProcess.Launch(Ckpt.Command("inspect", folder["never"]), Ckpt.Variables);
        Wait.Until(() => ProcFile.HasOpen(dotnet.Pid, folder["never"]), "it reads");
        JsonElement image = ImageComparison.AssertSame(dotnet.Pid);
        Assert.True(image.GetProperty("threads").GetArrayLength() > 3);
        Assert.Contains(image.GetProperty("spaces")[0].GetProperty("vmas").EnumerateArray(), vma => vma.GetProperty("name").ToString().Contains("coreclr", System.StringComparison.Ordinal));
    }
}
