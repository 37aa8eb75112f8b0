using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using Checkpoint.Cli;
using Checkpoint.Fuzz;
using Checkpoint.Tests.Cli;
using Xunit;

namespace Checkpoint.Tests.Fuzz;

/// <summary>
/// Small files that ask for much, given to the program itself: its managed memory has a hard limit, beyond which it ends with an
/// exception, and the kernel ends it after seconds on a processor.
/// </summary>
[Collection(AloneCollection.Name)]
public class HeavyImageTests
{
    /// <summary>200 MiB: what is left of 256 MB for the runtime and its code.</summary>
    private const string HeapLimit = "0xC800000";

    /// <summary>Several times what an optimised program may take, for this one is compiled while it runs.</summary>
    private const string SecondsLimit = "12";

    private static readonly string _seed = Repository.PathOf("images/golden/v1/single.ckpt");

    public static TheoryData<string, string> Cases => new()
    {
        { "long-cmdline", "inspect OLD" },
        { "long-exe", "diff OLD NEW --match role" },
        { "long-cwd", "inspect OLD --json" },
        { "long-comm", "inspect OLD --threads" },
        { "long-user", "inspect OLD --ps" },
        { "long-file-vmas", "inspect OLD --vmas --json" },
        { "nul-environ", "inspect OLD --json" },
        { "nul-arguments", "diff OLD NEW --match role" },
        { "tgids-of-one-bucket", "inspect OLD" },
        { "tgids-of-one-bucket", "validate OLD" },
        { "tgids-of-one-bucket", "diff OLD NEW --match role" },
        { "uids-of-one-bucket", "inspect OLD --ps" },
        { "namespaces", "diff OLD NEW --match role" },
        { "groups", "diff OLD NEW --match identity" },
        { "threads", "inspect OLD --json" },
        { "threads", "diff OLD NEW --match identity" },
        { "processes", "diff OLD NEW --match role --json" },
        { "gaps", "inspect OLD --json" },
        { "events", "inspect OLD --json" },
        { "vmas", "inspect OLD --vmas" },
        { "vmas-write-exec", "diff OLD NEW --match identity" },
        { "vmas-of-one-hash", "diff OLD NEW --match role" },
        { "files", "diff OLD NEW --match identity" },
        { "pairs-of-lists", "diff OLD NEW --match role" },
        { "one-list-for-all", "inspect OLD --vmas" },
        { "one-list-for-all", "diff OLD NEW --match role" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_a_small_file_asks_for_is_done_or_refused_with_little_memory_and_time(string shape, string command)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using TempFolder folder = new();
        HeavyImages heavy = new(SeedImage.Read(File.ReadAllBytes(_seed)));
        List<string> args = [];
        foreach (string word in command.Split(' '))
        {
            args.Add(word is "OLD" or "NEW" ? folder[word] : word);
            if (word is "OLD" or "NEW")
            {
                byte[] image = heavy.Make(shape, word == "OLD" ? 0 : 1);
                Assert.InRange(image.Length, 1, 1 << 20);
                File.WriteAllBytes(folder[word], image);
            }
        }

        (int code, string error) = Run([.. args]);
        Assert.True(code is ExitCode.Success or ExitCode.Negative or ExitCode.Input, $"exit code {code}: {error}");
    }

    [Fact]
    public void Every_shape_is_a_valid_image_or_beyond_a_limit()
    {
        using TempFolder folder = new();
        HeavyImages heavy = new(SeedImage.Read(File.ReadAllBytes(_seed)));
        int valid = 0;
        foreach (string name in HeavyImages.Names)
        {
            File.WriteAllBytes(folder["image"], heavy.Make(name, 1));
            CliRun run = CliRun.Of("validate", folder["image"], "--json");
            Assert.True(
                !run.Out.Contains("section.content", StringComparison.Ordinal) && run.ExitCode is ExitCode.Success or ExitCode.Negative,
                $"{name}: {run.Out[..Math.Min(run.Out.Length, 600)]}");
            valid += run.Out.Contains("container.limit", StringComparison.Ordinal) ? 0 : 1;
        }

        Assert.InRange(valid, 10, 100);
    }

    private static (int Code, string Error) Run(string[] args)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "ckpt.dll");
        ProcessStartInfo info = new("/bin/sh", ["-c", $"ulimit -t {SecondsLimit}; exec \"$@\" > /dev/null", "sh", Environment.ProcessPath ?? "dotnet", "exec", program, .. args])
        {
            RedirectStandardError = true,
        };
        if (!Path.GetFileName(Environment.ProcessPath ?? "").StartsWith("dotnet", StringComparison.Ordinal))
        {
            info.ArgumentList[3] = "dotnet";
        }

        info.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit;
        using Process process = Process.Start(info)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
