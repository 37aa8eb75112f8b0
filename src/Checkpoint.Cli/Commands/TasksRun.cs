using System;
using System.IO;
using System.Threading;
using Checkpoint.Cli.Rendering;
using Checkpoint.Linux;
using Checkpoint.Linux.Transports;
using Checkpoint.TaskDiag;

namespace Checkpoint.Cli.Commands;

/// <summary>Asks for tasks, or reads a recorded answer, and shows them.</summary>
internal static class TasksRun
{
    /// <summary>Runs the command.</summary>
    /// <param name="context">What it runs on.</param>
    /// <param name="request">What is asked.</param>
    /// <returns>The exit code.</returns>
    internal static int Execute(CommandContext context, TasksRequest request)
    {
        if (request.From is { } from)
        {
            return ImageFile.Use(context, from, "a recording", input => ShowRecording(context, request, input));
        }

        if (!OperatingSystem.IsLinux())
        {
            throw new CommandFailure(ExitCode.Refused, "live tasks are shown on Linux only", "show a recording with --from");
        }

        if (request.Raw == "-" && context.OutputIsTerminal())
        {
            throw new CommandFailure(ExitCode.Usage, "a recording is not for a terminal", "redirect standard output, or name a file with --raw");
        }

        if (request.Raw is null or "-")
        {
            Ask(context, request, request.Raw is null ? null : context.Output, CancellationToken.None);
            return ExitCode.Success;
        }

        // Opened before the work: a bad output must not cost it.
        using AtomicOutput file = AtomicOutput.Create(request.Raw, request.Force);
        Interruption interruption = Interruption.Start();
        try
        {
            Ask(context, request, file.Stream, interruption.Token);
        }
        catch (OutputException e) when (e.IsBrokenPipe)
        {
            throw new CommandFailure(ExitCode.Output, "whoever reads standard output has gone, so nothing was recorded");
        }

        interruption.Complete();
        file.Commit();
        return ExitCode.Success;
    }

    private static int ShowRecording(CommandContext context, TasksRequest request, Stream input)
    {
        using TasksOutput output = Output(context, request);
        TasksDecoder decoder = new(output, request.Show == TaskDiagShow.None ? null : request.Show);
        TasksRecording recording = new(input);
        try
        {
            while (recording.Next(out ReadOnlySpan<byte> message))
            {
                decoder.Decode(message);
                if (!recording.HasMore)
                {
                    output.Flush();
                }
            }

            decoder.Complete();
            return ExitCode.Success;
        }
        catch (WireFormatException e)
        {
            throw new CommandFailure(
                ExitCode.Input, $"{ImageFile.DisplayName(request.From!)} is not a valid recording: message at byte {recording.Offset}: {e.Message}");
        }
    }

    /// <summary>Sends the request and passes on what is read, part by part.</summary>
    /// <param name="context">Where tasks are printed.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="record">Where the answer is recorded; if that is standard output, nothing is printed.</param>
    /// <param name="cancel">Ends it.</param>
    private static void Ask(CommandContext context, TasksRequest request, Stream? record, CancellationToken cancel)
    {
        TaskDiagShow show = TaskDiagShow.Base | request.Show | (request.Hidden ? TaskDiagShow.Hidden | TaskDiagShow.ExtGaps : TaskDiagShow.None);
        using ProcfsTaskDiag procfs = new();
        using TaskDiagTransport transport = Open(request.Transport, procfs, show);
        using TasksOutput? output = request.Raw == "-" ? null : Output(context, request);
        TasksDecoder? decoder = output is null ? null : new(output, show);
        byte[] buffer = new byte[TaskDiagTransport.MinimumBuffer];
        transport.Send(new TaskDiagRequest(show, request.Strategy.GetValueOrDefault(), (uint)request.Pid, TasksShow.ToSequence(show)));
        int length;
        while ((length = transport.Read(buffer)) > 0)
        {
            cancel.ThrowIfCancellationRequested();
            record?.Write(buffer, 0, length);
            decoder?.Decode(buffer.AsSpan(0, length));
            output?.Flush();
        }

        decoder?.Complete();
    }

    private static TaskDiagTransport Open(TransportKind kind, ProcfsTaskDiag procfs, TaskDiagShow show)
    {
        TaskDiagTransport transport = TransportChoice.Open(kind, procfs);
        if ((transport.Lacks & show) == 0)
        {
            return transport;
        }

        string name = transport.Name;
        transport.Dispose();
        return kind == TransportKind.Auto
            ? procfs
            : throw new CommandFailure(ExitCode.Refused, $"the transport {name} does not show hidden tasks", "use --transport procfs");
    }

    private static TasksOutput Output(CommandContext context, TasksRequest request) => request.Json
        ? new TasksJson(context.Output)
        : new TasksText(context.TextOutput(), context.OutputIsTerminal() ? context.TerminalWidth() : 0);
}
