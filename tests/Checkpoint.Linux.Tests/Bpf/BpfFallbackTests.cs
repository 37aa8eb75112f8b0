using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Linux.Transports;
using Xunit;

namespace Checkpoint.Linux.Tests.Bpf;

/// <summary>Where BPF cannot be used, a run says why and reads procfs; who asks for BPF by name is refused.</summary>
public sealed class BpfFallbackTests
{
    private static readonly string[] _withoutBpf = ["setpriv", "--bounding-set", "-bpf,-sys_admin", "--"];

    [LinuxFact("gcc", "setpriv", Root = true)]
    public void An_ordinary_user_has_no_BPF() => AssertFallsBack(User.Nobody, "CAP_BPF is missing");

    [LinuxFact("gcc", "setpriv", Root = true)]
    public void Root_without_CAP_BPF_has_no_BPF() => AssertFallsBack(_withoutBpf, "CAP_BPF is missing");

    [LinuxFact("gcc", "setpriv", Root = true)]
    public void Root_without_CAP_PERFMON_has_no_BPF() =>
        AssertFallsBack(["setpriv", "--bounding-set", "-perfmon,-sys_admin", "--"], "CAP_PERFMON is missing");

    [LinuxFact("gcc", "setpriv", Root = true)]
    public void Who_may_not_read_every_task_has_no_BPF() =>
        AssertFallsBack(["setpriv", "--bounding-set", "-sys_ptrace", "--"], "CAP_SYS_PTRACE is missing");

    [LinuxFact("gcc", "unshare", Root = true)]
    public void Root_of_a_user_namespace_has_no_BPF() =>
        AssertFallsBack(["unshare", "--user", "--map-root-user", "--"], "this is not the initial user namespace");

    [LinuxFact("gcc", Root = true)]
    public void A_kernel_that_refuses_the_programs_is_read_by_procfs()
    {
        const string RefuseBpf = "321:1"; // bpf(2), EPERM
        using ChildProcess target = Workload.Start("tree", "30", (TransportChoice.LargeRequest + 100).ToString(CultureInfo.InvariantCulture));
        using TempFolder folder = new();
        RunResult run = Tool.Run([Workload.Build("refuse"), RefuseBpf, "--", .. Ckpt.Command("dump", "-v", "-p", target.PidText, "-o", folder["a.ckpt"])], Ckpt.Variables);
        Assert.Contains("transport: procfs: cannot ", run.Expect(0).Stderr, StringComparison.Ordinal);
        Assert.Contains("Operation not permitted", run.Stderr, StringComparison.Ordinal);
        Tool.Run([Workload.Build("refuse"), RefuseBpf, "--", .. Ckpt.Command("dump", "--transport", "bpf", "-p", target.PidText, "-o", folder["b.ckpt"])], Ckpt.Variables)
            .ExpectOneLine(5, "BPF", "operation not permitted");
        Assert.Equal(["a.ckpt"], folder.Names);
    }

    private static void AssertFallsBack(IReadOnlyList<string> prefix, string reason)
    {
        using ChildProcess target = ChildProcess.Start([.. prefix, Workload.Build("tree"), "2", "5"]);
        using TempFolder folder = new(writableByAll: true);
        RunResult run = Tool.Run([.. prefix, .. Ckpt.Command("dump", "-v", "--allow-partial", "-p", target.PidText, "-o", folder["a.ckpt"])], Ckpt.Variables);
        Assert.Contains($"transport: procfs: {reason}\n", run.Expect(0).Stderr, StringComparison.Ordinal);
        JsonElement image = Ckpt.Run("inspect", "--json", folder["a.ckpt"]).Expect(0).Json;
        Assert.Equal("procfs", image.GetProperty("capture").GetProperty("transport").GetString());
        Assert.Equal(5, image.GetProperty("processes").GetArrayLength());

        Tool.Run([.. prefix, .. Ckpt.Command("dump", "--transport", "bpf", "-p", target.PidText, "-o", folder["b.ckpt"])], Ckpt.Variables)
            .ExpectOneLine(5, "BPF", reason);
        Tool.Run([.. prefix, .. Ckpt.Command("tasks", "all", "--transport", "bpf")], Ckpt.Variables).ExpectOneLine(5, "BPF", reason);
        Assert.Equal(["a.ckpt"], folder.Names);
        RunResult tasks = Tool.Run([.. prefix, .. Ckpt.Command("tasks", "one", "-v", "--hidden", "-p", target.PidText)], Ckpt.Variables);
        Assert.Equal($"transport: procfs: {reason}\n", tasks.Expect(0).Stderr);
    }
}
