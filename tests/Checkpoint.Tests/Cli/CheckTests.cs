using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using Checkpoint.Cli;
using Checkpoint.Cli.Rendering;
using Checkpoint.Linux.Checks;
using Xunit;

namespace Checkpoint.Tests.Cli;

public class CheckTests
{
    /// <summary>Scripts rely on these: one may be added, none renamed or moved.</summary>
    private const string Ids =
        "task-diag bpf procfs libzstd hidepid maps smaps procmap-query children pidfd pidfd-info proc-connector ptrace bpf-syscall bpf-jit "
        + "bpf-btf bpf-mmap-array bpf-syscall-program bpf-rcu bpf-task-loop bpf-vma-loop bpf-task-from-pid bpf-task-from-vpid bpf-iter-task "
        + "bpf-iter-task-vma bpffs bpf-pinned user-namespace pid-namespace cap-sys-ptrace cap-sys-admin cap-bpf cap-perfmon cap-net-admin "
        + "cap-checkpoint-restore";

    private static readonly CheckFeature[] Features = Enum.GetValues<CheckFeature>();

    [Fact]
    public void The_ids_are_these_in_this_order_and_lead_back_to_the_features()
    {
        Assert.Equal(Ids.Split(' '), Features.Select(CheckNames.Id));
        Assert.Equal(Features.Select(feature => (CheckFeature?)feature), Ids.Split(' ').Select(CheckNames.Feature));
        Assert.Equal(Ids.Split(' '), Json(_ => Everything(CheckStatus.Ok)).GetProperty("features").EnumerateArray().Select(item => item.GetProperty("feature").GetString()));
    }

    [Fact]
    public void Whatever_is_found_takes_one_line_that_says_more_than_the_status()
    {
        foreach (CheckFinding finding in Possible())
        {
            CliRun run = Run(_ => [finding], CheckNames.Id(finding.Feature));
            string[] lines = run.Out.Split('\n');
            Assert.Equal(3, lines.Length);
            Match line = Regex.Match(lines[1], @"^(\S+) +(ok|limited|missing) +(\S.{8,})$");
            Assert.True(line.Success, lines[1]);
            Assert.DoesNotContain("  ", line.Groups[3].Value, StringComparison.Ordinal);
            Assert.Equal(finding.Status == CheckStatus.Missing ? ExitCode.Negative : ExitCode.Success, run.ExitCode);
            Assert.Empty(run.Error);

            JsonElement item = Json(_ => [finding], line.Groups[1].Value).GetProperty("features")[0];
            Assert.StartsWith(item.GetProperty("reason").GetString()!, line.Groups[3].Value, StringComparison.Ordinal);
            Assert.Equal(finding.Cause == CheckCause.None, item.GetProperty("cause").ValueKind == JsonValueKind.Null);
            Assert.Equal(item.GetProperty("remedy").GetString() is { } remedy ? item.GetProperty("reason").GetString() + "; " + remedy : item.GetProperty("reason").GetString(), line.Groups[3].Value);
        }
    }

    [Fact]
    public void Causes_have_names_of_their_own()
    {
        string?[] names = Enum.GetValues<CheckCause>().Select(CheckNames.Cause).ToArray();
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(names.Where(name => name is not null), name => Assert.Matches("^[a-z]+(-[a-z]+)*$", name));
    }

    [Fact]
    public void A_line_has_status_reason_errno_and_remedy()
    {
        CliRun run = Run(_ => [new(CheckFeature.ProcmapQuery, CheckStatus.Missing, CheckCause.KernelLacks, 25)], "procmap-query");
        Assert.Equal(
            "FEATURE       STATUS  MEANING\n"
            + "procmap-query missing this kernel does not have it (ENOTTY): VMAs are read as text, build IDs from the files; Linux 6.11 has it\n",
            run.Out);
    }

    [Fact]
    public void JSON_has_these_keys_in_this_order()
    {
        CliRun run = Run(_ => [new(CheckFeature.Bpf, CheckStatus.Missing, CheckCause.NeedsOther, 1, CheckFeature.BpfSyscall)], "bpf", "--json");
        Assert.Equal(
            """
            {
              "schema": "ckpt.check/1",
              "features": [
                {
                  "feature": "bpf",
                  "status": "missing",
                  "cause": "needs-other",
                  "needs": "bpf-syscall",
                  "error": "EPERM",
                  "reason": "bpf-syscall is missing (EPERM): procfs answers, slower for many tasks",
                  "remedy": "see ckpt check bpf-syscall"
                }
              ]
            }

            """,
            run.Out);
    }

    [Fact]
    public void A_capture_takes_procfs_and_libzstd_and_nothing_else()
    {
        foreach (CheckFeature missing in Features)
        {
            bool possible = missing is not (CheckFeature.Procfs or CheckFeature.Libzstd);
            List<CheckFinding> Findings(IReadOnlyCollection<CheckFeature> asked)
            {
                Assert.Empty(asked);
                return Everything(CheckStatus.Ok).Select(finding => finding.Feature == missing ? finding with { Status = CheckStatus.Missing } : finding).ToList();
            }

            CliRun run = Run(Findings);
            Assert.Equal(possible ? ExitCode.Success : ExitCode.Negative, run.ExitCode);
            Assert.Equal(possible, run.Out.Contains("\na capture is possible, by ", StringComparison.Ordinal));
            Assert.Equal(possible, Json(Findings).GetProperty("capture").GetBoolean());
        }

        Assert.Equal(ExitCode.Success, Run(_ => Everything(CheckStatus.Limited)).ExitCode);
        Assert.EndsWith("\na capture is possible, by task-diag or bpf or procfs\n", Run(_ => Everything(CheckStatus.Ok)).Out, StringComparison.Ordinal);
        Assert.Equal(["task-diag", "bpf", "procfs"], Json(_ => Everything(CheckStatus.Ok)).GetProperty("transports").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public void What_is_asked_is_what_is_probed_and_limited_is_good_enough()
    {
        IReadOnlyCollection<CheckFeature> asked = [];
        CliRun run = Run(
            features =>
            {
                asked = features;
                return [new(CheckFeature.Pidfd, CheckStatus.Limited), new(CheckFeature.Bpffs, CheckStatus.Ok)];
            },
            "bpffs", "pidfd", "bpffs");
        Assert.Equal([CheckFeature.Pidfd, CheckFeature.Bpffs], asked.Order());
        Assert.Equal(ExitCode.Success, run.ExitCode);
        Assert.DoesNotContain("capture is possible", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Quiet_says_no_more_than_one_line_when_the_answer_is_no()
    {
        CliRun run = Run(_ => [new(CheckFeature.Pidfd, CheckStatus.Missing, CheckCause.KernelLacks, 38)], "pidfd", "--quiet");
        Assert.Equal((ExitCode.Negative, "", "ckpt: missing: pidfd\n"), (run.ExitCode, run.Out, run.Error));
    }

    [Fact]
    public void A_narrow_terminal_cuts_no_remedy()
    {
        CliWorld world = new() { TerminalWidth = 40, Check = _ => [new(CheckFeature.Libzstd, CheckStatus.Missing, CheckCause.NotInstalled)] };
        Assert.Contains("zstd-libs (Alpine)\n", CliRun.On(world, "check", "libzstd").Out, StringComparison.Ordinal);
    }

    private static List<CheckFinding> Everything(CheckStatus status) => Features.Select(feature => new CheckFinding(feature, status)).ToList();

    private static IEnumerable<CheckFinding> Possible() =>
        from feature in Features
        from status in Enum.GetValues<CheckStatus>()
        from cause in Enum.GetValues<CheckCause>()
        from errno in (int[])[0, 1, 133]
        select new CheckFinding(feature, status, cause, errno, cause is CheckCause.NeedsOther ? CheckFeature.BpfBtf : null);

    private static CliRun Run(Func<IReadOnlyCollection<CheckFeature>, IReadOnlyList<CheckFinding>> check, params string[] args) =>
        CliRun.On(new CliWorld { Check = check }, ["check", .. args]);

    private static JsonElement Json(Func<IReadOnlyCollection<CheckFeature>, IReadOnlyList<CheckFinding>> check, params string[] args) =>
        JsonDocument.Parse(Run(check, ["--json", .. args]).OutBytes).RootElement;
}
