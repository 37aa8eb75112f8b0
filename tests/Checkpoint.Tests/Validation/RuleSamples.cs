using System;
using System.Collections.Generic;
using System.Linq;
using Checkpoint.Model;
using static Checkpoint.Tests.SampleTrees;

namespace Checkpoint.Tests.Validation;

/// <summary>A tree of which nothing can be said, and for each rule one that breaks exactly that rule.</summary>
internal static class RuleSamples
{
    private const int Root = 100;

    /// <summary>Rules that the encoding of an image cannot break.</summary>
    public static readonly string[] OnlyTrees = ["vma.order", "vma.alignment", "vma.file"];

    /// <summary>By rule id, what the tree must be like to break it.</summary>
    public static readonly Dictionary<string, Func<ProcessTree>> Trees = new()
    {
        ["capture.salvaged"] = () => Capture(c => c with { Lost = ["users"] }),
        ["capture.numbers"] = () => Capture(c => c with { Passes = 0 }),
        ["capture.time"] = () => Capture(c => c with { DurationNs = -1 }),
        ["capture.boot-id"] = () => Capture(c => c with { BootId = Bytes("0f5e8a3c-6f0e-4a52-9a59-0d6a3b6d6a5") }),
        ["capture.scope"] = () => Capture(c => c with { WithEnviron = false }),
        ["tree.root-missing"] = () => Sound() with { Capture = SampleTrees.Capture(7), Processes = [] },
        ["tree.parent-outside"] = () => Process(102, p => p with { Ppid = 1 }),
        ["tree.parent-younger"] = () => Thread(100, t => t with { StartTimeTicks = 5000 }),
        ["tree.cycle"] = () => Map(Sound(), p => (p.Tgid == 100 ? p with { Ppid = 101 } : p) with { Threads = [.. p.Threads.Select(t => t with { StartTimeTicks = 9 })] }),
        ["process.ids"] = () => Process(102, p => p with { Sid = -2 }),
        ["process.umask"] = () => Process(102, p => p with { Umask = 0x200 }),
        ["process.memory-peak"] = () => Process(102, p => p with { Memory = Memory(1 << 20) with { VmHwm = 0 } }),
        ["process.thread-count"] = () => Process(102, p => p with { ThreadCount = 3 }),
        ["thread.leader-missing"] = () => Process(102, p => p with { Threads = [p.Threads[1]], ThreadCount = 1 }),
        ["thread.tid-twice"] = () => Process(101, p => p with { Threads = [p.Threads[0], Sound().Processes[2].Threads[1]], ThreadCount = 2 }),
        ["thread.tid-reused"] = () => Process(101, p => p with { Threads = [p.Threads[0], Sound().Processes[2].Threads[1] with { StartTimeTicks = 77 }], ThreadCount = 2 }),
        ["thread.comm"] = () => Thread(103, t => t with { Comm = Bytes("a\0b") }),
        ["thread.scheduling"] = () => Thread(103, t => t with { Nice = 20 }),
        ["thread.start-time"] = () => Thread(103, t => t with { StartTimeTicks = (ulong)(86401 + 2) * 100 }),
        ["thread.ids"] = () => Thread(103, t => t with { NsPids = [103, -4] }),
        ["credentials.effective"] = () => Credentials(c => c with { CapEffective = 1 << 3 }),
        ["credentials.ambient"] = () => Credentials(c => c with { CapPermitted = 1 << 3, CapAmbient = 1 << 3 }),
        ["credentials.unknown"] = () => Credentials(c => c with { CapBounding = 1UL << 41 }),
        ["credentials.seccomp"] = () => Credentials(c => c with { Seccomp = 4 }),
        ["vma.order"] = () => Vmas([new(0x2000, 0x4000, 0, 0, -1), new(0x3000, 0x5000, 0, 0, -1)]),
        ["vma.alignment"] = () => Vmas([new(0x2000, 0x2100, 0, 0, -1)]),
        ["vma.address"] = () => Vmas([new(1UL << 56, (1UL << 56) + 0x1000, 0, 0, -1)]),
        ["vma.file"] = () => Vmas([new(0x2000, 0x3000, 0, 0, 9)]),
        ["vma.page-size"] = () => Vmas([new(0x2000, 0x3000, 0, 0, -1, 2048)]),
        ["vma.stats"] = () => Process(102, p => p with { Space = new AddressSpace([new(0x2000, 0x3000, 0, 0, -1)], [new VmaStats { Rss = 0x2000 }]) }),
        ["gap.values"] = () => Sound() with { Gaps = [new(102, 102, CapturePart.Exe, 0)] },
        ["event.values"] = () => Sound() with { Events = [new(3, TaskEventKind.Exited, 99, 99, 0)] },
    };

    /// <summary>A tree against which no rule has anything: a root, and two children, one with two threads.</summary>
    public static ProcessTree Sound()
    {
        Credentials ordinary = new()
        {
            Uid = new(1000, 1000, 1000, 1000),
            Gid = new(1000, 1000, 1000, 1000),
            Groups = [4, 1000],
            CapInheritable = 0,
            CapPermitted = 0,
            CapEffective = 0,
            CapBounding = (1UL << 41) - 1,
            CapAmbient = 0,
            Seccomp = 2,
        };
        return Empty() with
        {
            Capture = SampleTrees.Capture(Root),
            Processes = [NewProcess(100, 1, 100), NewProcess(101, 100, 101), NewProcess(102, 100, 102, 103)],
            Files = [new(0, 0, 0, Bytes("[vsyscall]"))],
            Users = [new(1000, Bytes("me"))],
        };

        ProcessEntry NewProcess(int tgid, int ppid, params int[] tids) => new()
        {
            Tgid = tgid,
            Ppid = ppid,
            Pgid = 100,
            Sid = 100,
            ThreadCount = tids.Length,
            Umask = 0x12,
            Environ = Bytes("A=b\0"),
            Memory = Memory(1 << 20),
            Space = new AddressSpace([new(0x1000, 0x3000, VmaFlags.Read, 0, -1, PageSize), new(0xffff_ffff_ff60_0000, 0xffff_ffff_ff60_1000, VmaFlags.Exec, 0, 0)]),
            Threads = [.. tids.Select(tid => SampleTrees.Thread(tid, "sound", TaskState.Sleeping, ordinary))],
        };
    }

    private static ProcessTree Capture(Func<CaptureInfo, CaptureInfo> change) => Sound() with { Capture = change(Sound().Capture) };

    private static ProcessTree Process(int tgid, Func<ProcessEntry, ProcessEntry> change) => Map(Sound(), p => p.Tgid == tgid ? change(p) : p);

    private static ProcessTree Thread(int tid, Func<ThreadEntry, ThreadEntry> change) =>
        Map(Sound(), p => p with { Threads = [.. p.Threads.Select(t => t.Tid == tid ? change(t) : t)] });

    private static ProcessTree Credentials(Func<Credentials, Credentials> change) => Thread(103, t => t with { Credentials = change(t.Credentials!) });

    private static ProcessTree Vmas(Vma[] vmas) => Process(102, p => p with { Space = new AddressSpace(vmas) });

    private static ProcessTree Map(ProcessTree tree, Func<ProcessEntry, ProcessEntry> change) => tree with { Processes = [.. tree.Processes.Select(change)] };
}
