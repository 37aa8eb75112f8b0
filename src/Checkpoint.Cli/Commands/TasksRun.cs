using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using Checkpoint.Cli.Rendering;
using Checkpoint.Linux;
using Checkpoint.Linux.Interop;
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
            Complain(context, request, Ask(context, request, request.Raw is null ? null : context.Output, CancellationToken.None));
            return ExitCode.Success;
        }

        // Opened before the work: a bad output must not cost it.
        Interruption interruption = Interruption.Start(context);
        using AtomicOutput file = AtomicOutput.Create(request.Raw, request.Force);
        interruption.Guard(file);
        try
        {
            Complain(context, request, Ask(context, request, file.Stream, interruption.Token));
        }
        catch (OutputException e) when (e.IsBrokenPipe)
        {
            throw new CommandFailure(ExitCode.Output, "whoever reads standard output has gone, so nothing was recorded");
        }

        interruption.Complete(ExitCode.Success);
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
    /// <returns>How many tasks were left out because the caller may not inspect them.</returns>
    private static int Ask(CommandContext context, TasksRequest request, Stream? record, CancellationToken cancel)
    {
        TaskDiagShow show = TaskDiagShow.Base | request.Show | (request.Hidden ? TaskDiagShow.Hidden | TaskDiagShow.ExtGaps : TaskDiagShow.None);
        show |= (show & TaskDiagShow.Vma) != 0 ? TaskDiagShow.ExtFiles : TaskDiagShow.None;
        using TransportChoice choice = TransportChoice.Make(Kind(request, show), () => IsLarge(request), byTask: !IsAboutAll(request) || (show & TaskDiagShow.Vma) != 0);
        if (request.Verbose)
        {
            context.Error.WriteLine("transport: " + Messages.Escape(choice.Reason));
        }

        ulong sent = HiddenTasks.Now();
        using WatchedTransport transport = new(Send(context, request, show, choice));
        using TasksOutput? output = request.Raw == "-" ? null : Output(context, request);
        HashSet<int>? told = transport.NotShown is null && !request.Hidden ? [] : null;
        TasksDecoder? decoder = output is null ? null : new(output, show) { Told = told };
        byte[] buffer = new byte[TaskDiagTransport.MinimumBuffer];
        int length;
        while ((length = transport.Read(buffer)) > 0)
        {
            cancel.ThrowIfCancellationRequested();
            record?.Write(buffer, 0, length);
            decoder?.Decode(buffer.AsSpan(0, length));
            output?.Flush();
        }

        decoder?.Complete();
        return request.Hidden || (told is not null && decoder is null) ? 0
            : transport.NotShown ?? HiddenTasks.Count(request.Strategy.GetValueOrDefault(), request.Pid, told!, sent);
    }

    /// <summary>Says that tasks are missing: nobody could know from what is there.</summary>
    /// <exception cref="CommandFailure">It is the one that was asked for.</exception>
    private static void Complain(CommandContext context, TasksRequest request, int notShown)
    {
        if (notShown > 0 && request.Strategy == TaskDiagStrategy.One)
        {
            throw NotInspectable(request);
        }

        if (notShown > 0)
        {
            context.Error.WriteLine($"{notShown} not shown (no permission; --hidden shows what there is)");
        }
    }

    private static CommandFailure NotInspectable(TasksRequest request) => new(
        ExitCode.Refused, $"task {request.Pid} may not be inspected: no permission", "--hidden shows what there is");

    /// <summary>Opens the transport and sends it the request.</summary>
    private static TaskDiagTransport Send(CommandContext context, TasksRequest request, TaskDiagShow show, TransportChoice choice)
    {
        TaskDiagRequest question = new(show, request.Strategy.GetValueOrDefault(), (uint)request.Pid, TasksShow.ToSequence(show));
        TaskDiagTransport transport = choice.Open();
        try
        {
            if ((transport.Lacks & show & ~(TaskDiagShow.ExtFiles | TaskDiagShow.ExtGaps)) is TaskDiagShow lacks and not TaskDiagShow.None)
            {
                throw new CommandFailure(
                    ExitCode.Refused, $"the transport {transport.Name} does not tell {Lacking(lacks)}", "use --transport procfs");
            }

            transport.Send(question);
            return transport;
        }
        catch (KernelException e) when (e.Errno == Errno.ESRCH && request.Transport == TransportKind.Auto && transport is not ProcfsTaskDiag)
        {
            // Some kernels keep a task from BPF programs altogether. If it is there, procfs knows it.
            transport.Dispose();
            transport = choice.OpenProcfs();
            transport.Send(question);
            if (request.Verbose)
            {
                context.Error.WriteLine("transport: procfs: BPF programs do not see this task");
            }

            return transport;
        }
        catch (KernelException e) when (e.Errno == Errno.ESRCH && HiddenTasks.Count(TaskDiagStrategy.One, request.Pid, new HashSet<int>(), HiddenTasks.Now()) > 0)
        {
            transport.Dispose();
            throw NotInspectable(request);
        }
        catch
        {
            transport.Dispose();
            throw;
        }
    }

    /// <summary>What was asked for; procfs when the best transport would not tell all that was asked for.</summary>
    private static TransportKind Kind(TasksRequest request, TaskDiagShow show) =>
        request.Transport != TransportKind.Auto ? request.Transport
        : TaskDiagFile.Exists ? request.Hidden ? TransportKind.Procfs : TransportKind.TaskDiag
        : (show & TransportChoice.ProcfsOnly) != 0 ? TransportKind.Procfs
        : TransportKind.Auto;

    private static bool IsAboutAll(TasksRequest request) => request.Strategy is TaskDiagStrategy.All or TaskDiagStrategy.AllThread;

    private static bool IsLarge(TasksRequest request) => IsAboutAll(request) && TreeSize.MachineHas(TransportChoice.LargeRequest);

    private static string Lacking(TaskDiagShow show) =>
        (show & TaskDiagShow.Hidden) != 0 ? "of hidden tasks"
        : (show & TaskDiagShow.VmaStat) != 0 ? "what of VMAs is in memory"
        : (show & TaskDiagShow.Cmdline) != 0 ? "command lines"
        : show.ToString();

    private static TasksOutput Output(CommandContext context, TasksRequest request) => request.Json
        ? new TasksJson(context.Output)
        : new TasksText(context.TextOutput(), context.OutputIsTerminal() ? context.TerminalWidth() : 0);
}
