using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Xunit;

namespace Checkpoint.Tests;

/// <summary>A fact that needs programs of the machine; without them it is skipped, and says which to install.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresFactAttribute : FactAttribute
{
    /// <summary>The system's Python: the one that finds what apt installs.</summary>
    public const string Python = "/usr/bin/python3";

    private static readonly Lazy<bool> HasMsgpack = new(() => Run(Python, "-c", "import msgpack"));

    /// <summary>Names what is needed.</summary>
    /// <param name="packages">Debian packages: <c>python3-msgpack</c>, or such that hold a command of the same name.</param>
    public RequiresFactAttribute(params string[] packages)
    {
        string[] missing = [.. packages.Where(p => !IsThere(p))];
        if (missing.Length > 0)
        {
            Skip = $"needs apt: {string.Join(' ', missing)}";
        }
    }

    private static bool IsThere(string package) => package == "python3-msgpack"
        ? HasMsgpack.Value
        : (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Any(folder => File.Exists(Path.Join(folder, package)));

    private static bool Run(string program, params string[] arguments)
    {
        if (!File.Exists(program))
        {
            return false;
        }

        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
