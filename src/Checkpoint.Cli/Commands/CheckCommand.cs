using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using Checkpoint.Cli.Rendering;
using Checkpoint.Linux.Checks;

namespace Checkpoint.Cli.Commands;

/// <summary><c>ckpt check</c> on the command line; <see cref="CheckRun"/> does it.</summary>
internal static class CheckCommand
{
    /// <summary>Declares the command.</summary>
    /// <param name="context">What it runs on.</param>
    /// <returns>The command.</returns>
    internal static Command Create(CommandContext context)
    {
        Argument<string[]> features = new("FEATURE")
        {
            Description = "Only these, by the names that 'ckpt check' lists; exit code 1 if one of them is missing",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<bool> json = CommandOptions.Flag("--json", "As JSON (schema ckpt.check/1)");
        Option<bool> quiet = CommandOptions.Flag("--quiet", "Print nothing but one line when the answer is no", "-q");

        Command command = new("check", "Say what can be captured here and how, by trying it: ok, limited or missing") { features, json, quiet };
        features.Validators.Add(result =>
        {
            foreach (Token token in result.Tokens)
            {
                if (CheckNames.Feature(token.Value) is null)
                {
                    result.AddError(token.Value.StartsWith('-')
                        ? $"unknown option '{token.Value}'"
                        : $"no feature '{token.Value}'; 'ckpt check' lists them");
                }
            }
        });
        command.Validators.Add(result =>
        {
            if (CommandOptions.IsGiven(result, json) && CommandOptions.IsGiven(result, quiet))
            {
                result.AddError("--json and --quiet exclude each other");
            }
        });
        command.SetAction(result =>
        {
            HashSet<CheckFeature> asked = [];
            foreach (string id in result.GetValue(features) ?? [])
            {
                asked.Add(CheckNames.Feature(id).GetValueOrDefault());
            }

            return CheckRun.Execute(context, new CheckRequest(asked, result.GetValue(json), result.GetValue(quiet)));
        });
        return command;
    }
}
