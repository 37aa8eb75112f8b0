using System;
using System.CommandLine;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Checkpoint.Cli.Commands;

/// <summary><c>ckpt version</c> and <c>ckpt --version</c>.</summary>
internal static class VersionText
{
    /// <summary>The program's version, without what the build appends to it.</summary>
    internal static string Version { get; } =
        typeof(VersionText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "?";

    /// <summary>Declares the command.</summary>
    /// <param name="context">What it runs on.</param>
    /// <returns>The command.</returns>
    internal static Command Create(CommandContext context)
    {
        Command command = new("version", "Show the version, the runtime and the system");
        command.SetAction(_ => Write(context));
        return command;
    }

    /// <summary>Writes the version, the runtime and the system in one line.</summary>
    /// <param name="context">Where to.</param>
    /// <returns>The exit code.</returns>
    internal static int Write(CommandContext context)
    {
        context.Answer = ExitCode.Success;
        using StreamWriter output = context.TextOutput();
        output.WriteLine($"ckpt {Version} ({RuntimeInformation.FrameworkDescription}, {(OperatingSystem.IsLinux() ? "Linux" : Environment.OSVersion.Platform.ToString())} {Environment.OSVersion.Version}, {RuntimeInformation.ProcessArchitecture.ToString()})");
        return ExitCode.Success;
    }
}
