using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.RealTrees;

public sealed class ServerTests
{
    [LinuxFact("initdb", "postgres", "psql", "setpriv", Oracle.Python, Root = true)]
    public void PostgreSQL_with_20_clients_is_captured_as_proc_shows_it()
    {
        using TempFolder folder = new(writableByAll: true);
        string data = folder["data"];
        Tool.Run([.. User.Nobody, Tool.Find("initdb")!, "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "--no-instructions"]).Expect(0);
        using ChildProcess server = ChildProcess.Launch(
            [.. User.Nobody, Tool.Find("postgres")!, "-D", data, "-F", "-k", folder.FullName, "-c", "listen_addresses=", "-c", "autovacuum=off", "-c", "shared_buffers=4MB"]);
        WaitFor(folder[".s.PGSQL.5432"]);
        List<ChildProcess> clients = [];
        try
        {
            for (int i = 0; i < 20; i++)
            {
                clients.Add(ChildProcess.Launch([Tool.Find("psql")!, "-XAqt", "-h", folder.FullName, "-U", "postgres", "-c", "select 'ready'", "-c", "select pg_sleep(600)"]));
            }

            clients.ForEach(client => client.WaitForLine("ready"));
            JsonElement image = ImageComparison.AssertSame(server.Pid);
            string[] titles = image.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("cmdline")[0].GetString()!).ToArray();
            Assert.Equal(20, titles.Count(title => title.StartsWith("postgres: postgres postgres [local] SELECT", StringComparison.Ordinal)));
            Assert.Contains(titles, title => title.StartsWith("postgres: checkpointer", StringComparison.Ordinal));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [LinuxFact("redis-server", "setpriv", Oracle.Python, Root = true)]
    public void Redis_is_captured_as_proc_shows_it()
    {
        using TempFolder folder = new(writableByAll: true);
        using ChildProcess server = ChildProcess.Launch(
            [.. User.Nobody, Tool.Find("redis-server")!, "--port", "0", "--unixsocket", folder["redis.sock"], "--save", "", "--dir", folder.FullName, "--daemonize", "no"]);
        WaitFor(folder["redis.sock"]);
        JsonElement image = ImageComparison.AssertSame(server.Pid);
        Assert.Equal(1, image.GetProperty("processes").GetArrayLength());
        Assert.True(image.GetProperty("threads").GetArrayLength() > 1);
    }

    [LinuxFact("nginx", Oracle.Python, Root = true)]
    public void Nginx_with_four_workers_of_another_user_is_captured_as_proc_shows_it()
    {
        using TempFolder folder = new(writableByAll: true);
        string at = folder.FullName;
        File.WriteAllText(folder["nginx.conf"], $$"""
            daemon off; user nobody nogroup; worker_processes 4; pid {{at}}/nginx.pid; error_log {{at}}/error.log;
            events { worker_connections 64; }
            http {
              access_log off; client_body_temp_path {{at}}/b; proxy_temp_path {{at}}/p; fastcgi_temp_path {{at}}/f;
              uwsgi_temp_path {{at}}/u; scgi_temp_path {{at}}/s;
              server { listen unix:{{at}}/nginx.sock; return 204; }
            }
            """);
        using ChildProcess server = ChildProcess.Launch([Tool.Find("nginx")!, "-e", folder["error.log"], "-p", at, "-c", folder["nginx.conf"]]);
        WaitFor(folder["nginx.sock"]);
        WaitFor(() => ProcFile.LivingFamily(server.Pid).Count == 5, "nginx's workers");
        JsonElement image = ImageComparison.AssertSame(server.Pid);
        Assert.Equal(["nobody", "nobody", "nobody", "nobody", "root"], image.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("user").GetString()!).Order());
    }

    private static void WaitFor(string path) => WaitFor(() => File.Exists(path), path);

    private static void WaitFor(Func<bool> condition, string what) => Wait.Until(condition, what);
}
