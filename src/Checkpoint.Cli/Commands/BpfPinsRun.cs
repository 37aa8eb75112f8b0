using System;
using System.Collections.Generic;
using System.IO;
using Checkpoint.Cli.Rendering;
using Checkpoint.Linux.Bpf;
using Checkpoint.Linux.Interop;

namespace Checkpoint.Cli.Commands;

/// <summary>Pins BPF programs, says what is pinned, or removes it.</summary>
internal static class BpfPinsRun
{
    /// <summary>Runs the command.</summary>
    /// <param name="context">What it runs on.</param>
    /// <param name="request">What is asked.</param>
    /// <returns>0; of a status 1 when this build's programs are not pinned.</returns>
    /// <exception cref="CommandFailure">This is not Linux, or there is no place to pin.</exception>
    internal static int Execute(CommandContext context, BpfRequest request)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new CommandFailure(ExitCode.Refused, "BPF programs are for Linux only");
        }

        int errno = context.Bpf.FileSystemErrno();
        bool nowhere = errno is Errno.ENODEV or Errno.ENOENT;
        if (nowhere && request.Action != BpfAction.Remove)
        {
            throw new CommandFailure(ExitCode.Refused, $"no BPF file system is mounted at {BpfPins.FileSystem}", $"mount -t bpf bpf {BpfPins.FileSystem}");
        }

        if (errno != 0 && !nowhere)
        {
            throw new KernelException("look at", BpfPins.FileSystem, errno);
        }

        return request.Action switch
        {
            BpfAction.Install => Install(context, request),
            BpfAction.Remove => Remove(context, request, nowhere),
            _ => Status(context, request),
        };
    }

    private static int Install(CommandContext context, BpfRequest request)
    {
        context.Bpf.Install();
        if (!request.Quiet)
        {
            context.Error.WriteLine($"pinned the programs of {BpfPins.OwnVersion} ({BpfPins.OwnDigest}) below {BpfPins.Folder}");
        }

        return ExitCode.Success;
    }

    private static int Remove(CommandContext context, BpfRequest request, bool nowhere)
    {
        int count = nowhere ? 0 : context.Bpf.Remove();
        if (!request.Quiet)
        {
            context.Error.WriteLine(count == 0 ? "nothing was pinned" : $"removed what was pinned below {BpfPins.Folder}");
        }

        return ExitCode.Success;
    }

    private static int Status(CommandContext context, BpfRequest request)
    {
        IReadOnlyList<BpfPinned> pinned = context.Bpf.Read();
        int answer = BpfText.IsUsable(pinned) ? ExitCode.Success : ExitCode.Negative;
        context.Answer = answer;
        if (request.Json)
        {
            using Stream output = context.BufferedOutput();
            BpfText.WriteJson(output, pinned);
        }
        else if (!request.Quiet)
        {
            using StreamWriter output = context.TextOutput();
            BpfText.Write(new TextReport(output, width: 0, color: false), pinned);
        }

        if (answer != ExitCode.Success && request.Quiet)
        {
            context.Error.WriteLine("ckpt: the programs of this build are not pinned; ckpt bpf install pins them");
        }

        return answer;
    }
}
