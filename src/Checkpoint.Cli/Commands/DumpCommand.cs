using System.CommandLine;
using System.Globalization;
using Checkpoint.Imaging;

namespace Checkpoint.Cli.Commands;

/// <summary><c>ckpt dump</c> on the command line; <see cref="DumpRun"/> does it.</summary>
internal static class DumpCommand
{
    /// <summary>Declares the command.</summary>
    /// <param name="context">What it runs on.</param>
    /// <returns>The command.</returns>
    internal static Command Create(CommandContext context)
    {
        Option<int?> pid = CommandOptions.Pid("--pid", "-p", "The root of the tree");
        pid.Required = true;
        Option<string?> output = new("--output", "-o")
        {
            Description = "Where to write; - is standard output; default PID.ckpt",
            HelpName = "FILE",
        };
        Option<bool> noChildren = CommandOptions.Flag("--no-children", "Only this process, without its descendants");
        Option<bool> environ = CommandOptions.Flag("--env", "Capture environments too; they often hold secrets");
        Option<bool> vmFlags = CommandOptions.Flag("--vm-flags", "Capture all flags of VMAs; BPF does so anyway, else smaps: a page-table walk");
        Option<bool> vmStats = CommandOptions.Flag("--vm-stats", "Capture what of each VMA is in memory (smaps): a page-table walk");
        Option<int> level = Level();
        Option<bool> force = CommandOptions.Flag("--force", "Replace an existing file");
        Option<bool> allowPartial = CommandOptions.Flag("--allow-partial", "Exit with 0 although parts could not be read");
        Option<bool> textMaps = CommandOptions.Flag("--text-maps", "Read VMAs from text maps, not by PROCMAP_QUERY, for comparisons");
        Option<string?> transport = TransportOption.Create();
        Option<bool> json = CommandOptions.Flag("--json", "Print the summary as JSON (schema ckpt.dump/1) on standard output");
        Option<bool> quiet = CommandOptions.Flag("--quiet", "Say nothing but what went wrong, or is missing", "-q");
        Option<bool> verbose = CommandOptions.Flag("--verbose", "List gaps and events, and say how tasks were read and why so", "-v");

        Command command = new("dump", "Capture a live process tree, without stopping it, into an image")
        {
            pid, output, noChildren, environ, vmFlags, vmStats, level, force, allowPartial, textMaps, transport, json, quiet, verbose,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(output) is { Tokens: [{ Value: string path }] })
            {
                if (path.Length == 0)
                {
                    result.AddError("--output must not be empty");
                }
                else if (path == "-" && CommandOptions.IsGiven(result, json))
                {
                    result.AddError("--json and '--output -' exclude each other: both write to standard output");
                }
            }

            string? kind = result.GetResult(transport) is { Tokens: [{ Value: string name }] } ? name : null;
            TransportOption.Validate(result, kind);
            if (CommandOptions.IsGiven(result, textMaps) && kind == "task-diag")
            {
                result.AddError("--text-maps and --transport task-diag exclude each other");
            }

            if (CommandOptions.IsGiven(result, quiet) && CommandOptions.IsGiven(result, verbose))
            {
                result.AddError("--quiet and --verbose exclude each other");
            }
        });
        command.SetAction(result =>
        {
            int root = result.GetValue(pid).GetValueOrDefault();
            return DumpRun.Execute(context, new DumpRequest(
                root,
                result.GetValue(output) ?? root.ToString(CultureInfo.InvariantCulture) + ".ckpt",
                WithChildren: !result.GetValue(noChildren),
                WithEnviron: result.GetValue(environ),
                TextMaps: result.GetValue(textMaps),
                WithVmFlags: result.GetValue(vmFlags),
                WithVmStats: result.GetValue(vmStats),
                Level: result.GetValue(level),
                Transport: TransportOption.Kind(result.GetValue(transport)),
                Force: result.GetValue(force),
                AllowPartial: result.GetValue(allowPartial),
                Json: result.GetValue(json),
                Quiet: result.GetValue(quiet),
                Verbose: result.GetValue(verbose)));
        });
        return command;
    }

    private static Option<int> Level()
    {
        const string Name = "--level";
        return new Option<int>(Name)
        {
            Description = $"zstd level, {ImageWriter.LeastLevel} (fast) to {ImageWriter.HighestLevel} (small); default {ImageWriter.DefaultLevel}",
            HelpName = "N",
            DefaultValueFactory = static _ => ImageWriter.DefaultLevel,
            CustomParser = static result =>
            {
                string text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
                if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int level) || level is < ImageWriter.LeastLevel or > ImageWriter.HighestLevel)
                {
                    result.AddError($"{Name} must be a number from {ImageWriter.LeastLevel} to {ImageWriter.HighestLevel}, not '{text}'");
                }

                return level;
            },
        };
    }
}
