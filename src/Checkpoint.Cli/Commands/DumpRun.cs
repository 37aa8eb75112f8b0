using System;
using System.Collections.Generic;
using System.IO;
using Checkpoint.Cli.Rendering;
using Checkpoint.Imaging;
using Checkpoint.Linux;
using Checkpoint.Model;

namespace Checkpoint.Cli.Commands;

/// <summary>Captures a tree and puts the image into place.</summary>
internal static class DumpRun
{
    /// <summary>Runs the command.</summary>
    /// <param name="context">What it runs on.</param>
    /// <param name="request">What is asked.</param>
    /// <returns>The exit code.</returns>
    internal static int Execute(CommandContext context, DumpRequest request)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new CommandFailure(ExitCode.Refused, "dump works on Linux only", "the other commands read images on any system");
        }

        if (request.ToStandardOutput && context.OutputIsTerminal())
        {
            throw new CommandFailure(ExitCode.Usage, "an image is not for a terminal", "redirect standard output, or name a file with --output");
        }

        // Opened before the work: a bad output must not cost a capture.
        Interruption interruption = Interruption.Start(context);
        using AtomicOutput? file = request.ToStandardOutput ? null : AtomicOutput.Create(request.Output, request.Force);
        interruption.Guard(file);
        if (request.WithEnviron && context.IsRoot())
        {
            // Not so for others, who could then not read their own environment, if this program is part of the tree.
            context.KeepSecrets();
        }

        string chosen = "";
        ProcessTree tree = context.Collect(
            new CollectOptions
            {
                Pid = request.Pid,
                WithChildren = request.WithChildren,
                WithEnviron = request.WithEnviron,
                TextMaps = request.TextMaps,
                WithVmFlags = request.WithVmFlags,
                WithVmStats = request.WithVmStats,
                Transport = request.Transport,
                Chosen = reason => chosen = reason,
            },
            interruption.Token);
        interruption.Token.ThrowIfCancellationRequested();
        context.KeepSecrets();
        (long bytes, ByteString digest) = Write(file?.Stream ?? context.Output, tree, request.Level);
        List<Gap> hidden = [];
        foreach (Gap gap in tree.Gaps)
        {
            if (!gap.IsExit)
            {
                hidden.Add(gap);
            }
        }

        int answer = hidden.Count == 0 || request.AllowPartial ? ExitCode.Success : ExitCode.Partial;
        interruption.Complete(answer);
        file?.Commit();
        context.Answer = answer;
        Report(context, request, tree, bytes, digest, chosen, hidden);
        return answer;
    }

    private static (long Bytes, ByteString Digest) Write(Stream output, ProcessTree tree, int level)
    {
        UnclosedStream counted = new(output);
        ByteString digest;
        using (BufferedStream buffered = new(counted, 64 * 1024))
        {
            digest = ImageWriter.Write(buffered, tree, level);
        }

        return (counted.BytesWritten, digest);
    }

    private static void Report(
        CommandContext context, DumpRequest request, ProcessTree tree, long bytes, ByteString digest, string chosen, List<Gap> hidden)
    {
        if (request.Json)
        {
            using Stream output = context.BufferedOutput();
            DumpSummary.WriteJson(output, tree, request.Output, bytes, digest);
        }
        else if (!request.Quiet)
        {
            string target = request.ToStandardOutput ? "standard output" : Messages.Escape(request.Output);
            context.Error.WriteLine(DumpSummary.Line(tree, target, bytes));
        }

        if (request.Verbose)
        {
            context.Error.WriteLine("transport: " + Messages.Escape(chosen));
            foreach (string line in DumpSummary.Details(tree))
            {
                context.Error.WriteLine(line);
            }
        }

        // --quiet or not: a script that fails must be able to say why.
        if (hidden.Count > 0 && !request.AllowPartial)
        {
            string remedy = Remedy.For(context, hidden) is { } known ? known + ", or " : "";
            context.Error.WriteLine(
                $"ckpt: {Quantity.Count(hidden.Count, "part")} could not be read: {GapSummary.Of(hidden)}; {remedy}accept it with --allow-partial");
        }
    }
}
