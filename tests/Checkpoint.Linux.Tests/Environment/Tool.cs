using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace Checkpoint.Linux.Tests.Environment;

/// <summary>Finds and runs programs that are not ours.</summary>
public static class Tool
{
    private static readonly string[] _more = ["/usr/sbin", "/sbin", "/usr/lib/postgresql/*/bin"];

    /// <summary>Finds a program on the path, or where Debian keeps those that are not.</summary>
    /// <param name="name">Name, or an absolute path.</param>
    /// <returns>The absolute path, or null.</returns>
    public static string? Find(string name)
    {
        if (name.StartsWith('/'))
        {
            return File.Exists(name) ? name : null;
        }

        string[] path = (System.Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(':');
        return path.Concat(_more).SelectMany(Expand).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>Runs a program to its end and expects success.</summary>
    /// <param name="name">Name or path.</param>
    /// <param name="args">Arguments.</param>
    /// <returns>Its standard output.</returns>
    public static string Output(string name, params string[] args)
    {
        RunResult result = Run([name, .. args]);
        Assert.True(result.ExitCode == 0, $"{name} {string.Join(' ', args)} exited with {result.ExitCode}: {result.Stderr}");
        return Encoding.UTF8.GetString(result.Stdout);
    }

    /// <summary>Runs a command line to its end.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="environment">Variables to set (null value: to remove).</param>
    /// <param name="folder">Working directory.</param>
    /// <param name="timeoutSeconds">When to give up and fail.</param>
    /// <returns>What it said.</returns>
    public static RunResult Run(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null, int timeoutSeconds = 120)
    {
        using Process program = Process.Start(StartInfo(command, environment, folder))!;
        program.StandardInput.Close();
        Task<byte[]> stdout = ReadAll(program.StandardOutput.BaseStream);
        Task<byte[]> stderr = ReadAll(program.StandardError.BaseStream);
        if (!program.WaitForExit(TimeSpan.FromSeconds(timeoutSeconds)))
        {
            program.Kill();
            Assert.Fail($"{string.Join(' ', command)} did not end within {timeoutSeconds} s");
        }

        return new RunResult(program.ExitCode, stdout.GetAwaiter().GetResult(), Encoding.UTF8.GetString(stderr.GetAwaiter().GetResult()));
    }

    /// <summary>How a command line is started: no shell, everything redirected.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="environment">Variables to set (null value: to remove).</param>
    /// <param name="folder">Working directory.</param>
    /// <returns>The start info.</returns>
    public static ProcessStartInfo StartInfo(IReadOnlyList<string> command, IReadOnlyDictionary<string, string?>? environment, string? folder)
    {
        string file = Find(command[0]) ?? throw new FileNotFoundException(command[0]);
        ProcessStartInfo info = new(file, command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "/",
        };
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
        {
            info.Environment[name] = value;
        }

        return info;
    }

    private static async Task<byte[]> ReadAll(Stream stream)
    {
        using MemoryStream all = new();
        await stream.CopyToAsync(all).ConfigureAwait(false);
        return all.ToArray();
    }

    private static IEnumerable<string> Expand(string folder)
    {
        int star = folder.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
        {
            return [folder];
        }

        string parent = folder[..star];
        return Directory.Exists(parent)
            ? Directory.GetDirectories(parent).Select(found => found + folder[(star + 1)..])
            : [];
    }
}
