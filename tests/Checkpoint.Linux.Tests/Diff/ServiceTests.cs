using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Diff;

public sealed class ServiceTests
{
    [LinuxFact("nginx", Root = true)]
    public void A_worker_that_nginx_restarted_is_one_gone_and_one_come_by_identity_and_nothing_by_role()
    {
        using TempFolder folder = new(writableByAll: true);
        using ChildProcess server = RunningServers.Nginx(folder, 3);
        using Comparison comparison = new();
        string before = comparison.Take(server.Pid);
        int worker = ProcFile.LivingFamily(server.Pid).Where(pid => pid != server.Pid).Max();
        Kernel.Kill(worker, Kernel.SIGKILL);
        RunningServers.WaitFor(
            () => ProcFile.LivingFamily(server.Pid) is { Count: 4 } family && !family.Contains(worker)
                && family.All(pid => pid == server.Pid || RunningServers.Title(pid).Contains("worker", StringComparison.Ordinal)),
            "another worker");
        ProcFile.WaitUntilQuiet(server.Pid);
        string after = comparison.Take(server.Pid);
        int next = ProcFile.LivingFamily(server.Pid).Max();

        JsonElement[] identity = Comparison.Changes(before, after, "--only", "process");
        Assert.Equal([("removed", worker), ("added", next)], identity.Select(change => (change.GetProperty("action").GetString()!, int.Parse(change.GetProperty("path").GetString()!.Split('/')[2], CultureInfo.InvariantCulture))).OrderByDescending(pair => pair.Item1));
        Assert.Empty(Comparison.Changes(before, after, "--match", "role"));
        Assert.Contains("1 process added, 1 removed", Ckpt.Run("diff", before, after).Expect(1).Text, StringComparison.Ordinal);
    }

    [LinuxFact("nginx", Root = true)]
    public void An_nginx_that_was_restarted_as_a_whole_does_not_differ_by_role()
    {
        using TempFolder folder = new(writableByAll: true);
        using Comparison comparison = new();
        string[] images = [Restarted(), Restarted()];
        RunResult result = Ckpt.Run(["diff", .. images]).Expect(0);
        Assert.Contains("by role", result.Text, StringComparison.Ordinal);
        Assert.EndsWith("0 processes added, 0 removed, 0 changed; VMAs +0 -0 ~0\n", result.Text, StringComparison.Ordinal);

        // What does differ is found: a worker more.
        using ChildProcess larger = RunningServers.Nginx(folder, 3);
        JsonElement added = Assert.Single(Comparison.Changes(images[0], comparison.Take(larger.Pid), "--only", "process"));
        Assert.Equal("added", added.GetProperty("action").GetString());

        string Restarted()
        {
            using ChildProcess server = RunningServers.Nginx(folder, 2);
            return comparison.Take(server.Pid);
        }
    }

    [LinuxFact("initdb", "postgres", "psql", "setpriv", Root = true)]
    public void A_PostgreSQL_that_was_restarted_as_a_whole_does_not_differ_by_role()
    {
        using TempFolder folder = new(writableByAll: true);
        RunningServers.InitializePostgres(folder);
        using Comparison comparison = new();
        string[] images = [Restarted(), Restarted(), Restarted()];
        foreach (string again in images[1..])
        {
            RunResult result = Ckpt.Run("diff", images[0], again, "--match", "role");
            Assert.True(result.ExitCode == 0, result.Text);
        }

        string Restarted()
        {
            List<ChildProcess> clients = [];
            try
            {
                using ChildProcess server = RunningServers.Postgres(folder, clients, 3);
                string image = comparison.Take(server.Pid);
                clients.ForEach(client => client.Dispose());
                clients.Clear();
                server.Signal(Kernel.SIGINT);
                server.WaitForExit();
                return image;
            }
            finally
            {
                clients.ForEach(client => client.Dispose());
            }
        }
    }

    [LinuxFact("initdb", "postgres", "psql", "setpriv", Root = true)]
    public void A_backend_that_PostgreSQL_started_for_another_client_is_one_gone_and_one_come()
    {
        using TempFolder folder = new(writableByAll: true);
        RunningServers.InitializePostgres(folder);
        List<ChildProcess> clients = [];
        try
        {
            using ChildProcess server = RunningServers.Postgres(folder, clients, 2);
            using Comparison comparison = new();
            string before = comparison.Take(server.Pid);
            clients[0].Dispose();
            clients.RemoveAt(0);
            clients.Add(RunningServers.Client(folder));
            RunningServers.WaitFor(() => RunningServers.Titles(server.Pid).Count(title => title.EndsWith(" idle", StringComparison.Ordinal)) == 2, "two idle backends");
            string after = comparison.Take(server.Pid);
            JsonElement[] changes = Comparison.Changes(before, after, "--only", "process");
            Assert.Equal(["added", "removed"], changes.Select(change => change.GetProperty("action").GetString()!).Order());
            Assert.All(changes, change => Assert.Contains("idle", string.Concat(Comparison.Strings(change.GetProperty(change.GetProperty("action").GetString() == "added" ? "new" : "old").GetProperty("cmdline"))), StringComparison.Ordinal));
            Assert.Empty(Comparison.Changes(before, after, "--match", "role"));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [LinuxFact("initdb", "postgres", "psql", "setpriv", Root = true)]
    public void A_worker_that_PostgreSQL_restarted_is_one_gone_and_one_come_by_identity_and_nothing_by_role()
    {
        using TempFolder folder = new(writableByAll: true);
        RunningServers.InitializePostgres(folder);
        using ChildProcess server = RunningServers.Postgres(folder, [], 0);
        using Comparison comparison = new();
        string before = comparison.Take(server.Pid);
        int worker = Writer().Single();
        Kernel.Kill(worker, 15);
        RunningServers.WaitFor(() => Writer() is [int another] && another != worker, "another background writer");
        ProcFile.WaitUntilQuiet(server.Pid);
        string after = comparison.Take(server.Pid);

        JsonElement[] changes = Comparison.Changes(before, after, "--only", "process");
        Assert.Equal([("added", Writer().Single()), ("removed", worker)], changes
            .Select(change => (change.GetProperty("action").GetString()!, int.Parse(change.GetProperty("path").GetString()!.Split('/')[2], CultureInfo.InvariantCulture))).Order());
        Assert.Empty(Comparison.Changes(before, after, "--match", "role"));

        int[] Writer() => [.. ProcFile.LivingFamily(server.Pid).Where(pid => RunningServers.Title(pid).Contains("background writer", StringComparison.Ordinal))];
    }

    [LinuxFact("nginx", Root = true)]
    public void A_quiet_service_as_it_is_now_does_not_differ_from_its_image_but_for_counters()
    {
        using TempFolder folder = new(writableByAll: true);
        using ChildProcess server = RunningServers.Nginx(folder, 2);
        using Comparison comparison = new();
        string image = comparison.Take(server.Pid);
        Ckpt.Run("diff", image, "--live", "--ignore", "counters,state", "--check").Expect(0);
        int worker = ProcFile.LivingFamily(server.Pid).Max();
        Kernel.Kill(worker, 19);
        RunResult stopped = Ckpt.Run("diff", image, "--live", "--ignore", "counters", "--only", "state").Expect(1);
        Kernel.Kill(worker, 18);
        Assert.Matches(@"state +sleeping -> stopped", stopped.Text);
    }
}
