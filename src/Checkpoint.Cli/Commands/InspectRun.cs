using System;
using System.Collections.Generic;
using System.IO;
using Checkpoint.Cli.Rendering;
using Checkpoint.Cli.Selection;
using Checkpoint.Imaging;
using Checkpoint.Model;

namespace Checkpoint.Cli.Commands;

/// <summary>Shows an image, or the part of it that was asked for.</summary>
internal static class InspectRun
{
    /// <summary>Runs the command.</summary>
    /// <param name="context">What it runs on.</param>
    /// <param name="request">What is asked.</param>
    /// <exception cref="CommandFailure">There is no image, or nothing in it that was asked for.</exception>
    internal static void Execute(CommandContext context, InspectRequest request)
    {
        Image image = ImageFile.Read(context, request.File, Parts(request.View) | (request.Json ? ImageParts.Digests : 0), request.Partial);
        if (image.File.Problem is { } problem)
        {
            context.Error.WriteLine("ckpt: " + Messages.Escape(Warning(request, image, problem)));
        }

        string root = OverviewText.Root(image);
        image = image with { Tree = Select(image.Tree, request) };
        if (request.View == InspectView.Vmas && image.CostOfLists() > image.AllowedMemory)
        {
            throw new CommandFailure(
                ExitCode.Input, $"the processes of {ImageFile.DisplayName(request.File)} share VMA lists so that showing them for each is too much for a file of its size",
                "choose a process with --pid");
        }

        context.Answer = ExitCode.Success;
        if (request.Json)
        {
            using Stream buffered = context.BufferedOutput();
            InspectJson.Write(buffered, image, request.View, request.Sort);
            return;
        }

        bool terminal = context.OutputIsTerminal();
        using StreamWriter output = context.TextOutput();
        WriteText(new TextReport(output, terminal ? context.TerminalWidth() : 0, context.UseColor(request.Color, terminal)), image, request, root);
    }

    /// <summary>What a view needs; the digest is shown in the overview and in JSON. VMAs come with the gaps that tell why some are not there.</summary>
    private static ImageParts Parts(InspectView view) => view switch
    {
        InspectView.Processes or InspectView.Threads or InspectView.Credentials => ImageParts.Tasks,
        InspectView.Files => ImageParts.Vmas,
        _ => ImageParts.All,
    };

    private static string Warning(InspectRequest request, Image image, ImageFormatException problem) =>
        $"{ImageFile.DisplayName(request.File)} is not whole: {problem.Message}; "
        + (image.Missing.Count == 0 ? "nothing that is shown here is lost" : $"lost: {string.Join(", ", image.Missing)}");

    private static ProcessTree Select(ProcessTree tree, InspectRequest request)
    {
        string name = ImageFile.DisplayName(request.File);
        if (request.Pid is { } only)
        {
            tree = Only(tree, only) ?? throw new CommandFailure(ExitCode.Negative, $"no process {only} in {name}");
        }

        if (request.Where.Count > 0)
        {
            tree = VmaFilter.Apply(tree, request.Where);
            if (tree.Processes.Count == 0)
            {
                throw new CommandFailure(ExitCode.Negative, $"no such VMA in {name}");
            }
        }

        // Any other order would pass for the one by resident size.
        return request.Sort != VmaSort.Rss || HasStats(tree)
            ? tree
            : throw new CommandFailure(ExitCode.Negative, $"no page statistics in {name}", "ckpt dump --vm-stats captures them");
    }

    private static void WriteText(TextReport report, Image image, InspectRequest request, string root)
    {
        ProcessTree tree = image.Tree;
        switch (request.View)
        {
            case InspectView.Processes:
                ProcessTable.Write(report, tree);
                break;
            case InspectView.Threads:
                ThreadTable.Write(report, tree);
                break;
            case InspectView.Credentials:
                CredentialText.Write(report, tree);
                break;
            case InspectView.Vmas:
                VmaText.Write(report, image, request.Sort);
                break;
            case InspectView.Files:
                FileText.Write(report, tree);
                break;
            default:
                OverviewText.Write(report, image, root);
                break;
        }
    }

    private static bool HasStats(ProcessTree tree)
    {
        foreach (ProcessEntry process in tree.Processes)
        {
            if (process.Space is { Stats.IsEmpty: false })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The image reduced to one process and what concerns it; null if it is not there.</summary>
    private static ProcessTree? Only(ProcessTree tree, int tgid)
    {
        foreach (ProcessEntry process in tree.Processes)
        {
            if (process.Tgid == tgid)
            {
                return tree with
                {
                    Processes = [process],
                    Gaps = Where(tree.Gaps, gap => gap.Tgid == tgid),
                    Events = Where(tree.Events, happened => happened.Tgid == tgid),
                };
            }
        }

        return null;
    }

    private static List<T> Where<T>(IReadOnlyList<T> items, Predicate<T> wanted)
    {
        List<T> found = [];
        foreach (T item in items)
        {
            if (wanted(item))
            {
                found.Add(item);
            }
        }

        return found;
    }
}
