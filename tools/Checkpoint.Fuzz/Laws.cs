using System;
using System.Globalization;
using System.IO;
using Checkpoint.Cli;
using Checkpoint.Cli.Commands;
using Checkpoint.Cli.Rendering;
using Checkpoint.Diffing;
using Checkpoint.Imaging;
using Checkpoint.Model;

namespace Checkpoint.Fuzz;

/// <summary>What must hold of every file whatsoever.</summary>
internal static class Laws
{
    /// <summary>Commands that are given the file on standard input when it is valid; each takes a different way through it.</summary>
    private static readonly string[][] Commands =
    [
        ["inspect", "-"], ["inspect", "-", "--ps"], ["inspect", "-", "--threads"], ["inspect", "-", "--creds"], ["inspect", "-", "--vmas"],
        ["inspect", "-", "--files"], ["inspect", "-", "--json"], ["inspect", "-", "--vmas", "--json", "--sort", "size"],
        ["validate", "-"], ["validate", "-", "--json"], ["validate", "-", "--quick"],
    ];

    /// <summary>Tries the file on everything that reads images.</summary>
    /// <param name="image">The file.</param>
    /// <param name="number">Its number, which decides what is not done with every file because it takes longest.</param>
    /// <param name="other">A tree to compare it with, beside itself; null for none.</param>
    /// <returns>Whether it is valid.</returns>
    /// <exception cref="LawException">A law is broken; any other exception breaks one too.</exception>
    internal static bool Check(byte[] image, long number, ProcessTree? other = null)
    {
        ProcessTree? tree = Read(image);
        ImageCheck check = Use(image, input => ImageCheck.Read(input, readSections: true));
        Demand(tree is null == (check.Problems.Count > 0), "reader and validator disagree");
        Demand(tree is null == (check.Tree is null), "the validator gives a tree of what is not valid, or none");
        const int SalvageEach = 8;
        if (tree is null && number % SalvageEach == 0)
        {
            CheckSalvage(image);
        }
        else if (tree is not null)
        {
            // What was read can be written, and says the same then.
            using MemoryStream again = new();
            ImageWriter.Write(again, tree);
            again.Position = 0;
            Demand(ImageReader.Read(again).Processes.Count == tree.Processes.Count, "written again it is another");
            CheckDiff(tree, tree, image.Length);
            CheckDiff(other ?? tree, tree, image.Length);
        }

        const int RefuseEach = 16;
        if (tree is not null || number % RefuseEach == 0)
        {
            int code = Run(image, Commands[number / RefuseEach % Commands.Length]);
            Demand(code is ExitCode.Success or ExitCode.Negative or ExitCode.Input, $"exit code {code}");
        }

        return tree is not null;
    }

    /// <summary>Two trees can be compared, and the differences shown, or are too much.</summary>
    private static void CheckDiff(ProcessTree old, ProcessTree @new, long bytes)
    {
        foreach (MatchMode match in (ReadOnlySpan<MatchMode>)[MatchMode.Identity, MatchMode.Role])
        {
            try
            {
                TreeDiff diff = TreeDiff.Of(old, @new, match, ImageLimits.Default.MemoryFor(bytes));
                DiffSummary summary = new(diff, withMemory: true);
                DiffTreeText.Write(new TextReport(TextWriter.Null, 0, color: false), diff, summary, showUnchanged: true);
                DiffJson.Write(Stream.Null, diff, summary, withChanges: true);
            }
            catch (DiffTooLargeException)
            {
            }
        }
    }

    private static void CheckSalvage(byte[] image)
    {
        if (Use(image, ImageSalvage.Read) is not { } salvage)
        {
            return;
        }

        using MemoryStream output = new();
        salvage.Write(output);
        output.Position = 0;
        ImageCheck check = ImageCheck.Read(output, readSections: true);
        Demand(check.Problems.Count == 0, check.Problems.Count == 0 ? "" : $"what was salvaged is not valid: {check.Problems[0].Message}");
    }

    private static ProcessTree? Read(byte[] image)
    {
        try
        {
            return Use(image, ImageReader.Read);
        }
        catch (ImageFormatException)
        {
            return null;
        }
    }

    private static T Use<T>(byte[] image, Func<Stream, T> use)
    {
        using MemoryStream stream = new(image);
        return use(stream);
    }

    private static int Run(byte[] image, string[] args)
    {
        using StringWriter error = new(CultureInfo.InvariantCulture);
        return Program.Run(args, new CommandContext
        {
            Output = Stream.Null,
            Error = error,
            OpenInput = () => new MemoryStream(image),
            InputIsTerminal = () => false,
            OutputIsTerminal = () => false,
            Variable = _ => null,
            Collect = (_, _) => throw new InvalidOperationException("nothing is captured here"),
        });
    }

    private static void Demand(bool holds, string what)
    {
        if (!holds)
        {
            throw new LawException(what);
        }
    }
}
