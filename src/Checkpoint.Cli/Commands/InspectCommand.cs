using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using Checkpoint.Cli.Rendering;
using Checkpoint.Cli.Selection;

namespace Checkpoint.Cli.Commands;

/// <summary><c>ckpt inspect</c> on the command line; <see cref="InspectRun"/> does it, on any OS.</summary>
internal static class InspectCommand
{
    /// <summary>Declares the command.</summary>
    /// <param name="context">What it runs on.</param>
    /// <returns>The command.</returns>
    internal static Command Create(CommandContext context)
    {
        Argument<string> file = new("FILE") { Description = "The image; - reads standard input" };
        (Option<bool> Option, InspectView View)[] views =
        [
            (CommandOptions.Flag("--ps", "A table of the processes"), InspectView.Processes),
            (CommandOptions.Flag("--threads", "A table of the threads"), InspectView.Threads),
            (CommandOptions.Flag("--creds", "The distinct credentials, by name, and who has them"), InspectView.Credentials),
            (CommandOptions.Flag("--vmas", "The VMAs of each process, and totals by kind and file"), InspectView.Vmas),
            (CommandOptions.Flag("--files", "The mapped files, with build IDs, and how many map them"), InspectView.Files),
        ];
        Option<int?> pid = CommandOptions.Pid("--pid", "-p", "Only this process");
        Option<string[]> where = Where();
        Option<string> sort = CommandOptions.Word(
            "--sort", "Order of the VMAs: by address, largest first, most resident first, by name",
            VmaSort.Address, VmaSort.Size, VmaSort.Rss, VmaSort.Name);
        Option<bool> partial = CommandOptions.Flag("--partial", "Of a truncated or damaged image, show what is whole");
        Option<bool> json = CommandOptions.Flag("--json", "As JSON (schema ckpt.inspect/1): everything, or the chosen table");
        Option<string> color = CommandOptions.Word(
            "--color", "Colour: auto (on a terminal, unless NO_COLOR is set), always, never", "auto", "always", "never");

        Command command = new("inspect", "Show what an image holds; without options: what was running") { file };
        foreach ((Option<bool> option, _) in views)
        {
            command.Add(option);
        }

        foreach (Option option in (Option[])[pid, where, sort, partial, json, color])
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            (InspectView view, int count) = Given(result, views);
            if (count > 1)
            {
                result.AddError("only one of --ps, --threads, --creds, --vmas and --files can be given");
            }
            else if (view != InspectView.Vmas && (result.GetResult(where) is not null || result.GetResult(sort) is { Implicit: false }))
            {
                result.AddError("--where and --sort go with --vmas");
            }
        });
        command.SetAction(result =>
        {
            List<VmaCondition> conditions = [];
            foreach (string text in result.GetValue(where) ?? [])
            {
                conditions.Add(VmaCondition.Parse(text).Condition!);
            }

            InspectRun.Execute(context, new InspectRequest(
                result.GetRequiredValue(file),
                Given(result.CommandResult, views).View,
                result.GetValue(pid),
                conditions,
                result.GetRequiredValue(sort),
                result.GetValue(partial),
                result.GetValue(json),
                result.GetRequiredValue(color)));
            return ExitCode.Success;
        });
        return command;
    }

    private static Option<string[]> Where()
    {
        Option<string[]> where = new("--where")
        {
            Description = "Only VMAs with kind=WORD, perms=RWXP (. for any), path=GLOB, addr=HEX, or deleted; repeated: all must hold",
            HelpName = "EXPR",
            Arity = ArgumentArity.OneOrMore,
        };
        where.Validators.Add(result =>
        {
            foreach (Token token in result.Tokens)
            {
                if (VmaCondition.Parse(token.Value).Error is string error)
                {
                    result.AddError(error);
                }
            }
        });
        return where;
    }

    /// <summary>The view that was asked for, and how many were.</summary>
    private static (InspectView View, int Count) Given(CommandResult result, (Option<bool> Option, InspectView View)[] views)
    {
        InspectView found = InspectView.Overview;
        int count = 0;
        foreach ((Option<bool> option, InspectView view) in views)
        {
            if (CommandOptions.IsGiven(result, option))
            {
                found = count++ == 0 ? view : found;
            }
        }

        return (found, count);
    }
}
