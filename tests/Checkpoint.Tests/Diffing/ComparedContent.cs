using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using Checkpoint.Diffing;
using Checkpoint.Model;

namespace Checkpoint.Tests.Diffing;

/// <summary>
/// The content of processes and threads, property by property as the model has them, found by reflection: a property that
/// the engine forgot is missing from its differences and shows here.
/// </summary>
internal static class ComparedContent
{
    /// <summary>The engine's field for each property of the model.</summary>
    internal static readonly Dictionary<string, string> FieldOf = new(StringComparer.Ordinal)
    {
        ["Ppid"] = "ppid",
        ["Pgid"] = "pgid",
        ["Sid"] = "sid",
        ["TtyNr"] = "tty",
        ["TpGid"] = "tpgid",
        ["ExitSignal"] = "exit_signal",
        ["ExitCode"] = "exit_code",
        ["ThreadCount"] = "threads",
        ["Cmdline"] = "cmdline",
        ["Environ"] = "environ",
        ["Exe"] = "exe",
        ["ExeDeleted"] = "exe_deleted",
        ["Cwd"] = "cwd",
        ["Root"] = "root",
        ["Umask"] = "umask",
        ["Namespaces.Cgroup"] = "ns_cgroup",
        ["Namespaces.Ipc"] = "ns_ipc",
        ["Namespaces.Mnt"] = "ns_mnt",
        ["Namespaces.Net"] = "ns_net",
        ["Namespaces.Pid"] = "ns_pid",
        ["Namespaces.Time"] = "ns_time",
        ["Namespaces.User"] = "ns_user",
        ["Namespaces.Uts"] = "ns_uts",
        ["Counters.MinFlt"] = "minflt",
        ["Counters.CMinFlt"] = "cminflt",
        ["Counters.MajFlt"] = "majflt",
        ["Counters.CMajFlt"] = "cmajflt",
        ["Counters.UTimeTicks"] = "utime",
        ["Counters.STimeTicks"] = "stime",
        ["Counters.CUTimeTicks"] = "cutime",
        ["Counters.CSTimeTicks"] = "cstime",
        ["Memory.VmPeak"] = "vm_peak",
        ["Memory.VmSize"] = "vm_size",
        ["Memory.VmLck"] = "vm_locked",
        ["Memory.VmPin"] = "vm_pinned",
        ["Memory.VmHwm"] = "rss_peak",
        ["Memory.VmRss"] = "rss",
        ["Memory.RssAnon"] = "rss_anon",
        ["Memory.RssFile"] = "rss_file",
        ["Memory.RssShmem"] = "rss_shmem",
        ["Memory.VmData"] = "vm_data",
        ["Memory.VmStk"] = "vm_stack",
        ["Memory.VmExe"] = "vm_exe",
        ["Memory.VmLib"] = "vm_lib",
        ["Memory.VmPte"] = "vm_pte",
        ["Memory.VmSwap"] = "swap",
        ["Layout.StartCode"] = "start_code",
        ["Layout.EndCode"] = "end_code",
        ["Layout.StartStack"] = "start_stack",
        ["Layout.StartData"] = "start_data",
        ["Layout.EndData"] = "end_data",
        ["Layout.StartBrk"] = "start_brk",
        ["Layout.ArgStart"] = "arg_start",
        ["Layout.ArgEnd"] = "arg_end",
        ["Layout.EnvStart"] = "env_start",
        ["Layout.EnvEnd"] = "env_end",
        ["Comm"] = "comm",
        ["State"] = "state",
        ["Flags"] = "flags",
        ["Priority"] = "priority",
        ["Nice"] = "nice",
        ["RtPriority"] = "rt_priority",
        ["Policy"] = "policy",
        ["Processor"] = "processor",
        ["TracerPid"] = "tracer",
        ["NsPids"] = "ns_pids",
        ["Signals.Pending"] = "sig_pending",
        ["Signals.SharedPending"] = "sig_shared_pending",
        ["Signals.Blocked"] = "sig_blocked",
        ["Signals.Ignored"] = "sig_ignored",
        ["Signals.Caught"] = "sig_caught",
        ["Credentials.Uid.Real"] = "uid_real",
        ["Credentials.Uid.Effective"] = "uid_effective",
        ["Credentials.Uid.Saved"] = "uid_saved",
        ["Credentials.Uid.FileSystem"] = "uid_fs",
        ["Credentials.Gid.Real"] = "gid_real",
        ["Credentials.Gid.Effective"] = "gid_effective",
        ["Credentials.Gid.Saved"] = "gid_saved",
        ["Credentials.Gid.FileSystem"] = "gid_fs",
        ["Credentials.Groups"] = "groups",
        ["Credentials.CapInheritable"] = "cap_inheritable",
        ["Credentials.CapPermitted"] = "cap_permitted",
        ["Credentials.CapEffective"] = "cap_effective",
        ["Credentials.CapBounding"] = "cap_bounding",
        ["Credentials.CapAmbient"] = "cap_ambient",
        ["Credentials.NoNewPrivs"] = "no_new_privs",
        ["Credentials.Seccomp"] = "seccomp",
        ["Credentials.SeccompFilters"] = "seccomp_filters",
        ["Credentials.Label"] = "label",
    };

    /// <summary>What is not compared: what identifies, what is compared piece by piece, and how the capture went.</summary>
    private static readonly string[] NotCompared = ["Tgid", "Tid", "StartTimeTicks", "Threads", "Space", "SpaceChanged", "Leader"];

    /// <summary>The content of a process but for threads and VMAs, by the engine's field.</summary>
    internal static SortedDictionary<string, string> Of(ProcessEntry process) => Flat(process);

    /// <summary>The content of a thread.</summary>
    internal static SortedDictionary<string, string> Of(ThreadEntry thread) => Flat(thread);

    /// <summary>A value of the engine in the same form.</summary>
    internal static string Of(FieldValue value) => value.IsNone ? "none"
        : value.IsNumber ? value.Number.ToString(CultureInfo.InvariantCulture)
        : !value.List.IsEmpty ? Text(value.List.ToArray())
        : value == FieldValue.Of([]) ? Text(Array.Empty<uint>())
        : Text(value.Bytes);

    private static SortedDictionary<string, string> Flat(object entry)
    {
        SortedDictionary<string, string> flat = new(StringComparer.Ordinal);
        foreach (PropertyInfo property in Properties(entry.GetType()).Where(p => !NotCompared.Contains(p.Name)))
        {
            Add(flat, property.Name, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, property.GetValue(entry));
        }

        return flat;
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0);

    private static void Add(SortedDictionary<string, string> flat, string path, Type type, object? value)
    {
        if (type.IsPrimitive || type.IsEnum || type == typeof(ByteString) || type.IsArray)
        {
            flat.Add(FieldOf[path], Text(value));
            return;
        }

        foreach (PropertyInfo property in Properties(type))
        {
            Add(flat, path + "." + property.Name, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, value is null ? null : property.GetValue(value));
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "none",
        bool truth => truth ? "1" : "0",
        Enum number => Convert.ToUInt64(number, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
        ByteString bytes => "bytes " + Convert.ToHexString(bytes.Span),
        Array list => "list " + string.Join(' ', list.Cast<object>().Select(n => unchecked((uint)Convert.ToInt64(n, CultureInfo.InvariantCulture)))),
        ulong number => number.ToString(CultureInfo.InvariantCulture),
        _ => unchecked((ulong)Convert.ToInt64(value, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture),
    };
}
