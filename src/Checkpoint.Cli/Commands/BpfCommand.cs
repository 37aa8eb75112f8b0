using System;
using System.CommandLine;

namespace Checkpoint.Cli.Commands;

/// <summary><c>ckpt bpf</c> on the command line; <see cref="BpfPinsRun"/> does it.</summary>
internal static class BpfCommand
{
    /// <summary>In the order of <see cref="BpfAction"/>.</summary>
    private static readonly string[] Actions = ["install", "status", "remove"];

    /// <summary>Declares the command.</summary>
    /// <param name="context">What it runs on.</param>
    /// <returns>The command.</returns>
    internal static Command Create(CommandContext context)
    {
        Argument<string?> action = new("ACTION")
        {
            Description = "install: pin the programs, so that runs load nothing; status: what is pinned; remove: nothing is any more",
            HelpName = "install|status|remove",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<bool> json = CommandOptions.Flag("--json", "The status as JSON (schema ckpt.bpf/1)");
        Option<bool> quiet = CommandOptions.Flag("--quiet", "Print nothing but one line when the answer is no", "-q");

        Command command = new("bpf", "Keep the BPF programs in the kernel between runs, or remove them") { action, json, quiet };
        command.Validators.Add(result =>
        {
            string? word = result.GetResult(action) is { Tokens: [{ Value: string given }] } ? given : null;
            if (word is null)
            {
                result.AddError("an action is missing; there are install, status and remove");
            }
            else if (Array.IndexOf(Actions, word) < 0)
            {
                result.AddError(word.StartsWith('-') ? $"unknown option '{word}'" : $"no action '{word}'; there are install, status and remove");
            }
            else if (CommandOptions.IsGiven(result, json) && word != Actions[(int)BpfAction.Status])
            {
                result.AddError("--json is for status");
            }
            else if (CommandOptions.IsGiven(result, json) && CommandOptions.IsGiven(result, quiet))
            {
                result.AddError("--json and --quiet exclude each other");
            }
        });
        command.SetAction(result => BpfPinsRun.Execute(context, new BpfRequest(
            (BpfAction)Array.IndexOf(Actions, result.GetValue(action)), result.GetValue(json), result.GetValue(quiet))));
        return command;
    }
}
