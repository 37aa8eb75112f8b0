using System;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>One process as JSON, joined with its leader.</summary>
internal static class ProcessJson
{
    /// <summary>Writes an object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="capture">Has the clocks.</param>
    /// <param name="process">The process.</param>
    /// <param name="user">The name of its effective user, if known.</param>
    /// <param name="credentials">The leader's index in <c>credentials</c>.</param>
    /// <param name="space">The index in <c>spaces</c>.</param>
    internal static void Write(
        JsonText json, CaptureInfo capture, ProcessEntry process, ByteString? user, int? credentials, int? space)
    {
        ThreadEntry leader = process.Leader;
        json.WriteStartObject();
        json.WriteNumber("pid"u8, process.Tgid);
        json.WriteNumber("ppid"u8, process.Ppid);
        json.WriteNumber("pgid"u8, process.Pgid);
        json.WriteNumber("sid"u8, process.Sid);
        json.WriteString("tty"u8, TtyName.Of(process.TtyNr));
        json.WriteNumber("tty_nr"u8, process.TtyNr);
        json.WriteNumber("tpgid"u8, process.TpGid);
        json.WriteString("exit_signal"u8, process.ExitSignal > 0 ? SignalNames.Name(process.ExitSignal) : null);
        json.WriteNumber("exit_code"u8, process.ExitCode);
        json.WriteNumber("thread_count"u8, process.ThreadCount);
        ThreadJson.WriteOwn(json, capture, leader, user, credentials);
        json.WriteStrings("cmdline"u8, process.Cmdline);
        json.WriteStrings("environ"u8, process.Environ);
        json.WriteBytes("exe"u8, process.Exe);
        json.WriteBoolean("exe_deleted"u8, process.ExeDeleted);
        json.WriteBytes("cwd"u8, process.Cwd);
        json.WriteBytes("root"u8, process.Root);
        json.WriteString("umask"u8, process.Umask is { } umask ? Convert.ToString(umask, 8).PadLeft(4, '0') : null);
        WriteNamespaces(json, process.Namespaces);
        ThreadJson.WriteCounters(json, "process_counters"u8, process.Counters);
        WriteMemory(json, process.Memory);
        WriteLayout(json, process.Layout);
        json.WriteOptional("space"u8, space);
        json.WriteBoolean("space_changed"u8, process.SpaceChanged);
        json.WriteEndObject();
    }

    private static void WriteNamespaces(JsonText json, Namespaces? value)
    {
        if (value is not { } namespaces)
        {
            json.WriteNull("namespaces"u8);
            return;
        }

        json.WriteStartObject("namespaces"u8);
        json.WriteNumber("cgroup"u8, namespaces.Cgroup);
        json.WriteNumber("ipc"u8, namespaces.Ipc);
        json.WriteNumber("mnt"u8, namespaces.Mnt);
        json.WriteNumber("net"u8, namespaces.Net);
        json.WriteNumber("pid"u8, namespaces.Pid);
        json.WriteNumber("time"u8, namespaces.Time);
        json.WriteNumber("user"u8, namespaces.User);
        json.WriteNumber("uts"u8, namespaces.Uts);
        json.WriteEndObject();
    }

    private static void WriteMemory(JsonText json, MemoryCounters? memory)
    {
        if (memory is null)
        {
            json.WriteNull("memory"u8);
            return;
        }

        json.WriteStartObject("memory"u8);
        json.WriteNumber("vm_peak"u8, memory.VmPeak);
        json.WriteNumber("vm_size"u8, memory.VmSize);
        json.WriteNumber("vm_lck"u8, memory.VmLck);
        json.WriteNumber("vm_pin"u8, memory.VmPin);
        json.WriteNumber("vm_hwm"u8, memory.VmHwm);
        json.WriteNumber("vm_rss"u8, memory.VmRss);
        json.WriteNumber("rss_anon"u8, memory.RssAnon);
        json.WriteNumber("rss_file"u8, memory.RssFile);
        json.WriteNumber("rss_shmem"u8, memory.RssShmem);
        json.WriteNumber("vm_data"u8, memory.VmData);
        json.WriteNumber("vm_stk"u8, memory.VmStk);
        json.WriteNumber("vm_exe"u8, memory.VmExe);
        json.WriteNumber("vm_lib"u8, memory.VmLib);
        json.WriteNumber("vm_pte"u8, memory.VmPte);
        json.WriteNumber("vm_swap"u8, memory.VmSwap);
        json.WriteEndObject();
    }

    private static void WriteLayout(JsonText json, MemoryLayout? value)
    {
        if (value is not { } layout)
        {
            json.WriteNull("layout"u8);
            return;
        }

        json.WriteStartObject("layout"u8);
        json.WriteHex("start_code"u8, layout.StartCode);
        json.WriteHex("end_code"u8, layout.EndCode);
        json.WriteHex("start_stack"u8, layout.StartStack);
        json.WriteHex("start_data"u8, layout.StartData);
        json.WriteHex("end_data"u8, layout.EndData);
        json.WriteHex("start_brk"u8, layout.StartBrk);
        json.WriteHex("arg_start"u8, layout.ArgStart);
        json.WriteHex("arg_end"u8, layout.ArgEnd);
        json.WriteHex("env_start"u8, layout.EnvStart);
        json.WriteHex("env_end"u8, layout.EnvEnd);
        json.WriteEndObject();
    }
}
