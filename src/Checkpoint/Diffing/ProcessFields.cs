using System;
using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>What is compared of what the threads of a process share.</summary>
internal static class ProcessFields
{
    /// <summary>The fields.</summary>
    public static readonly DiffField[] All =
    [
        New("ppid", ChangeKind.Tree, FieldFormat.Signed, CapturePart.Stat, RoleRule.Pid, p => FieldValue.OfSigned(p.Ppid)),
        New("pgid", ChangeKind.Tree, FieldFormat.Signed, CapturePart.Stat, RoleRule.Pid, p => FieldValue.OfSigned(p.Pgid)),
        New("sid", ChangeKind.Tree, FieldFormat.Signed, CapturePart.Stat, RoleRule.Pid, p => FieldValue.OfSigned(p.Sid)),
        New("tty", ChangeKind.Tree, FieldFormat.Tty, CapturePart.Stat, RoleRule.Presence, p => FieldValue.OfSigned(p.TtyNr)),
        New("tpgid", ChangeKind.Tree, FieldFormat.Signed, CapturePart.Stat, RoleRule.Skip, p => FieldValue.OfSigned(p.TpGid)),
        New("exit_signal", ChangeKind.State, FieldFormat.Signal, CapturePart.Stat, RoleRule.Exact, p => FieldValue.OfSigned(p.ExitSignal)),
        new("exit_code", ChangeKind.State, FieldFormat.Signed, CapturePart.Stat, RoleRule.Exact, ExitCode, isUnknownWithoutValue: true),
        New("cmdline", ChangeKind.Command, FieldFormat.Strings, CapturePart.Cmdline, RoleRule.Exact, p => FieldValue.Of(p.Cmdline)),
        new("environ", ChangeKind.Environment, FieldFormat.Variables, CapturePart.Environ, RoleRule.Exact, s => FieldValue.Of(s.Process.Environ)),
        New("exe", ChangeKind.Executable, FieldFormat.Text, CapturePart.Exe, RoleRule.Exact, p => FieldValue.Of(p.Exe)),
        New("exe_deleted", ChangeKind.Executable, FieldFormat.Boolean, CapturePart.Exe, RoleRule.Exact, p => FieldValue.Of(p.ExeDeleted)),
        new("exe_build_id", ChangeKind.Executable, FieldFormat.BuildId, CapturePart.Maps, RoleRule.Exact, s => FieldValue.Of(s.Side.Executable(s.Process)?.BuildId)),
        new("exe_inode", ChangeKind.Executable, FieldFormat.Inode, CapturePart.Maps, RoleRule.SameBoot, s => FieldValue.Of(s.Side.Executable(s.Process)?.Inode)),
        New("cwd", ChangeKind.Place, FieldFormat.Text, CapturePart.Cwd, RoleRule.Exact, p => FieldValue.Of(p.Cwd)),
        New("root", ChangeKind.Place, FieldFormat.Text, CapturePart.Root, RoleRule.Exact, p => FieldValue.Of(p.Root)),
        New("umask", ChangeKind.Place, FieldFormat.Octal, CapturePart.Status, RoleRule.Exact, p => FieldValue.Of(p.Umask)),
        Namespace("ns_cgroup", n => n.Cgroup),
        Namespace("ns_ipc", n => n.Ipc),
        Namespace("ns_mnt", n => n.Mnt),
        Namespace("ns_net", n => n.Net),
        Namespace("ns_pid", n => n.Pid),
        Namespace("ns_time", n => n.Time),
        Namespace("ns_user", n => n.User),
        Namespace("ns_uts", n => n.Uts),
        Layout("start_code", l => l.StartCode),
        Layout("end_code", l => l.EndCode),
        Layout("start_stack", l => l.StartStack),
        Layout("start_data", l => l.StartData),
        Layout("end_data", l => l.EndData),
        Layout("start_brk", l => l.StartBrk),
        Layout("arg_start", l => l.ArgStart),
        Layout("arg_end", l => l.ArgEnd),
        Layout("env_start", l => l.EnvStart),
        Layout("env_end", l => l.EnvEnd),
        Counter("rss", FieldFormat.Size, CapturePart.Status, p => p.Memory?.VmRss),
        Counter("rss_anon", FieldFormat.Size, CapturePart.Status, p => p.Memory?.RssAnon),
        Counter("rss_file", FieldFormat.Size, CapturePart.Status, p => p.Memory?.RssFile),
        Counter("rss_shmem", FieldFormat.Size, CapturePart.Status, p => p.Memory?.RssShmem),
        Counter("rss_peak", FieldFormat.Size, CapturePart.Status, p => p.Memory?.VmHwm),
        Counter("swap", FieldFormat.Size, CapturePart.Status, p => p.Memory?.VmSwap),
        Counter("vm_size", FieldFormat.Size, CapturePart.Status, p => p.Memory?.VmSize),
        Counter("vm_peak", FieldFormat.Size, CapturePart.Status, p => p.Memory?.VmPeak),
        Counter("vm_data", FieldFormat.Size, CapturePart.Status, p => p.Memory?.VmData),
        Counter("vm_stack", FieldFormat.Size, CapturePart.Status, p => p.Memory?.VmStk),
        Counter("vm_exe", FieldFormat.Size, CapturePart.Status, p => p.Memory?.VmExe),
        Counter("vm_lib", FieldFormat.Size, CapturePart.Status, p => p.Memory?.VmLib),
        Counter("vm_pte", FieldFormat.Size, CapturePart.Status, p => p.Memory?.VmPte),
        Counter("vm_locked", FieldFormat.Size, CapturePart.Status, p => p.Memory?.VmLck),
        Counter("vm_pinned", FieldFormat.Size, CapturePart.Status, p => p.Memory?.VmPin),
        Counter("threads", FieldFormat.Number, CapturePart.Stat, p => (ulong)p.ThreadCount),
        Counter("utime", FieldFormat.Ticks, CapturePart.Stat, p => p.Counters.UTimeTicks),
        Counter("stime", FieldFormat.Ticks, CapturePart.Stat, p => p.Counters.STimeTicks),
        Counter("cutime", FieldFormat.Ticks, CapturePart.Stat, p => p.Counters.CUTimeTicks),
        Counter("cstime", FieldFormat.Ticks, CapturePart.Stat, p => p.Counters.CSTimeTicks),
        Counter("minflt", FieldFormat.Number, CapturePart.Stat, p => p.Counters.MinFlt),
        Counter("majflt", FieldFormat.Number, CapturePart.Stat, p => p.Counters.MajFlt),
        Counter("cminflt", FieldFormat.Number, CapturePart.Stat, p => p.Counters.CMinFlt),
        Counter("cmajflt", FieldFormat.Number, CapturePart.Stat, p => p.Counters.CMajFlt),
        new("not_captured", ChangeKind.Capture, FieldFormat.Parts, null, RoleRule.Exact, s => FieldValue.Of(s.Side.Missing(s.Process.Tgid, s.Process.Tgid))),
    ];

    private static DiffField New(
        string name, ChangeKind kind, FieldFormat format, CapturePart part, RoleRule inRole, Func<ProcessEntry, FieldValue> get) =>
        new(name, kind, format, part, inRole, s => get(s.Process));

    /// <summary>The kernel shows others than root and the owner 0.</summary>
    private static FieldValue ExitCode(DiffSubject subject) =>
        subject.Process.ExitCode != 0 || subject.Side.Tree.Capture.Uid == 0 ? FieldValue.OfSigned(subject.Process.ExitCode) : default;

    private static DiffField Namespace(string name, Func<Namespaces, ulong> get) =>
        new(name, ChangeKind.Namespaces, FieldFormat.Inode, CapturePart.Namespaces, RoleRule.Namespace, s => FieldValue.Of(s.Process.Namespaces is { } n ? get(n) : null));

    private static DiffField Layout(string name, Func<MemoryLayout, ulong> get) =>
        new(name, ChangeKind.Layout, FieldFormat.Hex, CapturePart.Stat, RoleRule.Skip, s => FieldValue.Of(s.Process.Layout is { } l ? get(l) : null), isUnknownWithoutValue: true);

    private static DiffField Counter(string name, FieldFormat format, CapturePart part, Func<ProcessEntry, ulong?> get) =>
        new(name, ChangeKind.Counter, format, part, RoleRule.Exact, s => FieldValue.Of(get(s.Process)));
}
