using System;
using System.IO;
using System.Linq;
using Checkpoint.Cli.Rendering;
using Checkpoint.Diffing;
using Checkpoint.Imaging;
using Checkpoint.Linux;
using Checkpoint.Model;

namespace Checkpoint.Cli.Commands;

/// <summary>Compares images, or an image with the tree as it is now.</summary>
internal static class DiffRun
{
    private const string Live = "the tree as it is now";

    /// <summary>Runs the command.</summary>
    /// <param name="context">What it runs on.</param>
    /// <param name="request">What is asked.</param>
    /// <returns>0 when nothing differs, 1 when something does.</returns>
    internal static int Execute(CommandContext context, DiffRequest request)
    {
        string[] names = [.. request.Files.Select(ImageFile.DisplayName)];
        Image[] images = [.. request.Files.Select(file => ImageFile.Read(context, file, ImageParts.All))];
        ProcessTree[] trees = [.. images.Select(image => image.Tree)];
        long memory = request.Live ? TreeDiff.MaxBytes : Math.Min(TreeDiff.MaxBytes, images.Max(image => image.AllowedMemory));
        if (request.Live)
        {
            names = [.. names, Live];
            trees = [.. trees, Capture(context, trees[0].Capture, request.Pid)];
        }

        TreeDiff diff = request.Filter.Apply(request.Retained
            ? RetainedDiff.Of(trees[0], trees[1], trees[2], request.Match, memory)
            : TreeDiff.Of(trees[0], trees[1], request.Match, memory));
        bool withMemory = DiffField.OfProcess.Any(field => field.Name == "rss" && request.Filter.Accepts(field, diff.Match));
        DiffSummary summary = new(diff, withMemory && !request.Retained);
        int answer = summary.IsEmpty ? ExitCode.Success : ExitCode.Negative;
        context.Answer = answer;
        if (diff.AreRootsUnlike && TreeDiff.Root(diff.Old) is { } first && TreeDiff.Root(diff.New) is { } second)
        {
            context.Error.WriteLine("ckpt: " + Messages.Escape(
                $"warning: {names[0]} is of {Name(first)}, {names[1]} of {Name(second)}: neither name, executable nor command line is the same"));
        }

        if (request.Output != DiffOutput.Nothing)
        {
            Write(context, request, diff, summary, names);
        }

        return answer;
    }

    private static string Name(ProcessEntry root) => $"{root.Leader.Comm} ({ProcessText.Number(root.Tgid)})";

    /// <summary>The same kind of capture as the image's, so that nothing differs for want of being asked for.</summary>
    private static ProcessTree Capture(CommandContext context, CaptureInfo like, int? pid)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new CommandFailure(ExitCode.Refused, "--live works on Linux only", "images can be compared on any system");
        }

        return context.Collect(
            new CollectOptions
            {
                Pid = pid ?? like.RootTgid,
                WithChildren = like.WithChildren,
                WithEnviron = like.WithEnviron,
                WithVmFlags = like.WithVmFlags,
                WithVmStats = like.WithVmStats,
            },
            default);
    }

    private static void Write(CommandContext context, DiffRequest request, TreeDiff diff, DiffSummary summary, string[] names)
    {
        if (request.Json)
        {
            using Stream buffered = context.BufferedOutput();
            DiffJson.Write(buffered, diff, summary, request.Output != DiffOutput.Counts);
            return;
        }

        bool terminal = context.OutputIsTerminal();
        using StreamWriter output = context.TextOutput();
        TextReport report = new(output, terminal ? context.TerminalWidth() : 0, context.UseColor(request.Color, terminal));
        DiffStatText.WriteHeader(report, diff, [.. names.Select(Messages.Escape)]);
        if (request.Output == DiffOutput.Counts)
        {
            DiffStatText.Write(report, summary);
        }
        else
        {
            DiffTreeText.Write(report, diff, summary, request.Output == DiffOutput.All);
        }
    }
}
