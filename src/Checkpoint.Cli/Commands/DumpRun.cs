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
        using AtomicOutput? file = request.ToStandardOutput ? null : AtomicOutput.Create(request.Output, request.Force);
        Interruption interruption = Interruption.Start();
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
        (long bytes, ByteString digest) = Write(file?.Stream ?? context.Output, tree, request.Level);
        interruption.Complete();
        file?.Commit();
        return Report(context, request, tree, bytes, digest, chosen);
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

    private static int Report(CommandContext context, DumpRequest request, ProcessTree tree, long bytes, ByteString digest, string chosen)
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

        List<Gap> hidden = [];
        foreach (Gap gap in tree.Gaps)
        {
            if (!gap.IsExit)
            {
                hidden.Add(gap);
            }
        }

        if (hidden.Count == 0 || request.AllowPartial)
        {
            return ExitCode.Success;
        }

        // --quiet or not: a script that fails must be able to say why.
        context.Error.WriteLine(
            $"ckpt: {Quantity.Count(hidden.Count, "part")} could not be read: {GapSummary.Of(hidden)}; try as root, or accept it with --allow-partial");
        return ExitCode.Partial;
    }
}
