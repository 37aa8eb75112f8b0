using System;
using System.Diagnostics;
using System.Globalization;

namespace Checkpoint.Benchmarks;

/// <summary>Many sleeping processes, made by <c>tools/workloads/tree.c</c>; all of them end with their root.</summary>
internal sealed class Crowd : IDisposable
{
    private readonly Process? _root;

    /// <summary>Makes them and waits until all are there.</summary>
    /// <param name="size">How many processes, and after an x how many VMAs more than they need: 8000x50; 0 = none, the machine's own are enough.</param>
    /// <exception cref="InvalidOperationException">The machine does not allow so many.</exception>
    internal Crowd(string size)
    {
        string[] numbers = size.Split('x');
        int count = int.Parse(numbers[0], CultureInfo.InvariantCulture);
        int vmas = numbers.Length > 1 ? int.Parse(numbers[1], CultureInfo.InvariantCulture) : 0;
        if (count == 0)
        {
            return;
        }

        _root = Process.Start(new ProcessStartInfo(CProgram.Build("tree"), ["20", count.ToString(CultureInfo.InvariantCulture), vmas.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        })!;
        Pid = _root.Id;
        if (_root.StandardOutput.ReadLine()?.StartsWith("ready", StringComparison.Ordinal) != true)
        {
            throw new InvalidOperationException($"no {count} processes could be made");
        }
    }

    /// <summary>The root of the tree; 0 when there is none.</summary>
    internal int Pid { get; }

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
