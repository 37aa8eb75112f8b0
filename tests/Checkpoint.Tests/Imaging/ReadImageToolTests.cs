using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Imaging;

/// <summary>What <c>tools/read_image.py</c>, written from the specification in another language, finds in an image.</summary>
public class ReadImageToolTests
{
    [RequiresFact("zstd", "python3-msgpack")]
    public void A_reader_in_another_language_finds_what_is_in_the_tree()
    {
        AssertFound(SampleTrees.Rich());
        AssertFound(SampleTrees.Random(30, 30));
        AssertFound(SampleTrees.Empty());
    }

    [RequiresFact("zstd", "python3-msgpack")]
    public void It_shows_a_line_for_each_process()
    {
        string[] lines = Encoding.UTF8.GetString(Run(SampleTrees.Rich())).TrimEnd('\n').Split('\n');
        Assert.Contains("tool_version: 0.1.0", lines);
        Assert.Contains("400 1 'bash' S 1 8 'bash\\x00-l\\x00'", lines);
        Assert.Contains("430 410 'dead' Z 1 - ''", lines);
        Assert.Contains("4194304 0 '' P 1 0 None", lines);
        Assert.Equal(23 + 6, lines.Length);
    }

    private static void AssertFound(ProcessTree tree)
    {
        using JsonDocument json = JsonDocument.Parse(Run(tree, "--json"));
        JsonElement image = json.RootElement;
        CaptureInfo c = tree.Capture;
        AssertRow(image.GetProperty("capture"), new()
        {
            ["tool_version"] = c.ToolVersion,
            ["host"] = c.Host,
            ["kernel_release"] = c.KernelRelease,
            ["kernel_version"] = c.KernelVersion,
            ["machine"] = c.Machine,
            ["boot_id"] = c.BootId,
            ["page_size"] = c.PageSize,
            ["clock_ticks"] = c.ClockTicks,
            ["time_unix_ns"] = c.TimeUnixNs,
            ["boot_time_ns"] = c.BootTimeNs,
            ["duration_ns"] = c.DurationNs,
            ["uid"] = c.Uid,
            ["root_tgid"] = c.RootTgid,
            ["transport"] = c.Transport,
            ["vma_source"] = c.VmaSource,
            ["with_children"] = c.WithChildren,
            ["with_environ"] = c.WithEnviron,
            ["with_vm_flags"] = c.WithVmFlags,
            ["with_vm_stats"] = c.WithVmStats,
            ["passes"] = c.Passes,
            ["stable"] = c.Stable,
        });
        AssertRows(image, "files", tree.Files.Select(Of));
        AssertRows(image, "processes", tree.Processes.Select(p => Of(p, image)));
        AssertRows(image, "threads", tree.Processes.SelectMany(p => p.Threads, (p, t) => Of(p.Tgid, t, image)));
        AssertRows(image, "gaps", tree.Gaps.Select(g => new Row { ["tgid"] = g.Tgid, ["tid"] = g.Tid, ["part"] = g.Part.ToString().ToLowerInvariant(), ["errno"] = g.Errno }));
        AssertRows(image, "events", tree.Events.Select(e => new Row
        {
            ["pass"] = e.Pass,
            ["kind"] = e.Kind.ToString().ToLowerInvariant(),
            ["tgid"] = e.Tgid,
            ["tid"] = e.Tid,
            ["start_time"] = e.StartTimeTicks,
        }));
        AssertRows(image, "users", tree.Users.Select(u => new Row { ["uid"] = u.Uid, ["name"] = u.Name }));
    }

    private static Row Of(ProcessEntry p, JsonElement image)
    {
        Row row = new()
        {
            ["tgid"] = p.Tgid,
            ["ppid"] = p.Ppid,
            ["pgid"] = p.Pgid,
            ["sid"] = p.Sid,
            ["tty_nr"] = p.TtyNr,
            ["tpgid"] = p.TpGid,
            ["exit_signal"] = p.ExitSignal,
            ["exit_code"] = p.ExitCode,
            ["thread_count"] = p.ThreadCount,
            ["cmdline"] = p.Cmdline,
            ["environ"] = p.Environ,
            ["exe"] = p.Exe,
            ["exe_deleted"] = p.ExeDeleted,
            ["cwd"] = p.Cwd,
            ["root"] = p.Root,
            ["umask"] = p.Umask,
            ["space_changed"] = p.SpaceChanged ? true : null,
            ["ns_cgroup"] = p.Namespaces?.Cgroup,
            ["ns_ipc"] = p.Namespaces?.Ipc,
            ["ns_mnt"] = p.Namespaces?.Mnt,
            ["ns_net"] = p.Namespaces?.Net,
            ["ns_pid"] = p.Namespaces?.Pid,
            ["ns_time"] = p.Namespaces?.Time,
            ["ns_user"] = p.Namespaces?.User,
            ["ns_uts"] = p.Namespaces?.Uts,
            ["vm_peak"] = p.Memory?.VmPeak,
            ["vm_size"] = p.Memory?.VmSize,
            ["vm_lck"] = p.Memory?.VmLck,
            ["vm_pin"] = p.Memory?.VmPin,
            ["vm_hwm"] = p.Memory?.VmHwm,
            ["vm_rss"] = p.Memory?.VmRss,
            ["rss_anon"] = p.Memory?.RssAnon,
            ["rss_file"] = p.Memory?.RssFile,
            ["rss_shmem"] = p.Memory?.RssShmem,
            ["vm_data"] = p.Memory?.VmData,
            ["vm_stk"] = p.Memory?.VmStk,
            ["vm_exe"] = p.Memory?.VmExe,
            ["vm_lib"] = p.Memory?.VmLib,
            ["vm_pte"] = p.Memory?.VmPte,
            ["vm_swap"] = p.Memory?.VmSwap,
            ["start_code"] = p.Layout?.StartCode,
            ["end_code"] = p.Layout?.EndCode,
            ["start_stack"] = p.Layout?.StartStack,
            ["start_data"] = p.Layout?.StartData,
            ["end_data"] = p.Layout?.EndData,
            ["start_brk"] = p.Layout?.StartBrk,
            ["arg_start"] = p.Layout?.ArgStart,
            ["arg_end"] = p.Layout?.ArgEnd,
            ["env_start"] = p.Layout?.EnvStart,
            ["env_end"] = p.Layout?.EnvEnd,
        };
        AddCounters(row, p.Counters);
        if (p.Space is not null)
        {
            JsonElement entry = image.GetProperty("processes").EnumerateArray().Single(e => e.GetProperty("tgid").GetInt32() == p.Tgid);
            JsonElement[] list = [.. image.GetProperty("spaces")[entry.GetProperty("space").GetInt32()].EnumerateArray()];
            Assert.Equal(p.Space.Vmas.Length, list.Length);
            for (int i = 0; i < list.Length; i++)
            {
                AssertRow(list[i], Of(p.Space.Vmas[i], p.Space.Stats.IsEmpty ? null : p.Space.Stats[i]));
            }
        }

        return row;
    }

    private static Row Of(MappedFile f) => new()
    {
        ["major"] = f.Major,
        ["minor"] = f.Minor,
        ["inode"] = f.Inode,
        ["name"] = f.Name,
        ["build_id"] = f.BuildId is ByteString id ? $"{{\"bytes\": \"{Convert.ToHexStringLower(id.Span)}\"}}" : null,
    };

    private static Row Of(Vma vma, VmaStats? s) => new()
    {
        ["start"] = vma.Start,
        ["end"] = vma.End,
        ["flags"] = (ulong)vma.Flags,
        ["offset"] = vma.Offset,
        ["file"] = vma.File < 0 ? null : vma.File,
        ["page_size"] = vma.PageSize == 0 ? null : vma.PageSize,
        ["rss"] = s?.Rss,
        ["pss"] = s?.Pss,
        ["shared_clean"] = s?.SharedClean,
        ["shared_dirty"] = s?.SharedDirty,
        ["private_clean"] = s?.PrivateClean,
        ["private_dirty"] = s?.PrivateDirty,
        ["referenced"] = s?.Referenced,
        ["anonymous"] = s?.Anonymous,
        ["anon_huge_pages"] = s?.AnonHugePages,
        ["shmem_pmd_mapped"] = s?.ShmemPmdMapped,
        ["file_pmd_mapped"] = s?.FilePmdMapped,
        ["shared_hugetlb"] = s?.SharedHugetlb,
        ["private_hugetlb"] = s?.PrivateHugetlb,
        ["swap"] = s?.Swap,
        ["swap_pss"] = s?.SwapPss,
        ["locked"] = s?.Locked,
    };

    private static Row Of(int tgid, ThreadEntry t, JsonElement image)
    {
        Row row = new()
        {
            ["tgid"] = tgid,
            ["tid"] = t.Tid,
            ["comm"] = t.Comm,
            ["state"] = (int)t.State,
            ["start_time"] = t.StartTimeTicks,
            ["flags"] = t.Flags,
            ["priority"] = t.Priority,
            ["nice"] = t.Nice,
            ["rt_priority"] = t.RtPriority,
            ["policy"] = t.Policy,
            ["processor"] = t.Processor,
            ["tracer"] = t.TracerPid,
            ["sig_pnd"] = t.Signals?.Pending,
            ["shd_pnd"] = t.Signals?.SharedPending,
            ["sig_blk"] = t.Signals?.Blocked,
            ["sig_ign"] = t.Signals?.Ignored,
            ["sig_cgt"] = t.Signals?.Caught,
            ["ns_pids"] = t.NsPids,
        };
        AddCounters(row, t.Counters);
        if (t.Credentials is Credentials c)
        {
            JsonElement entry = image.GetProperty("threads").EnumerateArray()
                .Single(e => e.GetProperty("tgid").GetInt32() == tgid && e.GetProperty("tid").GetInt32() == t.Tid);
            AssertRow(image.GetProperty("credentials")[entry.GetProperty("cred").GetInt32()], new()
            {
                ["uid"] = c.Uid.Real,
                ["euid"] = c.Uid.Effective,
                ["suid"] = c.Uid.Saved,
                ["fsuid"] = c.Uid.FileSystem,
                ["gid"] = c.Gid.Real,
                ["egid"] = c.Gid.Effective,
                ["sgid"] = c.Gid.Saved,
                ["fsgid"] = c.Gid.FileSystem,
                ["groups"] = c.Groups,
                ["cap_inh"] = c.CapInheritable,
                ["cap_prm"] = c.CapPermitted,
                ["cap_eff"] = c.CapEffective,
                ["cap_bnd"] = c.CapBounding,
                ["cap_amb"] = c.CapAmbient,
                ["no_new_privs"] = c.NoNewPrivs,
                ["seccomp"] = c.Seccomp,
                ["seccomp_filters"] = c.SeccompFilters,
                ["label"] = c.Label,
            });
        }

        return row;
    }

    private static void AddCounters(Row row, TaskCounters c)
    {
        (row["min_flt"], row["cmin_flt"], row["maj_flt"], row["cmaj_flt"]) = (c.MinFlt, c.CMinFlt, c.MajFlt, c.CMajFlt);
        (row["u_time"], row["s_time"], row["cu_time"], row["cs_time"]) = (c.UTimeTicks, c.STimeTicks, c.CUTimeTicks, c.CSTimeTicks);
    }

    private static void AssertRows(JsonElement image, string section, IEnumerable<Row> rows)
    {
        JsonElement[] found = [.. image.GetProperty(section).EnumerateArray()];
        Row[] expected = [.. rows];
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < found.Length; i++)
        {
            AssertRow(found[i], expected[i]);
        }
    }

    private static void AssertRow(JsonElement found, Row expected)
    {
        foreach ((string key, object? value) in expected)
        {
            string text = found.TryGetProperty(key, out JsonElement element) ? element.GetRawText() : "null";
            if (element.ValueKind == JsonValueKind.String)
            {
                text = element.GetString()!;
            }

            Assert.Equal($"{key}: {Text(value)}", $"{key}: {text.Replace(" ", value is Array or null ? string.Empty : " ", StringComparison.Ordinal)}");
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        ByteString bytes when Utf8.IsValid(bytes.Span) => Encoding.UTF8.GetString(bytes.Span),
        ByteString bytes => $"{{\"bytes\": \"{Convert.ToHexStringLower(bytes.Span)}\"}}",
        Array numbers => $"[{string.Join(',', numbers.Cast<object>())}]",
        _ => value.ToString()!,
    };

    private static byte[] Run(ProcessTree tree, params string[] options)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Images.Write(tree));
            return Tool.Run([], RequiresFactAttribute.Python, [Repository.PathOf("tools/read_image.py"), .. options, path]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private sealed class Row : Dictionary<string, object?>;
}
