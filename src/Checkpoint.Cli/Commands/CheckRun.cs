using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Checkpoint.Cli.Rendering;
using Checkpoint.Linux.Checks;

namespace Checkpoint.Cli.Commands;

/// <summary>Probes this machine, and says what was found.</summary>
internal static class CheckRun
{
    /// <summary>Runs the command.</summary>
    /// <param name="context">What it runs on.</param>
    /// <param name="request">What is asked.</param>
    /// <returns>0 when a capture is possible, or none of the features asked for is missing; else 1.</returns>
    /// <exception cref="CommandFailure">This is not Linux.</exception>
    internal static int Execute(CommandContext context, CheckRequest request)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new CommandFailure(ExitCode.Refused, "nothing can be captured here: dump works on Linux only", "the other commands read images on any system");
        }

        IReadOnlyList<CheckFinding> findings = context.Check(request.Features);
        bool everything = request.Features.Count == 0;
        int answer = (everything ? SystemCheck.CanCapture(findings) : NothingIsMissing(findings)) ? ExitCode.Success : ExitCode.Negative;
        context.Answer = answer;
        if (request.Json)
        {
            using Stream buffered = context.BufferedOutput();
            CheckText.WriteJson(buffered, findings, everything);
        }
        else if (!request.Quiet)
        {
            // Never cut at the terminal's width: the remedies stand at the end of the lines.
            using StreamWriter output = context.TextOutput();
            CheckText.Write(new TextReport(output, width: 0, color: false), findings, everything);
        }

        if (answer != ExitCode.Success && request.Quiet)
        {
            context.Error.WriteLine(everything ? "ckpt: no capture is possible here" : $"ckpt: missing: {string.Join(", ", Missing(findings))}");
        }

        return answer;
    }

    private static bool NothingIsMissing(IReadOnlyList<CheckFinding> findings) => !Missing(findings).Any();

    private static IEnumerable<string> Missing(IReadOnlyList<CheckFinding> findings) =>
        findings.Where(finding => finding.Status == CheckStatus.Missing).Select(finding => CheckNames.Id(finding.Feature));
}
