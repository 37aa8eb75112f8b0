using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using Checkpoint.Cli.Selection;
using Checkpoint.Diffing;

namespace Checkpoint.Cli.Commands;

/// <summary><c>ckpt diff</c> on the command line; <see cref="DiffRun"/> does it, on any OS.</summary>
internal static class DiffCommand
{
    /// <summary>Declares the command.</summary>
    /// <param name="context">What it runs on.</param>
    /// <returns>The command.</returns>
    internal static Command Create(CommandContext context)
    {
        Argument<string[]> files = new("FILE")
        {
            Description = "Two images, old and new; one with --live, three with --retained; - reads standard input",
            Arity = new ArgumentArity(1, 3),
        };
        Option<bool> live = CommandOptions.Flag("--live", "Compare with the tree as it is now, captured but not written");
        Option<int?> pid = CommandOptions.Pid("--pid", "-p", "With --live: the root of the tree, if not that of the image");
        Option<bool> retained = CommandOptions.Flag("--retained", "What appeared from the first to the second image and is still in the third");
        Option<string> match = CommandOptions.Word(
            "--match", "How processes are paired: by pid and start time within one boot, or by place in the tree, executable and command line",
            "auto", "identity", "role");
        Option<string[]> only = Words("--only", "Only changes of these kinds, fields or respects (vma.grown…), or those marked for security");
        Option<string[]> ignore = Words("--ignore", "Changes that do not count; as --only. Kinds: " + ChangeWords.AllKinds);
        Option<string[]> tolerance = Tolerances();
        Option<bool> stat = CommandOptions.Flag("--stat", "The counts alone");
        Option<bool> showUnchanged = CommandOptions.Flag("--show-unchanged", "Processes without a change too");
        Option<bool> check = CommandOptions.Flag("--check", "Write nothing; the exit code says whether something differs");
        Option<bool> json = CommandOptions.Flag("--json", "As JSON (schema ckpt.diff/1)");
        Option<string> color = CommandOptions.Word(
            "--color", "Colour: auto (on a terminal, unless NO_COLOR is set), always, never", "auto", "always", "never");
        Command command = new("diff", "Show what changed between two images; exits with 1 if something did")
        {
            files, live, pid, retained, match, only, ignore, tolerance, stat, showUnchanged, check, json, color,
        };
        command.Validators.Add(result =>
        {
            bool isLive = CommandOptions.IsGiven(result, live);
            bool isRetained = CommandOptions.IsGiven(result, retained);
            int given = (result.GetResult(files)?.Tokens.Count ?? 0) + (isLive ? 1 : 0);
            if (given != (isRetained ? 3 : 2))
            {
                result.AddError(isRetained ? "--retained takes three images, or two and --live" : "two images are compared, or one and --live; three with --retained");
            }
            else if (result.GetResult(files)?.Tokens.Count(token => token.Value == "-") > 1)
            {
                result.AddError("only one image can come from standard input");
            }
            else if (!isLive && result.GetResult(pid) is { Implicit: false })
            {
                result.AddError("--pid goes with --live");
            }
            else if (((Option<bool>[])[stat, showUnchanged, check]).Count(option => CommandOptions.IsGiven(result, option)) > 1
                || (CommandOptions.IsGiven(result, json) && (CommandOptions.IsGiven(result, showUnchanged) || CommandOptions.IsGiven(result, check))))
            {
                result.AddError("--stat, --show-unchanged and --check exclude each other; --json goes with --stat alone");
            }
        });
        command.SetAction(result => DiffRun.Execute(context, new DiffRequest(
            result.GetRequiredValue(files),
            result.GetValue(live),
            result.GetValue(pid),
            result.GetValue(retained),
            result.GetValue(match) switch { "identity" => MatchMode.Identity, "role" => MatchMode.Role, _ => MatchMode.Auto },
            new ChangeFilter(
                Split(result.GetValue(only)), Split(result.GetValue(ignore)), Split(result.GetValue(tolerance)).ConvertAll(text => Tolerance.Parse(text).Value!)),
            result.GetValue(check) ? DiffOutput.Nothing
                : result.GetValue(stat) ? DiffOutput.Counts
                : result.GetValue(showUnchanged) ? DiffOutput.All
                : DiffOutput.Changes,
            result.GetValue(json),
            result.GetRequiredValue(color))));
        return command;
    }

    private static Option<string[]> Words(string name, string description)
    {
        Option<string[]> option = new(name) { Description = description, HelpName = "WORD,…", Arity = ArgumentArity.OneOrMore };
        option.Validators.Add(result =>
        {
            foreach (string word in Split(result.Tokens.Select(token => token.Value)))
            {
                if (!ChangeWords.IsKnown(word))
                {
                    result.AddError($"{name} knows no '{word}'; it takes {ChangeWords.AllKinds}, {ChangeWords.Security}, vma.grown and the like, or the name of a field");
                }
            }
        });
        return option;
    }

    private static Option<string[]> Tolerances()
    {
        Option<string[]> option = new("--tolerance")
        {
            Description = "How far a counter may differ: rss=5%, vm_size=10M, counters=1%",
            HelpName = "COUNTER=N,…",
            Arity = ArgumentArity.OneOrMore,
        };
        option.Validators.Add(result =>
        {
            foreach (string text in Split(result.Tokens.Select(token => token.Value)))
            {
                if (Tolerance.Parse(text).Error is string error)
                {
                    result.AddError(error);
                }
            }
        });
        return option;
    }

    private static List<string> Split(IEnumerable<string>? lists) => [.. (lists ?? []).SelectMany(list => list.Split(','))];
}
