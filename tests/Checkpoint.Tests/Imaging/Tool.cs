using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace Checkpoint.Tests.Imaging;

/// <summary>Runs programs that others wrote, to compare with.</summary>
internal static class Tool
{
    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote to standard output.</returns>
    public static byte[] Run(byte[] input, string program, params string[] arguments)
    {
        ProcessStartInfo info = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(info)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task write = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        });
        using MemoryStream output = new();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        write.GetAwaiter().GetResult();
        Assert.True(process.ExitCode == 0, $"{program} exits with {process.ExitCode}: {errors.GetAwaiter().GetResult()}");
        return output.ToArray();
    }
}
