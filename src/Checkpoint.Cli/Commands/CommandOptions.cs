using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Checkpoint.Cli.Commands;

/// <summary>The kinds of options that several commands have.</summary>
internal static class CommandOptions
{
    /// <summary>An option without a value.</summary>
    internal static Option<bool> Flag(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>A process id: a positive decimal number.</summary>
    internal static Option<int?> Pid(string name, string alias, string description) => new(name, alias)
    {
        Description = description,
        HelpName = "PID",
        CustomParser = result => ParsePid(result, name),
    };

    /// <summary>An option with one of a few words, of which the first is the default.</summary>
    internal static Option<string> Word(string name, string description, params string[] words)
    {
        Option<string> option = new(name)
        {
            Description = description,
            HelpName = string.Join('|', words),
            DefaultValueFactory = _ => words[0],
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && Array.IndexOf(words, result.Tokens[0].Value) < 0)
            {
                result.AddError($"{name} must be {string.Join(", ", words[..^1])} or {words[^1]}, not '{result.Tokens[0].Value}'");
            }
        });
        return option;
    }

    /// <summary>Whether a flag is on the command line. For validators, where a value cannot be asked for if the line has other errors.</summary>
    internal static bool IsGiven(CommandResult result, Option<bool> flag) => result.GetResult(flag) is { Implicit: false };

    private static int? ParsePid(ArgumentResult result, string name)
    {
        string text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid > 0)
        {
            return pid;
        }

        result.AddError($"{name} must be a process id, a number from 1 to {int.MaxValue}, not '{text}'");
        return null;
    }
}
