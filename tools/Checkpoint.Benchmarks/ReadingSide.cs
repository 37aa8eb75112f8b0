using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace Checkpoint.Benchmarks;

/// <summary>The C program that opens, reads and closes files of every process and parses nothing.</summary>
internal sealed class ReadingSide : IBenchmarkSide
{
    private readonly Process _program;

    /// <summary>Compiles and starts it.</summary>
    /// <param name="files">Names below <c>/proc/[pid]</c>, or what <c>readproc.c</c> knows besides.</param>
    internal ReadingSide(string[] files)
    {
        Name = $"C: {string.Join(',', files)}";
        _program = Process.Start(new ProcessStartInfo(CProgram.Build("readproc"), files)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public SideCost Run()
    {
        _program.StandardInput.WriteLine();
        _program.StandardInput.Flush();
        string[] answer = (_program.StandardOutput.ReadLine() ?? throw new InvalidDataException("readproc ended")).Split(' ');
        return new SideCost(Number(answer[0]), Number(answer[1]), Number(answer[2]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _program.StandardInput.Close();
        _program.WaitForExit();
        _program.Dispose();
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
