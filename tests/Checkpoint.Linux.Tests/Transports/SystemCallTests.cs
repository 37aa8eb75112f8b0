using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Transports;

/// <summary>An attribute that was not asked for costs nothing: the system calls for one process, as strace sees them.</summary>
public sealed class SystemCallTests
{
    private const string FromStat = "openat stat, read stat, close stat";
    private const string FromStatus = "openat status, read status, close status";

    /// <summary>What each attribute alone costs, as the table in src/README.md says.</summary>
    private static readonly Dictionary<string, string> _expected = new()
    {
        ["None"] = "",
        ["Base"] = FromStat,
        ["Cred"] = FromStatus,
        ["Vma"] = "openat maps, ioctl maps …, close maps",
        ["Vma, VmaStat"] = "openat smaps, read smaps …, close smaps",
        ["Stat"] = FromStat,
        ["Statm"] = FromStatus,
        ["Cmdline"] = "openat cmdline, read cmdline, close cmdline",
        ["ExtSched"] = FromStat,
        ["ExtMm"] = FromStat,
        ["ExtSecurity"] = FromStatus,
        ["ExtSignals"] = FromStatus,
        ["ExtGroups"] = FromStatus,
        ["ExtNsPids"] = FromStatus,
        ["ExtExe"] = "readlinkat exe",
        ["ExtCwd"] = "readlinkat cwd",
        ["ExtRoot"] = "readlinkat root",
        ["ExtEnviron"] = "openat environ, read environ, close environ",
        ["ExtNamespaces"] = "openat ., readlinkat ns/cgroup, readlinkat ns/ipc, readlinkat ns/mnt, readlinkat ns/net, readlinkat ns/pid, "
            + "readlinkat ns/time, readlinkat ns/user, readlinkat ns/uts, close .",
        ["ExtGroupStat"] = "",
        ["ExtGaps"] = "",
        ["ExtComm"] = FromStat,
        ["ExtUmask"] = FromStatus,
        ["ExtBuildIds"] = "openat ., openat maps, ioctl maps …, close maps, close .",
        ["ExtPageSizes"] = "openat maps, ioctl maps …, close maps",
        ["ExtTotalVm"] = "", // tells nothing without a list that it is read after
        ["ExtFiles"] = "", // allows another way to tell names, which procfs has no use for
        ["Base, Cred, Stat, Statm, Cmdline"] =
            $"openat ., {FromStat}, {FromStatus}, openat cmdline, read cmdline, close cmdline, close .",
    };

    private bool _sawFirstFiles;

    [LinuxFact("gcc", "strace")]
    public void An_attribute_opens_what_it_needs_and_nothing_else()
    {
        using ChildProcess tree = Workload.Start("tree", "3", "4");
        foreach ((string request, List<string> perProcess) in Trace(tree.Pid))
        {
            string show = request.Replace(", Hidden", "", StringComparison.Ordinal);
            if (show is "Hidden")
            {
                show = "None";
            }

            if (show == "ExtLabel")
            {
                // Without a security module the first EINVAL is the last question.
                Assert.All(perProcess, calls => Assert.DoesNotMatch("stat|maps|cmdline", calls.Replace("ns/user", "", StringComparison.Ordinal)));
                continue;
            }

            // Who may not be looked into is known from stat; without it, a link is tried, unless hidden tasks are wanted too.
            string expected = _expected[show];
            bool asksPermission = !request.Contains("Hidden", StringComparison.Ordinal) && !expected.Contains("openat stat,", StringComparison.Ordinal);
            string permission = expected.Length == 0 ? "readlinkat ns/user" : expected.StartsWith("openat .", StringComparison.Ordinal)
                ? expected.Replace("openat .,", "openat ., readlinkat ns/user,", StringComparison.Ordinal) : "readlinkat ns/user, " + expected;
            Assert.Equal(3, perProcess.Count);
            if (show == "ExtBuildIds" && !_sawFirstFiles)
            {
                _sawFirstFiles = true;
                // The first maps files that no other did before: what they are is read from its memory.
                Assert.Contains("openat mem, openat pagemap, openat maps", perProcess[0], StringComparison.Ordinal);
                Assert.DoesNotContain("openat map_files", perProcess[0], StringComparison.Ordinal);
                perProcess.RemoveAt(0);
            }

            Assert.All(perProcess, calls => Assert.Equal($"{request}: {(asksPermission ? permission : expected)}", $"{request}: {calls}"));
        }
    }

    /// <summary>Has the benchmark program ask for each attribute of the children of a process, under strace.</summary>
    /// <returns>For each request, the calls about each child.</returns>
    private static List<(string Request, List<string> PerProcess)> Trace(int pid)
    {
        using TempFolder folder = new();
        string program = Path.Combine(AppContext.BaseDirectory, "Checkpoint.Benchmarks");
        Tool.Run(
            [
                "strace", "-f", "-y", "-s", "99", "-qq", "--seccomp-bpf", "-e", "trace=openat,open,stat,statx,newfstatat,read,pread64,readlinkat,getdents64,ioctl,close,write",
                "-o", folder["trace"], program, "attributes", "children", pid.ToString(CultureInfo.InvariantCulture),
            ],
            Ckpt.Variables).Expect(0);
        string[] children = File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        List<(string Request, List<string> PerProcess)> all = [];
        Dictionary<string, List<string>> calls = [];
        string request = "";
        foreach (string line in File.ReadLines(folder["trace"]))
        {
            Match marker = Regex.Match(line, "\"request ([\\w, ]+)\\\\n\"");
            if (marker.Success)
            {
                if (request.Length > 0)
                {
                    all.Add((request, [.. children.Select(child => string.Join(", ", calls.GetValueOrDefault(child, [])))]));
                }

                request = marker.Groups[1].Value;
                calls.Clear();
            }
            else if (Parse(line, children) is (string child, string call))
            {
                List<string> list = calls.TryGetValue(child, out List<string>? known) ? known : calls[child] = [];
                Add(list, call);
            }
        }

        return all;
    }

    /// <summary>"openat(3&lt;/proc&gt;, "7/stat", …" and "openat(3&lt;/proc/7&gt;, "stat", …" are both about stat of 7.</summary>
    private static (string Child, string Call)? Parse(string line, string[] children)
    {
        Match call = Regex.Match(line, "^\\d+ +(\\w+)\\(\\d+<(/proc[^>]*)>(?:, \"([^\"]*)\")?");
        if (!call.Success)
        {
            return null;
        }

        bool takesPath = call.Groups[1].Value is "openat" or "readlinkat" or "statx" or "newfstatat";
        string path = call.Groups[2].Value + (takesPath ? "/" + call.Groups[3].Value : "");
        string[] parts = path.Split('/', 4);
        return parts.Length > 2 && children.Contains(parts[2])
            ? (parts[2], $"{call.Groups[1].Value} {(parts.Length == 4 ? parts[3] : ".")}")
            : null;
    }

    private static void Add(List<string> calls, string call)
    {
        // How many VMAs there are does not matter here.
        string many = call + " …";
        if (call is "ioctl maps" or "read smaps" && calls.Count > 0 && (calls[^1] == call || calls[^1] == many))
        {
            calls[^1] = many;
        }
        else
        {
            calls.Add(call);
        }
    }
}
