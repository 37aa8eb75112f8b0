using System;
using System.Text.Json;
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
        Utf8JsonWriter json, CaptureInfo capture, ProcessEntry process, ByteString? user, int? credentials, int? space)
    {
        ThreadEntry leader = process.Leader;
        json.WriteStartObject();
        json.WriteNumber("pid", process.Tgid);
        json.WriteNumber("ppid", process.Ppid);
        json.WriteNumber("pgid", process.Pgid);
        json.WriteNumber("sid", process.Sid);
        json.WriteString("tty", TtyName.Of(process.TtyNr));
        json.WriteNumber("tty_nr", process.TtyNr);
        json.WriteNumber("tpgid", process.TpGid);
        json.WriteString("exit_signal", process.ExitSignal > 0 ? SignalNames.Name(process.ExitSignal) : null);
        json.WriteNumber("exit_code", process.ExitCode);
        json.WriteNumber("thread_count", process.ThreadCount);
        ThreadJson.WriteOwn(json, capture, leader, user, credentials);
        json.WriteStrings("cmdline", process.Cmdline);
        json.WriteStrings("environ", process.Environ);
        json.WriteBytes("exe", process.Exe);
        json.WriteBoolean("exe_deleted", process.ExeDeleted);
        json.WriteBytes("cwd", process.Cwd);
        json.WriteBytes("root", process.Root);
        json.WriteString("umask", process.Umask is { } umask ? Convert.ToString(umask, 8).PadLeft(4, '0') : null);
        WriteNamespaces(json, process.Namespaces);
        ThreadJson.WriteCounters(json, "process_counters", process.Counters);
        WriteMemory(json, process.Memory);
        WriteLayout(json, process.Layout);
        json.WriteOptional("space", space);
        json.WriteBoolean("space_changed", process.SpaceChanged);
        json.WriteEndObject();
    }

    private static void WriteNamespaces(Utf8JsonWriter json, Namespaces? value)
    {
        if (value is not { } namespaces)
        {
            json.WriteNull("namespaces");
            return;
        }

        json.WriteStartObject("namespaces");
        json.WriteNumber("cgroup", namespaces.Cgroup);
        json.WriteNumber("ipc", namespaces.Ipc);
        json.WriteNumber("mnt", namespaces.Mnt);
        json.WriteNumber("net", namespaces.Net);
        json.WriteNumber("pid", namespaces.Pid);
        json.WriteNumber("time", namespaces.Time);
        json.WriteNumber("user", namespaces.User);
        json.WriteNumber("uts", namespaces.Uts);
        json.WriteEndObject();
    }

    private static void WriteMemory(Utf8JsonWriter json, MemoryCounters? memory)
    {
        if (memory is null)
        {
            json.WriteNull("memory");
            return;
        }

        json.WriteStartObject("memory");
        json.WriteNumber("vm_peak", memory.VmPeak);
        json.WriteNumber("vm_size", memory.VmSize);
        json.WriteNumber("vm_lck", memory.VmLck);
        json.WriteNumber("vm_pin", memory.VmPin);
        json.WriteNumber("vm_hwm", memory.VmHwm);
        json.WriteNumber("vm_rss", memory.VmRss);
        json.WriteNumber("rss_anon", memory.RssAnon);
        json.WriteNumber("rss_file", memory.RssFile);
        json.WriteNumber("rss_shmem", memory.RssShmem);
        json.WriteNumber("vm_data", memory.VmData);
        json.WriteNumber("vm_stk", memory.VmStk);
        json.WriteNumber("vm_exe", memory.VmExe);
        json.WriteNumber("vm_lib", memory.VmLib);
        json.WriteNumber("vm_pte", memory.VmPte);
        json.WriteNumber("vm_swap", memory.VmSwap);
        json.WriteEndObject();
    }

    private static void WriteLayout(Utf8JsonWriter json, MemoryLayout? value)
    {
        if (value is not { } layout)
        {
            json.WriteNull("layout");
            return;
        }

        json.WriteStartObject("layout");
        json.WriteHex("start_code", layout.StartCode);
        json.WriteHex("end_code", layout.EndCode);
        json.WriteHex("start_stack", layout.StartStack);
        json.WriteHex("start_data", layout.StartData);
        json.WriteHex("end_data", layout.EndData);
        json.WriteHex("start_brk", layout.StartBrk);
        json.WriteHex("arg_start", layout.ArgStart);
        json.WriteHex("arg_end", layout.ArgEnd);
        json.WriteHex("env_start", layout.EnvStart);
        json.WriteHex("env_end", layout.EnvEnd);
        json.WriteEndObject();
    }
}
