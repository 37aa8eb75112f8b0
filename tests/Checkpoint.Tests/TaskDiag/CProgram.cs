using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace Checkpoint.Tests.TaskDiag;

/// <summary>A C program compiled against src/bpf/task_diag.h in a folder of its own.</summary>
internal sealed class CProgram : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ckpt-abi-").FullName;

    public CProgram(string source)
    {
        File.WriteAllText(Path.Combine(_folder, "a.c"), source);
        string include = Path.GetDirectoryName(HeaderPath)!;
        Run("gcc", ["-std=c11", "-Wall", "-Wextra", "-Wpadded", "-Werror", "-I", include, "-o", Path.Combine(_folder, "a"), Path.Combine(_folder, "a.c")], []);
    }

    public static string HeaderPath => Repository.PathOf("src/bpf/task_diag.h");

    public byte[] Output(byte[] input) => Run(Path.Combine(_folder, "a"), [], input);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static byte[] Run(string program, string[] arguments, byte[] input)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        using MemoryStream output = new();
        Task copying = process.StandardOutput.BaseStream.CopyToAsync(output);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(60_000), $"{program} hangs");
        copying.GetAwaiter().GetResult();
        Assert.True(process.ExitCode == 0, $"{program}: {errors.GetAwaiter().GetResult()}");
        return output.ToArray();
    }
}
