using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using Checkpoint.TaskDiag;

namespace Checkpoint.Cli.Commands;

/// <summary><c>ckpt tasks</c> on the command line; <see cref="TasksRun"/> does it.</summary>
internal static class TasksCommand
{
    /// <summary>In the order of <see cref="TaskDiagStrategy"/>.</summary>
    private static readonly string[] Strategies = ["all", "one", "all-threads", "children", "threads"];

    /// <summary>Declares the command.</summary>
    /// <param name="context">What it runs on.</param>
    /// <returns>The command.</returns>
    internal static Command Create(CommandContext context)
    {
        Argument<string?> strategy = new("STRATEGY")
        {
            Description = "Which: all, all-threads, or of --pid: one, children, threads",
            HelpName = "all|all-threads|one|children|threads",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<int?> pid = CommandOptions.Pid("--pid", "-p", "Whose, with one (a thread's id too), children and threads");
        (Option<bool> Option, TaskDiagShow Show)[] shows =
        [
            (CommandOptions.Flag("--cred", "User and group ids, capabilities"), TaskDiagShow.Cred),
            (CommandOptions.Flag("--maps", "VMAs"), TaskDiagShow.Vma),
            (CommandOptions.Flag("--smaps", "VMAs, what of them is in memory, and their flags"), TaskDiagShow.Vma | TaskDiagShow.VmaStat),
            (CommandOptions.Flag("--stat", "Threads, faults, and CPU times in clock ticks"), TaskDiagShow.Stat),
            (CommandOptions.Flag("--statm", "Memory sizes in pages"), TaskDiagShow.Statm),
            (CommandOptions.Flag("--cmdline", "Command lines"), TaskDiagShow.Cmdline),
        ];
        Option<bool> hidden = CommandOptions.Flag("--hidden", "Also tasks that you may not inspect, and what of them is refused");
        Option<string?> transport = TransportOption.Create();
        Option<bool> json = CommandOptions.Flag("--json", "As JSON lines (schema ckpt.tasks/1)");
        Option<string?> raw = new("--raw") { Description = "Record the answer; - is standard output, and nothing else is printed", HelpName = "FILE" };
        Option<bool> force = CommandOptions.Flag("--force", "Replace an existing recording");
        Option<string?> from = new("--from") { Description = "Show a recording, on any system; - is standard input", HelpName = "FILE" };

        Option<bool> verbose = CommandOptions.Flag("--verbose", "Say how tasks were read, and why so", "-v");

        Command command = new("tasks", "List live tasks by one task_diag request, while its answer is read") { strategy, pid };
        foreach ((Option<bool> option, _) in shows)
        {
            command.Add(option);
        }

        foreach (Option option in (Option[])[hidden, transport, json, raw, force, from, verbose])
        {
            command.Add(option);
        }

        command.Validators.Add(result => Validate(result, result.GetResult(strategy), [hidden, transport, raw, force, pid], transport, raw, from, pid, json));
        command.SetAction(result =>
        {
            TaskDiagShow show = TaskDiagShow.None;
            foreach ((Option<bool> option, TaskDiagShow flags) in shows)
            {
                show |= result.GetValue(option) ? flags : TaskDiagShow.None;
            }

            int which = Array.IndexOf(Strategies, result.GetValue(strategy));
            return TasksRun.Execute(context, new TasksRequest(
                which < 0 ? null : (TaskDiagStrategy)which,
                result.GetValue(pid) ?? 0,
                show,
                result.GetValue(hidden),
                TransportOption.Kind(result.GetValue(transport)),
                result.GetValue(json),
                result.GetValue(raw),
                result.GetValue(force),
                result.GetValue(from),
                result.GetValue(verbose)));
        });
        return command;
    }

    private static void Validate(
        CommandResult result, ArgumentResult? strategy, Option[] live, Option transport, Option raw, Option from, Option pid, Option<bool> json)
    {
        string? which = strategy is { Tokens: [{ Value: string word }] } ? word : null;
        if (which is not null && Array.IndexOf(Strategies, which) < 0)
        {
            result.AddError($"no strategy '{which}'; there are all, all-threads, one, children and threads");
            return;
        }

        TransportOption.Validate(result, Text(result, transport));
        if (Text(result, raw)?.Length == 0 || Text(result, from)?.Length == 0)
        {
            result.AddError("a file's name must not be empty");
        }

        if (result.GetResult(from) is not null)
        {
            string? other = which is null ? null : $"'{which}'";
            foreach (Option option in live)
            {
                other = result.GetResult(option) is { Implicit: false } ? option.Name : other;
            }

            if (other is not null)
            {
                result.AddError($"--from shows a recording; {other} is for live tasks");
            }

            return;
        }

        if (which is null)
        {
            result.AddError("a strategy is missing: all, all-threads, one, children or threads");
        }
        else
        {
            bool ofAll = which.StartsWith("all", StringComparison.Ordinal);
            if (ofAll == result.GetResult(pid) is { Implicit: false })
            {
                result.AddError(ofAll ? $"'{which}' takes no --pid" : $"'{which}' needs --pid");
            }
        }

        if (Text(result, raw) == "-" && CommandOptions.IsGiven(result, json))
        {
            result.AddError("--json and '--raw -' exclude each other: both write to standard output");
        }
    }

    /// <summary>An option's text, if it is given. Validators cannot ask for values, if the line has other errors.</summary>
    private static string? Text(CommandResult result, Option option) =>
        result.GetResult(option) is { Tokens: [{ Value: string text }] } ? text : null;
}
