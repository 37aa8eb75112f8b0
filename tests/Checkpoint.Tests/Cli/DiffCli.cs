using System.IO;
using System.Linq;
using System.Text.Json;
using Checkpoint.Model;

namespace Checkpoint.Tests.Cli;

/// <summary>Runs <c>ckpt diff</c> on trees by way of image files.</summary>
internal static class DiffCli
{
    internal static CliRun Of(ProcessTree old, ProcessTree @new, params string[] options) => Of([old, @new], options);

    internal static CliRun Of(ProcessTree[] trees, params string[] options)
    {
        using TempFolder folder = new();
        string[] images = [.. trees.Select((tree, i) => Write(folder, $"{i}.ckpt", tree))];
        return CliRun.Of(["diff", .. images, .. options]);
    }

    internal static JsonElement[] Changes(ProcessTree old, ProcessTree @new, params string[] options)
    {
        CliRun run = Of(old, @new, ["--json", .. options]);
        return [.. JsonDocument.Parse(run.OutBytes).RootElement.GetProperty("changes").EnumerateArray()];
    }

    /// <summary>The text below the header, whose paths are new each time.</summary>
    internal static string Text(CliRun run) => run.Out[(run.Out.IndexOf("\n\n", System.StringComparison.Ordinal) + 2)..];

    internal static string Write(TempFolder folder, string name, ProcessTree tree)
    {
        File.WriteAllBytes(folder[name], CliRun.Image(tree));
        return folder[name];
    }
}
