using System;
using System.CommandLine;
using System.CommandLine.Parsing;

namespace Checkpoint.Cli.Commands;

/// <summary><c>ckpt validate</c> on the command line; <see cref="ValidateRun"/> does it, on any OS.</summary>
internal static class ValidateCommand
{
    /// <summary>Declares the command.</summary>
    /// <param name="context">What it runs on.</param>
    /// <returns>The command.</returns>
    internal static Command Create(CommandContext context)
    {
        Argument<string[]> files = new("FILE")
        {
            Description = "The images; - reads standard input",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<bool> quick = CommandOptions.Flag("--quick", "Only frames, checksums and section table, not what the sections say");
        Option<bool> live = CommandOptions.Flag("--against-live", "Also look which of the processes still run, by start time within the same boot");
        Option<string?> salvage = new("--salvage")
        {
            Description = "Write what is whole of the one damaged FILE into a valid image that says what was lost",
            HelpName = "OUT",
        };
        Option<bool> force = CommandOptions.Flag("--force", "Let --salvage replace an existing file");
        Option<bool> json = CommandOptions.Flag("--json", "Tell the findings as JSON (schema ckpt.validate/1)");
        Option<bool> quiet = CommandOptions.Flag("--quiet", "Print nothing but one line when something is wrong", "-q");

        Command command = new("validate", "Check whether images are whole and say only what can be true")
        {
            files, quick, live, salvage, force, json, quiet,
        };
        command.Validators.Add(result =>
        {
            bool hasSalvage = result.GetResult(salvage) is { Implicit: false };
            string[] given = TokensOf(result, files);
            if (CommandOptions.IsGiven(result, quick) && (CommandOptions.IsGiven(result, live) || hasSalvage))
            {
                result.AddError("--quick reads no sections, which --against-live and --salvage need");
            }
            else if (CommandOptions.IsGiven(result, quiet) && CommandOptions.IsGiven(result, json))
            {
                result.AddError("--quiet and --json exclude each other");
            }
            else if (CommandOptions.IsGiven(result, force) && !hasSalvage)
            {
                result.AddError("--force goes with --salvage");
            }
            else if (hasSalvage && (given.Length != 1 || given[0] == "-" || TokensOf(result, salvage) is [""] or ["-"]))
            {
                result.AddError("--salvage takes one file, not standard input, and the name of another to write");
            }
            else if (Array.FindAll(given, file => file == "-").Length > 1)
            {
                result.AddError("standard input can be read only once");
            }
        });
        command.SetAction(result => ValidateRun.Execute(context, new ValidateRequest(
            result.GetRequiredValue(files),
            result.GetValue(quick),
            result.GetValue(live),
            result.GetValue(salvage),
            result.GetValue(force),
            result.GetValue(json),
            result.GetValue(quiet))));
        return command;
    }

    private static string[] TokensOf(CommandResult result, Argument argument) => Values(result.GetResult(argument));

    private static string[] TokensOf(CommandResult result, Option option) => Values(result.GetResult(option));

    private static string[] Values(SymbolResult? result)
    {
        if (result is null)
        {
            return [];
        }

        string[] values = new string[result.Tokens.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = result.Tokens[i].Value;
        }

        return values;
    }
}
