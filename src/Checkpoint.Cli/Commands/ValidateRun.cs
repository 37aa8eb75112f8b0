using System;
using System.Collections.Generic;
using System.IO;
using Checkpoint.Cli.Rendering;
using Checkpoint.Imaging;
using Checkpoint.Linux;
using Checkpoint.Model;
using Checkpoint.Validation;

namespace Checkpoint.Cli.Commands;

/// <summary>Checks images: their bytes, what they say, and if wanted whether it still is so.</summary>
internal static class ValidateRun
{
    /// <summary>Runs the command.</summary>
    /// <param name="context">What it runs on.</param>
    /// <param name="request">What is asked.</param>
    /// <returns>The worst exit code of the files.</returns>
    /// <exception cref="CommandFailure">What was asked cannot be done here.</exception>
    internal static int Execute(CommandContext context, ValidateRequest request)
    {
        if (request.AgainstLive && !OperatingSystem.IsLinux())
        {
            throw new CommandFailure(ExitCode.Refused, "--against-live works on Linux only", "leave it out to check the image alone");
        }

        List<ValidateResult> results = [];
        int worst = ExitCode.Success;
        foreach (string file in request.Files)
        {
            ValidateResult result = Check(context, request, file);
            if (request.Salvage is { } target)
            {
                result = Salvage(context, request, result, target);
            }

            results.Add(result with { Tree = null });
            worst = Math.Max(worst, result.ExitCode);
        }

        context.Answer = worst;
        if (request.Json)
        {
            using Stream output = context.BufferedOutput();
            ValidateJson.Write(output, request, results);
        }
        else if (!request.Quiet)
        {
            using StreamWriter output = context.TextOutput();
            ValidateText.Write(output, results);
        }
        else if (worst != ExitCode.Success)
        {
            context.Error.WriteLine("ckpt: " + Complaint(results));
        }

        return worst;
    }

    /// <summary>One line about what is wrong, for those who want no more.</summary>
    private static string Complaint(List<ValidateResult> results)
    {
        List<ValidateResult> bad = results.FindAll(result => result.ExitCode != ExitCode.Success);
        string others = bad.Count > 1 ? $", and {bad.Count - 1} more" : "";
        return $"{Messages.Escape(bad[0].File)} is {bad[0].Verdict}{others}; without --quiet it is said why";
    }

    private static ValidateResult Check(CommandContext context, ValidateRequest request, string file)
    {
        FindingList findings = new();
        CommandFailure? failure = ImageFile.TryUse(
            context, file, "an image", input => ImageCheck.Read(input, readSections: !request.Quick), out ImageCheck? check);
        if (check is null)
        {
            findings.Add(new Finding(Rules.InputUnreadable, Messages.Escape(failure!.Message)));
            return new ValidateResult(file, [], null, findings) { IsDamaged = false };
        }

        ImageFindings.Add(check, findings);
        bool isLive = false;
        IReadOnlyList<int>? running = null;
        if (check.Tree is { } tree)
        {
            TreeRules.Check(tree, findings);
            if (request.AgainstLive)
            {
                isLive = true;
                running = LiveRules.Check(tree, context.ReadLive(Tgids(tree)), findings);
            }
        }

        return new ValidateResult(file, check.Sections, check.Tree, findings)
        {
            IsDamaged = check.Problems.Count > 0,
            WasComparedWithLive = isLive,
            Running = running,
        };
    }

    private static ValidateResult Salvage(CommandContext context, ValidateRequest request, ValidateResult result, string target)
    {
        if (!result.IsDamaged)
        {
            if (result.Sections.Count > 0)
            {
                context.Error.WriteLine($"ckpt: {Messages.Escape(result.File)} is not damaged: nothing was salvaged");
            }

            return result;
        }

        ImageSalvage? salvage = ImageFile.Use(context, result.File, "an image", ImageSalvage.Read);
        if (salvage is null)
        {
            context.Error.WriteLine($"ckpt: no section of {Messages.Escape(result.File)} is whole: nothing was salvaged");
            return result;
        }

        if (OperatingSystem.IsLinux())
        {
            Interruption interruption = Interruption.Start(context);
            using AtomicOutput output = AtomicOutput.Create(target, request.Force);
            interruption.Guard(output);
            Write(output.Stream, salvage);
            interruption.Complete(result.ExitCode);
            output.Commit();
        }
        else
        {
            using FileStream output = new(target, request.Force ? FileMode.Create : FileMode.CreateNew);
            Write(output, salvage);
        }

        return result with { Salvaged = salvage.Tree.Capture };
    }

    private static void Write(Stream output, ImageSalvage salvage)
    {
        using BufferedStream buffered = new(new UnclosedStream(output), 64 * 1024);
        salvage.Write(buffered);
    }

    private static List<int> Tgids(ProcessTree tree)
    {
        List<int> tgids = new(tree.Processes.Count);
        foreach (ProcessEntry process in tree.Processes)
        {
            tgids.Add(process.Tgid);
        }

        return tgids;
    }
}
