using System;
using System.Collections.Generic;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Tests.TaskDiag;

/// <summary>What the C# side makes of each field of src/bpf/task_diag.h: an encoding with nothing but that field set to its marker.</summary>
internal static class HeaderFields
{
    public const byte M8 = 5;
    public const ushort M16 = 0x1234;
    public const uint M32 = 0x12345678;
    public const ulong M64 = 0x123456789abcdef0;

    /// <summary>The marker of a field of a size, as bytes.</summary>
    public static byte[] Marker(int size) => size switch
    {
        1 => [M8],
        2 => [0x34, 0x12],
        4 => [0x78, 0x56, 0x34, 0x12],
        8 => [0xf0, 0xde, 0xbc, 0x9a, 0x78, 0x56, 0x34, 0x12],
        16 => "fifteen letters\0"u8.ToArray(),
        _ => throw new ArgumentOutOfRangeException(nameof(size), size, "no marker of this size"),
    };

    public delegate void Write<T>(T value, Span<byte> destination);

    public delegate T Read<T>(ReadOnlySpan<byte> payload);

    /// <summary>Encodes, by struct and field of the header. Each also decodes and encodes again, so that both directions are held.</summary>
    public static IReadOnlyDictionary<string, byte[]> Encoded { get; } = Build();

    /// <summary>Size constants, by struct of the header.</summary>
    public static IReadOnlyDictionary<string, int> Sizes { get; } = new Dictionary<string, int>
    {
        ["task_diag_pid"] = TaskDiagRequest.Size - TaskDiagWire.NlmsgHeaderSize,
        ["task_diag_request"] = TaskDiagRequest.Size,
        ["task_diag_msg"] = TaskDiagWire.MessageHeadSize,
        ["task_diag_frame"] = TaskDiagWire.MessageSize,
        ["task_diag_attr"] = TaskDiagWire.AttributeHeadSize,
        ["task_diag_base"] = TaskDiagBase.Size,
        ["task_diag_caps"] = sizeof(ulong),
        ["task_diag_creds"] = TaskDiagCred.Size,
        ["task_diag_vma_stat"] = TaskDiagVmaStat.Size,
        ["task_diag_ext_vma_stat"] = TaskDiagVmaStat.ExtendedSize,
        ["task_diag_vma"] = TaskDiagVma.Size,
        ["task_diag_stat"] = TaskDiagStat.Size,
        ["task_diag_statm"] = TaskDiagStatm.Size,
        ["task_diag_ext_sched"] = TaskDiagExtSched.SizeWithExecId,
        ["task_diag_ext_mm"] = TaskDiagExtMm.Size,
        ["task_diag_ext_security"] = TaskDiagExtSecurity.Size,
        ["task_diag_ext_signals"] = TaskDiagExtSignals.Size,
        ["task_diag_ext_exe"] = TaskDiagExtExe.HeadSize,
        ["task_diag_ext_namespaces"] = TaskDiagExtNamespaces.Size,
        ["task_diag_ext_gap"] = TaskDiagExtGap.Size,
        ["task_diag_ext_build_id"] = TaskDiagExtBuildId.Size,
        ["task_diag_ext_page_size"] = TaskDiagExtPageSize.Size,
        ["task_diag_ext_total_vm"] = TaskDiagExtTotalVm.Size,
        ["task_diag_ext_file"] = TaskDiagExtFile.HeadSize,
    };

    private static Dictionary<string, byte[]> Build()
    {
        Dictionary<string, byte[]> all = [];
        void Add<T>(string type, int size, Write<T> write, Read<T> read, params (string Field, T Value)[] fields)
        {
            foreach ((string field, T value) in fields)
            {
                byte[] once = new byte[size];
                byte[] twice = new byte[size];
                write(value, once);
                write(read(once), twice);
                all.Add($"{type}.{field}", once.AsSpan().SequenceEqual(twice) ? once : throw new InvalidOperationException($"{type}.{field} does not survive decoding"));
            }
        }

        const int S32 = (int)M32;
        Add<TaskDiagBase>("task_diag_base", TaskDiagBase.Size, (v, d) => v.Write(d), TaskDiagBase.Read,
            ("tgid", default(TaskDiagBase) with { Tgid = M32 }), ("pid", default(TaskDiagBase) with { Pid = M32 }),
            ("ppid", default(TaskDiagBase) with { Ppid = M32 }), ("tpid", default(TaskDiagBase) with { TracerPid = M32 }),
            ("sid", default(TaskDiagBase) with { Sid = M32 }), ("pgid", default(TaskDiagBase) with { Pgid = M32 }),
            ("state", default(TaskDiagBase) with { State = (TaskState)M8 }),
            ("comm", default(TaskDiagBase) with { Comm = new TaskComm("fifteen letters"u8) }));
        Add<TaskDiagCred>("task_diag_creds", TaskDiagCred.Size, (v, d) => v.Write(d), TaskDiagCred.Read,
            ("cap_inheritable", default(TaskDiagCred) with { CapInheritable = M64 }), ("cap_permitted", default(TaskDiagCred) with { CapPermitted = M64 }),
            ("cap_effective", default(TaskDiagCred) with { CapEffective = M64 }), ("cap_bset", default(TaskDiagCred) with { CapBounding = M64 }),
            ("uid", default(TaskDiagCred) with { Uid = new IdSet(M32, 0, 0, 0) }), ("euid", default(TaskDiagCred) with { Uid = new IdSet(0, M32, 0, 0) }),
            ("suid", default(TaskDiagCred) with { Uid = new IdSet(0, 0, M32, 0) }), ("fsuid", default(TaskDiagCred) with { Uid = new IdSet(0, 0, 0, M32) }),
            ("gid", default(TaskDiagCred) with { Gid = new IdSet(M32, 0, 0, 0) }), ("egid", default(TaskDiagCred) with { Gid = new IdSet(0, M32, 0, 0) }),
            ("sgid", default(TaskDiagCred) with { Gid = new IdSet(0, 0, M32, 0) }), ("fsgid", default(TaskDiagCred) with { Gid = new IdSet(0, 0, 0, M32) }));
        Add<TaskDiagVmaStat>("task_diag_vma_stat", TaskDiagVmaStat.Size, (v, d) => v.Write(d), TaskDiagVmaStat.Read,
            ("resident", default(TaskDiagVmaStat) with { Resident = M64 }), ("shared_clean", default(TaskDiagVmaStat) with { SharedClean = M64 }),
            ("shared_dirty", default(TaskDiagVmaStat) with { SharedDirty = M64 }), ("private_clean", default(TaskDiagVmaStat) with { PrivateClean = M64 }),
            ("private_dirty", default(TaskDiagVmaStat) with { PrivateDirty = M64 }), ("referenced", default(TaskDiagVmaStat) with { Referenced = M64 }),
            ("anonymous", default(TaskDiagVmaStat) with { Anonymous = M64 }), ("anonymous_thp", default(TaskDiagVmaStat) with { AnonymousThp = M64 }),
            ("swap", default(TaskDiagVmaStat) with { Swap = M64 }), ("pss", default(TaskDiagVmaStat) with { PssShifted = M64 }));
        Add<TaskDiagVmaStat>("task_diag_ext_vma_stat", TaskDiagVmaStat.ExtendedSize, (v, d) => v.Write(d), TaskDiagVmaStat.Read,
            ("locked", default(TaskDiagVmaStat) with { Locked = M64 }), ("shmem_pmd_mapped", default(TaskDiagVmaStat) with { ShmemPmdMapped = M64 }),
            ("file_pmd_mapped", default(TaskDiagVmaStat) with { FilePmdMapped = M64 }), ("shared_hugetlb", default(TaskDiagVmaStat) with { SharedHugetlb = M64 }),
            ("private_hugetlb", default(TaskDiagVmaStat) with { PrivateHugetlb = M64 }), ("swap_pss", default(TaskDiagVmaStat) with { SwapPss = M64 }));
        Add<TaskDiagVma>("task_diag_vma", TaskDiagVma.Size, WriteVma, TaskDiagVma.Read,
            ("start", default(TaskDiagVma) with { Start = M64 }), ("end", default(TaskDiagVma) with { End = M64 }),
            ("vm_flags", default(TaskDiagVma) with { Flags = (VmaFlags)M64 }), ("pgoff", default(TaskDiagVma) with { Offset = M64 }),
            ("major", default(TaskDiagVma) with { Major = M32 }), ("minor", default(TaskDiagVma) with { Minor = M32 }),
            ("inode", default(TaskDiagVma) with { Inode = M64 }), ("generation", default(TaskDiagVma) with { Generation = M32 }));
        Add<TaskDiagStat>("task_diag_stat", TaskDiagStat.Size, (v, d) => v.Write(d), TaskDiagStat.Read,
            ("minflt", new TaskDiagStat(new TaskCounters { MinFlt = M64 }, 0)), ("cminflt", new TaskDiagStat(new TaskCounters { CMinFlt = M64 }, 0)),
            ("majflt", new TaskDiagStat(new TaskCounters { MajFlt = M64 }, 0)), ("cmajflt", new TaskDiagStat(new TaskCounters { CMajFlt = M64 }, 0)),
            ("utime", new TaskDiagStat(new TaskCounters { UTimeTicks = M64 }, 0)), ("stime", new TaskDiagStat(new TaskCounters { STimeTicks = M64 }, 0)),
            ("cutime", new TaskDiagStat(new TaskCounters { CUTimeTicks = M64 }, 0)), ("cstime", new TaskDiagStat(new TaskCounters { CSTimeTicks = M64 }, 0)),
            ("threads", new TaskDiagStat(default, M32)));
        Add<TaskDiagStatm>("task_diag_statm", TaskDiagStatm.Size, (v, d) => v.Write(d), TaskDiagStatm.Read,
            ("anon", default(TaskDiagStatm) with { Anon = M64 }), ("file", default(TaskDiagStatm) with { File = M64 }),
            ("shmem", default(TaskDiagStatm) with { Shmem = M64 }), ("total_vm", default(TaskDiagStatm) with { TotalVm = M64 }),
            ("total_rss", default(TaskDiagStatm) with { TotalRss = M64 }), ("hiwater_vm", default(TaskDiagStatm) with { HiwaterVm = M64 }),
            ("hiwater_rss", default(TaskDiagStatm) with { HiwaterRss = M64 }), ("text", default(TaskDiagStatm) with { Text = M64 }),
            ("lib", default(TaskDiagStatm) with { Lib = M64 }), ("swap", default(TaskDiagStatm) with { Swap = M64 }),
            ("ptes", default(TaskDiagStatm) with { PtesBytes = M64 }), ("pmds", default(TaskDiagStatm) with { Pmds = M64 }),
            ("locked_vm", default(TaskDiagStatm) with { LockedVm = M64 }), ("pinned_vm", default(TaskDiagStatm) with { PinnedVm = M64 }),
            ("data_vm", default(TaskDiagStatm) with { DataVm = M64 }), ("stack_vm", default(TaskDiagStatm) with { StackVm = M64 }));
        Add<TaskDiagExtSched>("task_diag_ext_sched", TaskDiagExtSched.SizeWithExecId, (v, d) => v.Write(d), TaskDiagExtSched.Read,
            ("start_time", default(TaskDiagExtSched) with { StartTimeTicks = M64 }), ("flags", default(TaskDiagExtSched) with { Flags = M32 }),
            ("tty_nr", default(TaskDiagExtSched) with { TtyNr = S32 }), ("tpgid", default(TaskDiagExtSched) with { TpGid = S32 }),
            ("priority", default(TaskDiagExtSched) with { Priority = S32 }), ("nice", default(TaskDiagExtSched) with { Nice = S32 }),
            ("rt_priority", default(TaskDiagExtSched) with { RtPriority = M32 }), ("policy", default(TaskDiagExtSched) with { Policy = M32 }),
            ("processor", default(TaskDiagExtSched) with { Processor = S32 }), ("exit_signal", default(TaskDiagExtSched) with { ExitSignal = S32 }),
            ("exit_code", default(TaskDiagExtSched) with { ExitCode = S32 }), ("exec_id", default(TaskDiagExtSched) with { ExecId = M32 }));
        Add<TaskDiagExtMm>("task_diag_ext_mm", TaskDiagExtMm.Size, (v, d) => v.Write(d), TaskDiagExtMm.Read,
            ("start_code", new TaskDiagExtMm(new MemoryLayout { StartCode = M64 })), ("end_code", new TaskDiagExtMm(new MemoryLayout { EndCode = M64 })),
            ("start_stack", new TaskDiagExtMm(new MemoryLayout { StartStack = M64 })), ("start_data", new TaskDiagExtMm(new MemoryLayout { StartData = M64 })),
            ("end_data", new TaskDiagExtMm(new MemoryLayout { EndData = M64 })), ("start_brk", new TaskDiagExtMm(new MemoryLayout { StartBrk = M64 })),
            ("arg_start", new TaskDiagExtMm(new MemoryLayout { ArgStart = M64 })), ("arg_end", new TaskDiagExtMm(new MemoryLayout { ArgEnd = M64 })),
            ("env_start", new TaskDiagExtMm(new MemoryLayout { EnvStart = M64 })), ("env_end", new TaskDiagExtMm(new MemoryLayout { EnvEnd = M64 })));
        Add<TaskDiagExtSignals>("task_diag_ext_signals", TaskDiagExtSignals.Size, (v, d) => v.Write(d), TaskDiagExtSignals.Read,
            ("pending", new TaskDiagExtSignals(new SignalSets { Pending = M64 })), ("shared_pending", new TaskDiagExtSignals(new SignalSets { SharedPending = M64 })),
            ("blocked", new TaskDiagExtSignals(new SignalSets { Blocked = M64 })), ("ignored", new TaskDiagExtSignals(new SignalSets { Ignored = M64 })),
            ("caught", new TaskDiagExtSignals(new SignalSets { Caught = M64 })));
        Add<TaskDiagExtNamespaces>("task_diag_ext_namespaces", TaskDiagExtNamespaces.Size, (v, d) => v.Write(d), TaskDiagExtNamespaces.Read,
            ("cgroup", new TaskDiagExtNamespaces(new Namespaces { Cgroup = M64 })), ("ipc", new TaskDiagExtNamespaces(new Namespaces { Ipc = M64 })),
            ("mnt", new TaskDiagExtNamespaces(new Namespaces { Mnt = M64 })), ("net", new TaskDiagExtNamespaces(new Namespaces { Net = M64 })),
            ("pid", new TaskDiagExtNamespaces(new Namespaces { Pid = M64 })), ("time", new TaskDiagExtNamespaces(new Namespaces { Time = M64 })),
            ("user", new TaskDiagExtNamespaces(new Namespaces { User = M64 })), ("uts", new TaskDiagExtNamespaces(new Namespaces { Uts = M64 })));
        Add<TaskDiagExtGap>("task_diag_ext_gap", TaskDiagExtGap.Size, (v, d) => v.Write(d), TaskDiagExtGap.Read, ("err", new TaskDiagExtGap(CapturePart.Task, S32)));
        Add<TaskDiagExtPageSize>("task_diag_ext_page_size", TaskDiagExtPageSize.Size, (v, d) => v.Write(d), TaskDiagExtPageSize.Read,
            ("start", default(TaskDiagExtPageSize) with { Start = M64 }), ("page_size", default(TaskDiagExtPageSize) with { PageSize = M64 }));
        Add<TaskDiagExtTotalVm>("task_diag_ext_total_vm", TaskDiagExtTotalVm.Size, (v, d) => v.Write(d), TaskDiagExtTotalVm.Read,
            ("pages", new TaskDiagExtTotalVm(M64)));
        return all;
    }

    /// <summary>The head alone states its own length, which is a field by itself.</summary>
    private static void WriteVma(TaskDiagVma vma, Span<byte> destination)
    {
        vma.Write(destination);
        destination[TaskDiagVma.LengthsOffset..(TaskDiagVma.LengthsOffset + 2)].Clear();
    }
}
