using System;
using System.Diagnostics;
using System.IO;

namespace Checkpoint.Benchmarks;

/// <summary>The C programs that lie next to this one as sources.</summary>
internal static class CProgram
{
    /// <summary>Compiles a program with the machine's <c>cc</c>.</summary>
    /// <param name="name">Its source's name without extension.</param>
    /// <returns>Path of the program.</returns>
    /// <exception cref="InvalidOperationException">It does not compile.</exception>
    internal static string Build(string name)
    {
        string program = Path.Combine(Path.GetTempPath(), $"ckpt-bench-{Environment.ProcessId}-{name}");
        if (!File.Exists(program))
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(program);
            using Process compiler = Process.Start(
                "cc", ["-O2", "-Wall", "-Wextra", "-Werror", "-o", program, Path.Combine(AppContext.BaseDirectory, name + ".c")]);
            compiler.WaitForExit();
            if (compiler.ExitCode != 0)
            {
                throw new InvalidOperationException($"{name}.c does not compile");
            }
        }

        return program;
    }
}
