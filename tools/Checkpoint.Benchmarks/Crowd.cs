using System;
using System.Diagnostics;
using System.Globalization;

namespace Checkpoint.Benchmarks;

/// <summary>Many sleeping processes, made by <c>tools/workloads/tree.c</c>; all of them end with their root.</summary>
internal sealed class Crowd : IDisposable
{
    private readonly Process? _root;

    /// <summary>Makes them and waits until all are there.</summary>
    /// <param name="count">How many; 0 = none, the machine's own processes are enough.</param>
    /// <exception cref="InvalidOperationException">The machine does not allow so many.</exception>
    internal Crowd(int count)
    {
        if (count == 0)
        {
            return;
        }

        _root = Process.Start(new ProcessStartInfo(CProgram.Build("tree"), ["20", count.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        })!;
        if (_root.StandardOutput.ReadLine()?.StartsWith("ready", StringComparison.Ordinal) != true)
        {
            throw new InvalidOperationException($"no {count} processes could be made");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_root is not null)
        {
            // Each process asked to be killed when its parent dies. The pipe ends when the last one is gone.
            _root.Kill();
            _ = _root.StandardOutput.ReadToEnd();
            _root.WaitForExit();
            _root.Dispose();
        }
    }
}
