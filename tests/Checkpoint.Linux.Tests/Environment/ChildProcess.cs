using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using Xunit;

namespace Checkpoint.Linux.Tests.Environment;

/// <summary>A program that a test inspects: started in a session of its own and killed at the end with everything below it.</summary>
public sealed class ChildProcess : IDisposable
{
    private readonly Process _program;
    private readonly BlockingCollection<string> _lines = [];
    private readonly ConcurrentQueue<string> _errors = [];
    private bool _ended;

    private ChildProcess(ProcessStartInfo info)
    {
        _program = Process.Start(info)!;
        _program.OutputDataReceived += (_, e) => Add(e.Data ?? "\0");
        _program.ErrorDataReceived += (_, e) => _errors.Enqueue(e.Data ?? "");
        _program.BeginOutputReadLine();
        _program.BeginErrorReadLine();
    }

    /// <summary>Its process id.</summary>
    public int Pid => _program.Id;

    /// <summary>The pid as text, for command lines.</summary>
    public string PidText => Pid.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Its standard input.</summary>
    public StreamWriter Input => _program.StandardInput;

    /// <summary>Starts a program and waits for a line on its standard output that begins with "ready".</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="environment">Variables to set.</param>
    /// <param name="folder">Working directory.</param>
    /// <returns>The running program.</returns>
    public static ChildProcess Start(IReadOnlyList<string> command, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null)
    {
        ChildProcess child = Launch(command, environment, folder);
        try
        {
            child.WaitForLine("ready");
            return child;
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    /// <summary>Starts a program without waiting for anything.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="environment">Variables to set.</param>
    /// <param name="folder">Working directory.</param>
    /// <returns>The running program.</returns>
    public static ChildProcess Launch(IReadOnlyList<string> command, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null) =>
        new(Tool.StartInfo(["setsid", .. command], environment, folder));

    /// <summary>Waits for a line on standard output.</summary>
    /// <param name="prefix">How it begins.</param>
    /// <returns>The line.</returns>
    public string WaitForLine(string prefix)
    {
        while (_lines.TryTake(out string? line, TimeSpan.FromSeconds(60)))
        {
            if (line.StartsWith(prefix, StringComparison.Ordinal))
            {
                return line;
            }

            if (line == "\0")
            {
                break;
            }
        }

        throw new InvalidOperationException($"{_program.StartInfo.FileName} did not say '{prefix}': {string.Join(" / ", _errors)}");
    }

    /// <summary>Sends it a signal.</summary>
    /// <param name="signal">The number.</param>
    public void Signal(int signal) => Kernel.Kill(Pid, signal);

    /// <summary>Waits until it has ended; only for programs that leave nothing below them.</summary>
    /// <param name="seconds">When to give up and fail.</param>
    /// <returns>Its exit code.</returns>
    public int WaitForExit(int seconds = 60)
    {
        Assert.True(_program.WaitForExit(TimeSpan.FromSeconds(seconds)), $"{Pid} did not end");
        _ended = true;
        return _program.ExitCode;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int round = 0; round < 200 && !_ended; round++)
        {
            HashSet<int> living = ProcFile.LivingFamily(Pid);
            if (living.Count == 0)
            {
                break;
            }

            foreach (int pid in living)
            {
                Kernel.Kill(pid, Kernel.SIGKILL);
            }

            Wait.Pass(5);
        }

        _program.WaitForExit(TimeSpan.FromSeconds(10));
        _program.Dispose();
        _lines.Dispose();
    }

    /// <summary>Takes a line in; the last ones may come when nobody waits for them any more.</summary>
    private void Add(string line)
    {
        try
        {
            _lines.Add(line);
        }
        catch (ObjectDisposedException)
        {
        }
    }
}
