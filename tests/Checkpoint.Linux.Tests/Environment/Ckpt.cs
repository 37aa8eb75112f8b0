using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;

namespace Checkpoint.Linux.Tests.Environment;

/// <summary>Runs the <c>ckpt</c> that was built with these tests, from a folder that every user can read.</summary>
public static class Ckpt
{
    private static readonly Lazy<TempFolder> _installed = new(Install);

    /// <summary>The folder it runs from, for a PATH.</summary>
    public static string Folder => _installed.Value.FullName;

    /// <summary>What it needs in its environment wherever it is started.</summary>
    public static IReadOnlyDictionary<string, string?> Variables { get; } = new Dictionary<string, string?>
    {
        ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..")),
        ["DOTNET_TieredPGO"] = "0",
        ["TMPDIR"] = null,
    };

    /// <summary>Its command line.</summary>
    /// <param name="args">Arguments.</param>
    /// <returns>Program and arguments.</returns>
    public static IReadOnlyList<string> Command(params string[] args) => [_installed.Value["ckpt"], .. args];

    /// <summary>Runs it to its end.</summary>
    /// <param name="args">Arguments.</param>
    /// <returns>What it said.</returns>
    public static RunResult Run(params string[] args) => Tool.Run(Command(args), Variables);

    /// <summary>Runs it to its end as an ordinary user.</summary>
    /// <param name="args">Arguments.</param>
    /// <returns>What it said.</returns>
    public static RunResult RunAsNobody(params string[] args) => Tool.Run([.. User.Nobody, .. Command(args)], Variables);

    /// <summary>Dumps a tree to a file and reads it back as JSON.</summary>
    /// <param name="pid">The root.</param>
    /// <param name="image">Where the image goes.</param>
    /// <param name="options">More options of <c>dump</c>.</param>
    /// <returns>What <c>inspect --json</c> says of the image.</returns>
    public static JsonElement DumpAndInspect(string pid, string image, params string[] options)
    {
        Run(["dump", "-q", "--pid", pid, "--output", image, .. options]).Expect(0);
        return Run("inspect", image, "--json").Expect(0).Json;
    }

    private static TempFolder Install()
    {
        TempFolder folder = new();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        foreach (string pattern in (string[])["ckpt", "ckpt.*", "Checkpoint.dll", "Checkpoint.Linux.dll", "System.CommandLine.dll"])
        {
            foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, pattern))
            {
                string copy = folder[Path.GetFileName(file)];
                File.Copy(file, copy, overwrite: true);
                File.SetUnixFileMode(copy, File.GetUnixFileMode(file) | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
            }
        }

        return folder;
    }
}
