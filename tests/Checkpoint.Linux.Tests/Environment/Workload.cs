using System;
using System.Collections.Generic;
using System.IO;
using Xunit;

namespace Checkpoint.Linux.Tests.Environment;

/// <summary>The programs of <c>tools/workloads</c>, compiled once per test run.</summary>
public static class Workload
{
    private static readonly object _lock = new();
    private static readonly Dictionary<string, string> _built = [];
    private static readonly Lazy<TempFolder> _folder = new(() =>
    {
        TempFolder folder = new();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder;
    });

    /// <summary>Compiles a workload with warnings as errors.</summary>
    /// <param name="name">The source's name without extension.</param>
    /// <returns>The program's path, runnable by everyone.</returns>
    public static string Build(string name)
    {
        lock (_lock)
        {
            if (!_built.TryGetValue(name, out string? program))
            {
                program = _folder.Value[name];
                string source = Path.Combine(Repository.Root, "tools", "workloads", name + ".c");
                RunResult result = Tool.Run(["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread", "-o", program, source]);
                Assert.True(result.ExitCode == 0, result.Stderr);
                _built.Add(name, program);
            }

            return program;
        }
    }

    /// <summary>Starts a workload and waits until it is ready.</summary>
    /// <param name="name">The source's name without extension.</param>
    /// <param name="args">Its arguments.</param>
    /// <returns>The running program.</returns>
    public static ChildProcess Start(string name, params string[] args) => ChildProcess.Start([Build(name), .. args]);

    /// <summary>Starts a workload as an ordinary user and waits until it is ready.</summary>
    /// <param name="name">The source's name without extension.</param>
    /// <param name="args">Its arguments.</param>
    /// <returns>The running program.</returns>
    public static ChildProcess StartAsNobody(string name, params string[] args) => ChildProcess.Start([.. User.Nobody, Build(name), .. args]);
}
