using System;
using System.Diagnostics;

namespace Checkpoint.Tests.Cli;

/// <summary>A tmpfs of 64 KiB, mounted by mount(8), gone after the test.</summary>
internal sealed class TinyDisk : IDisposable
{
    private readonly TempFolder _folder = new();

    internal TinyDisk()
    {
        if (!Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", _folder.Root))
        {
            _folder.Dispose();
            throw new InvalidOperationException("mount failed");
        }
    }

    internal TempFolder Folder => _folder;

    public void Dispose()
    {
        Run("umount", _folder.Root);
        _folder.Dispose();
    }

    internal static bool CanMount()
    {
        try
        {
            using TinyDisk disk = new();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool Run(string program, params string[] args)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
