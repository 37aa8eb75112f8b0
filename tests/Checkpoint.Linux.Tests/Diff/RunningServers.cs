using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Checkpoint.Linux.Tests.Environment;

namespace Checkpoint.Linux.Tests.Diff;

/// <summary>Real servers in a folder of their own, which can be started again and again.</summary>
internal static class RunningServers
{
    /// <summary>Starts nginx and waits for its workers.</summary>
    /// <param name="folder">Where it keeps everything.</param>
    /// <param name="workers">How many workers.</param>
    /// <returns>The master.</returns>
    internal static ChildProcess Nginx(TempFolder folder, int workers)
    {
        string at = folder.FullName;
        File.Delete(folder["nginx.sock"]);
        File.WriteAllText(folder["nginx.conf"], $$"""
            daemon off; user nobody nogroup; worker_processes {{workers}}; pid {{at}}/nginx.pid; error_log {{at}}/error.log;
            events { worker_connections 64; }
            http {
              access_log off; client_body_temp_path {{at}}/b; proxy_temp_path {{at}}/p; fastcgi_temp_path {{at}}/f;
              uwsgi_temp_path {{at}}/u; scgi_temp_path {{at}}/s;
              server { listen unix:{{at}}/nginx.sock; return 204; }
            }
            """);
        ChildProcess server = ChildProcess.Launch([Tool.Find("nginx")!, "-e", folder["error.log"], "-p", at, "-c", folder["nginx.conf"]]);
        WaitFor(() => File.Exists(folder["nginx.sock"]) && Settled(server.Pid, workers + 1), "nginx");
        return server;
    }

    /// <summary>Makes a PostgreSQL cluster.</summary>
    internal static void InitializePostgres(TempFolder folder) =>
        Tool.Run([.. User.Nobody, Tool.Find("initdb")!, "-D", folder["data"], "-U", "postgres", "-A", "trust", "--no-sync", "--no-instructions"]).Expect(0);

    /// <summary>Starts PostgreSQL and clients that have done one query and wait.</summary>
    /// <param name="folder">Where the cluster is.</param>
    /// <param name="clients">Gets the clients.</param>
    /// <param name="count">How many clients.</param>
    /// <returns>The postmaster.</returns>
    internal static ChildProcess Postgres(TempFolder folder, List<ChildProcess> clients, int count)
    {
        File.Delete(folder[".s.PGSQL.5432"]);
        ChildProcess server = ChildProcess.Launch(
            [.. User.Nobody, Tool.Find("postgres")!, "-D", folder["data"], "-F", "-k", folder.FullName, "-c", "listen_addresses=", "-c", "autovacuum=off", "-c", "shared_buffers=4MB"]);
        WaitFor(() => File.Exists(folder[".s.PGSQL.5432"]) && Settled(server.Pid, 5), "PostgreSQL");
        for (int i = 0; i < count; i++)
        {
            clients.Add(Client(folder));
        }

        WaitFor(() => Titles(server.Pid).Count(title => title.EndsWith(" idle", StringComparison.Ordinal)) == count, "idle backends");
        return server;
    }

    /// <summary>A client that has done one query and waits for its next.</summary>
    internal static ChildProcess Client(TempFolder folder)
    {
        ChildProcess client = ChildProcess.Launch([Tool.Find("psql")!, "-XAqt", "-h", folder.FullName, "-U", "postgres"]);
        client.Input.WriteLine("select 'ready';");
        client.Input.Flush();
        client.WaitForLine("ready");
        return client;
    }

    /// <summary>The command lines of a process and all below it.</summary>
    internal static IEnumerable<string> Titles(int pid) => ProcFile.LivingFamily(pid).Select(Title);

    /// <summary>The command line of a process; empty when it is gone.</summary>
    internal static string Title(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").TrimEnd('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>Waits until something is so.</summary>
    internal static void WaitFor(Func<bool> condition, string what) => Wait.Until(condition, what);

    /// <summary>Whether there are so many processes, all with titles of their own, asleep and through with starting.</summary>
    private static bool Settled(int pid, int processes)
    {
        HashSet<int> family = ProcFile.LivingFamily(pid);
        if (family.Count != processes || family.Any(member => member != pid && Title(member) == Title(pid)))
        {
            return false;
        }

        ProcFile.WaitUntilQuiet(pid);
        return ProcFile.LivingFamily(pid).SetEquals(family);
    }
}
