using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using Checkpoint.Cli.Rendering;
using Checkpoint.Model;

namespace Checkpoint.Cli.Commands;

/// <summary><c>ckpt inspect</c>: shows an image, on any OS.</summary>
internal static class InspectCommand
{
    private static readonly string[] Colors = ["auto", "always", "never"];

    /// <summary>Declares the command.</summary>
    /// <param name="context">What it runs on.</param>
    /// <returns>The command.</returns>
    internal static Command Create(CommandContext context)
    {
        Argument<string> file = new("FILE") { Description = "The image; - reads standard input" };
        Option<bool> processes = CommandOptions.Flag("--ps", "A table of the processes");
        Option<bool> threads = CommandOptions.Flag("--threads", "A table of the threads");
        Option<bool> credentials = CommandOptions.Flag("--creds", "The distinct credentials, by name, and who has them");
        Option<bool> vmas = CommandOptions.Flag("--vmas", "The VMAs of each process");
        Option<int?> pid = CommandOptions.Pid("--pid", "-p", "Only this process");
        Option<bool> json = CommandOptions.Flag("--json", "As JSON (schema ckpt.inspect/1): everything, or the chosen table");
        Option<string> color = new("--color")
        {
            Description = "Colour: auto (on a terminal, unless NO_COLOR is set), always, never",
            HelpName = "auto|always|never",
            DefaultValueFactory = static _ => "auto",
        };
        color.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && Array.IndexOf(Colors, result.Tokens[0].Value) < 0)
            {
                result.AddError($"--color must be auto, always or never, not '{result.Tokens[0].Value}'");
            }
        });

        Command command = new("inspect", "Show what an image holds; without options: what was running")
        {
            file, processes, threads, credentials, vmas, pid, json, color,
        };
        command.Validators.Add(result =>
        {
            int tables = 0;
            foreach (Option<bool> option in (Option<bool>[])[processes, threads, credentials, vmas])
            {
                tables += CommandOptions.IsGiven(result, option) ? 1 : 0;
            }

            if (tables > 1)
            {
                result.AddError("only one of --ps, --threads, --creds and --vmas can be given");
            }
        });
        command.SetAction(result =>
        {
            InspectView view = result.GetValue(processes) ? InspectView.Processes
                : result.GetValue(threads) ? InspectView.Threads
                : result.GetValue(credentials) ? InspectView.Credentials
                : result.GetValue(vmas) ? InspectView.Vmas
                : InspectView.Overview;
            Run(context, result.GetRequiredValue(file), view, result.GetValue(pid), result.GetValue(json), result.GetValue(color)!);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Run(CommandContext context, string file, InspectView view, int? pid, bool json, string color)
    {
        ProcessTree tree = ImageFile.Read(context, file);
        if (pid is { } only)
        {
            tree = Only(tree, only)
                ?? throw new CommandFailure(ExitCode.Negative, $"no process {only} in {ImageFile.DisplayName(file)}");
        }

        if (json)
        {
            using Stream buffered = context.BufferedOutput();
            InspectJson.Write(buffered, tree, view);
            return;
        }

        bool terminal = context.OutputIsTerminal();
        using StreamWriter output = context.TextOutput();
        WriteText(new TextReport(output, terminal ? context.TerminalWidth() : 0, UseColor(context, color, terminal)), tree, view);
    }

    private static void WriteText(TextReport report, ProcessTree tree, InspectView view)
    {
        switch (view)
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
                VmaText.Write(report, tree);
                break;
            default:
                OverviewText.Write(report, tree);
                break;
        }
    }

    private static bool UseColor(CommandContext context, string color, bool terminal) => color switch
    {
        "always" => true,
        "never" => false,
        _ => terminal && string.IsNullOrEmpty(context.Variable("NO_COLOR")) && context.Variable("TERM") is not (null or "" or "dumb"),
    };

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
