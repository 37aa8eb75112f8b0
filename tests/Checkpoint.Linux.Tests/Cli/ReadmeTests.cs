using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Cli;

public sealed partial class ReadmeTests
{
    /// <summary>What a fresh clone holds that a build needs; everything else is left behind.</summary>
    private static readonly string[] _sources = ["src", "images", "tools", "Checkpoint.sln", "Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig", "README.md"];

    [LinuxFact("bash", "dotnet")]
    public void Every_command_of_the_README_works_in_a_fresh_clone()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        string[] blocks = ShellBlock().Matches(readme).Select(match => match.Groups[1].Value).ToArray();
        Assert.True(blocks.Length > 0);
        using TempFolder clone = new();
        foreach (string name in _sources.Where(name => Path.Exists(Path.Combine(Repository.Root, name))))
        {
            Copy(Path.Combine(Repository.Root, name), clone[name]);
        }

        // One shell for all, since a reader too types them one after the other; -x says where it failed.
        string script = "set -euxo pipefail\n" + string.Join('\n', blocks);
        RunResult result = Tool.Run(["bash", "-c", script], CleanVariables(), clone.FullName, timeoutSeconds: 400);
        Assert.True(result.ExitCode == 0, $"exit code {result.ExitCode}\n{result.Stderr}\n{result.Text}");
    }

    [LinuxFact]
    public void Links_of_the_documents_lead_somewhere()
    {
        List<string> broken = [];
        foreach (string document in Directory.EnumerateFiles(Repository.Root, "*.md", SearchOption.AllDirectories).Where(path => !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/artifacts/", StringComparison.Ordinal)))
        {
            broken.AddRange(Link().Matches(File.ReadAllText(document)).Select(match => match.Groups[1].Value)
                .Where(link => !link.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(Path.GetDirectoryName(document)!, link)))
                .Select(link => $"{Path.GetRelativePath(Repository.Root, document)}: {link}"));
        }

        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    /// <summary>Without what the running test host was given by <c>dotnet test</c>.</summary>
    private static Dictionary<string, string?> CleanVariables()
    {
        Dictionary<string, string?> variables = [];
        foreach (string name in System.Environment.GetEnvironmentVariables().Keys.Cast<string>())
        {
            if (name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase) || name is "DOTNET_HOST_PATH" or "CI")
            {
                variables[name] = null;
            }
        }

        variables["DOTNET_ROOT"] = Ckpt.Variables["DOTNET_ROOT"];
        variables["DOTNET_NOLOGO"] = "1";
        variables["MSBUILDDISABLENODEREUSE"] = "1";

        // The analysers have seen the same sources when these tests were built.
        variables["RunAnalyzers"] = "false";
        return variables;
    }

    private static void Copy(string from, string to)
    {
        if (File.Exists(from))
        {
            File.Copy(from, to);
            return;
        }

        Directory.CreateDirectory(to);
        foreach (string entry in Directory.EnumerateFileSystemEntries(from).Where(entry => Path.GetFileName(entry) is not ("bin" or "obj" or "artifacts")))
        {
            Copy(entry, Path.Combine(to, Path.GetFileName(entry)));
        }
    }

    [GeneratedRegex("^```sh\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex(@"\]\(([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();
}
