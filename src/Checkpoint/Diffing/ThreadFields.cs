using System;
using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>What is compared of a thread.</summary>
internal static class ThreadFields
{
    /// <summary>The fields.</summary>
    public static readonly DiffField[] All =
    [
        New("comm", ChangeKind.Command, FieldFormat.Text, RoleRule.Exact, t => FieldValue.Of(t.Comm)),
        New("state", ChangeKind.State, FieldFormat.State, RoleRule.State, t => FieldValue.OfSigned((int)t.State)),
        New("flags", ChangeKind.State, FieldFormat.Hex, RoleRule.Skip, t => FieldValue.Of(t.Flags)),
        New("tracer", ChangeKind.State, FieldFormat.Signed, RoleRule.Tracer, t => FieldValue.OfSigned(t.TracerPid)),
        Id("uid_real", c => c.Uid.Real),
        Id("uid_effective", c => c.Uid.Effective),
        Id("uid_saved", c => c.Uid.Saved),
        Id("uid_fs", c => c.Uid.FileSystem),
        Id("gid_real", c => c.Gid.Real),
        Id("gid_effective", c => c.Gid.Effective),
        Id("gid_saved", c => c.Gid.Saved),
        Id("gid_fs", c => c.Gid.FileSystem),
        Credential("groups", FieldFormat.List, c => FieldValue.Of(c.Groups), isUserOrGroup: true),
        Credential("cap_effective", FieldFormat.Capabilities, c => FieldValue.Of(c.CapEffective)),
        Credential("cap_permitted", FieldFormat.Capabilities, c => FieldValue.Of(c.CapPermitted)),
        Credential("cap_inheritable", FieldFormat.Capabilities, c => FieldValue.Of(c.CapInheritable)),
        Credential("cap_bounding", FieldFormat.Capabilities, c => FieldValue.Of(c.CapBounding)),
        Credential("cap_ambient", FieldFormat.Capabilities, c => FieldValue.Of(c.CapAmbient)),
        Credential("no_new_privs", FieldFormat.Boolean, c => FieldValue.Of(c.NoNewPrivs)),
        Credential("seccomp", FieldFormat.Seccomp, c => FieldValue.Of(c.Seccomp)),
        Credential("seccomp_filters", FieldFormat.Number, c => FieldValue.Of(c.SeccompFilters)),
        new("label", ChangeKind.Credentials, FieldFormat.Text, CapturePart.Label, RoleRule.Exact, s => FieldValue.Of(s.Thread.Credentials?.Label)),
        Signals("sig_pending", RoleRule.Skip, s => s.Pending),
        Signals("sig_shared_pending", RoleRule.Skip, s => s.SharedPending),
        Signals("sig_blocked", RoleRule.Exact, s => s.Blocked),
        Signals("sig_ignored", RoleRule.Exact, s => s.Ignored),
        Signals("sig_caught", RoleRule.Exact, s => s.Caught),
        New("priority", ChangeKind.Scheduling, FieldFormat.Signed, RoleRule.Exact, t => FieldValue.OfSigned(t.Priority)),
        New("nice", ChangeKind.Scheduling, FieldFormat.Signed, RoleRule.Exact, t => FieldValue.OfSigned(t.Nice)),
        New("rt_priority", ChangeKind.Scheduling, FieldFormat.Number, RoleRule.Exact, t => FieldValue.Of(t.RtPriority)),
        New("policy", ChangeKind.Scheduling, FieldFormat.Policy, RoleRule.Exact, t => FieldValue.Of(t.Policy)),
        new("ns_pids", ChangeKind.Namespaces, FieldFormat.List, CapturePart.Status, RoleRule.Skip, s => FieldValue.Of(Array.ConvertAll(s.Thread.NsPids, id => (uint)id))),
        New("processor", ChangeKind.Counter, FieldFormat.Signed, RoleRule.Exact, t => FieldValue.OfSigned(t.Processor)),
        Counter("utime", FieldFormat.Ticks, c => c.UTimeTicks),
        Counter("stime", FieldFormat.Ticks, c => c.STimeTicks),
        Counter("cutime", FieldFormat.Ticks, c => c.CUTimeTicks),
        Counter("cstime", FieldFormat.Ticks, c => c.CSTimeTicks),
        Counter("minflt", FieldFormat.Number, c => c.MinFlt),
        Counter("majflt", FieldFormat.Number, c => c.MajFlt),
        Counter("cminflt", FieldFormat.Number, c => c.CMinFlt),
        Counter("cmajflt", FieldFormat.Number, c => c.CMajFlt),
        new("thread_not_captured", ChangeKind.Capture, FieldFormat.Parts, null, RoleRule.Exact, s => FieldValue.Of(s.Thread.Tid == s.Process.Tgid ? 0UL : s.Side.Missing(s.Process.Tgid, s.Thread.Tid))),
    ];

    private static DiffField New(string name, ChangeKind kind, FieldFormat format, RoleRule inRole, Func<ThreadEntry, FieldValue> get) =>
        new(name, kind, format, CapturePart.Stat, inRole, s => get(s.Thread));

    private static DiffField Id(string name, Func<Credentials, uint> get) => Credential(name, FieldFormat.Uid, c => FieldValue.Of(get(c)), isUserOrGroup: true);

    private static DiffField Credential(string name, FieldFormat format, Func<Credentials, FieldValue> get, bool isUserOrGroup = false) =>
        new(name, ChangeKind.Credentials, format, CapturePart.Status, RoleRule.Exact, s => s.Thread.Credentials is { } c ? get(c) : default)
        {
            IsUserOrGroup = isUserOrGroup,
        };

    private static DiffField Signals(string name, RoleRule inRole, Func<SignalSets, ulong> get) =>
        new(name, ChangeKind.Signals, FieldFormat.Signals, CapturePart.Status, inRole, s => FieldValue.Of(s.Thread.Signals is { } sets ? get(sets) : null));

    private static DiffField Counter(string name, FieldFormat format, Func<TaskCounters, ulong> get) =>
        new(name, ChangeKind.Counter, format, CapturePart.Stat, RoleRule.Exact, s => FieldValue.Of(get(s.Thread.Counters)));
}
