using System;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.IO;

namespace Checkpoint.Cli.Commands;

/// <summary>The command line: commands, help, and how usage errors are told.</summary>
internal static class CommandRoot
{
    /// <summary>Parses and runs.</summary>
    /// <param name="args">Arguments.</param>
    /// <param name="context">What commands run on.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(string[] args, CommandContext context)
    {
        RootCommand root = new("Captures live process trees into images and inspects them offline.");
        root.Options.Clear();
        root.Directives.Clear();
        HelpOption help = new("--help", "-h") { Description = "Show help" };
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        root.Add(help);
        root.Add(new VersionOption("--version", "-V") { Description = "Show the version", Action = new ShowVersion(context) });
        AddCommands(root, args, context);

        // '@name' is a file name here like any other.
        ParseResult result = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        string? empty = OptionWithoutValue(args);
        if ((result.Errors.Count > 0 || empty is not null) && result.Action is not HelpWithExamples)
        {
            return UsageError(result, empty, context);
        }

        context.Answer = result.Action is HelpWithExamples ? ExitCode.Success : null;
        using StreamWriter output = context.TextOutput();
        return result.Invoke(new InvocationConfiguration
        {
            Output = output,
            Error = context.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }

    /// <summary>Declares the command that the line names, or all of them for help and errors: each costs start-up time.</summary>
    private static void AddCommands(RootCommand root, string[] args, CommandContext context)
    {
        (string Name, Func<CommandContext, Command> Create)[] commands =
        [
            ("dump", DumpCommand.Create),
            ("inspect", InspectCommand.Create),
            ("validate", ValidateCommand.Create),
            ("diff", DiffCommand.Create),
            ("tasks", TasksCommand.Create),
            ("check", CheckCommand.Create),
            ("bpf", BpfCommand.Create),
            ("version", VersionText.Create),
        ];
        foreach ((string name, Func<CommandContext, Command> create) in commands)
        {
            if (args.Length > 0 && args[0] == name)
            {
                root.Add(create(context));
                return;
            }
        }

        foreach ((_, Func<CommandContext, Command> create) in commands)
        {
            root.Add(create(context));
        }
    }

    /// <summary>
    /// Finds an option that ends in "=". The parser would take the next argument for its value: another option, or a file
    /// that would then be blamed, or written.
    /// </summary>
    private static string? OptionWithoutValue(string[] args)
    {
        foreach (string arg in args)
        {
            if (arg == "--")
            {
                break;
            }

            bool isOption = arg.StartsWith("--", StringComparison.Ordinal) || (arg.StartsWith('-') && arg.Length == "-p=".Length);
            if (isOption && arg.IndexOf('=', StringComparison.Ordinal) == arg.Length - 1)
            {
                return arg[..^1];
            }
        }

        return null;
    }

    private static int UsageError(ParseResult result, string? optionWithoutValue, CommandContext context)
    {
        Command command = result.CommandResult.Command;
        string path = command is RootCommand ? "ckpt" : "ckpt " + command.Name;
        string message;
        if (optionWithoutValue is not null)
        {
            message = $"option '{optionWithoutValue}' has no value";
        }
        else if (result.CommandResult.Command is RootCommand)
        {
            message = result.UnmatchedTokens.Count > 0
                ? $"no command '{result.UnmatchedTokens[0]}'"
                : "a command is missing";
        }
        else if (result.UnmatchedTokens.Count > 0)
        {
            string token = result.UnmatchedTokens[0];
            message = token.StartsWith('-') ? $"unknown option '{token}'" : $"unexpected argument '{token}'";
        }
        else
        {
            message = result.Errors[0].Message;
        }

        context.Error.WriteLine("ckpt: " + Messages.Escape(message));
        context.Error.WriteLine($"try '{path} --help'");
        return ExitCode.Usage;
    }

    /// <summary>The usual help, then examples and, for the program, exit codes.</summary>
    private sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            int code = inner.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.Write(HelpText.For(parseResult.CommandResult.Command.Name));
            return code;
        }
    }

    private sealed class ShowVersion(CommandContext context) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult) => VersionText.Write(context);
    }
}
