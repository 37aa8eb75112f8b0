using System.Text;
using Checkpoint.Model;

namespace Checkpoint.Tests;

/// <summary>
/// Process trees to test with, all in canonical form (sorted, files in order of first use, equal VMA lists shared),
/// so that what an image gives back can be compared directly.
/// </summary>
public static partial class SampleTrees
{
    /// <summary>4 KiB, as on most machines.</summary>
    public const uint PageSize = 4096;

    /// <summary>
    /// A small tree with one of everything: a shell, a threaded server with per-thread credentials, a child that shares
    /// the server's VMA list, a zombie, a task of another user with gaps, odd bytes in names, events and users.
    /// </summary>
    /// <returns>A new tree.</returns>
    public static ProcessTree Rich()
    {
        MappedFile[] files =
        [
            new(254, 1, 1310, Bytes("/usr/bin/bash"), BuildId(20)),
            new(0, 0, 0, Bytes("[heap]")),
            new(254, 1, 1477, Bytes("/usr/lib/x86_64-linux-gnu/libc.so.6")),
            new(0, 0, 0, Bytes("[stack]")),
            new(0, 0, 0, Bytes("[vdso]")),
            new(0, 0, 0, Bytes("[vsyscall]")),
            new(254, 1, 99, Bytes("/srv/server (deleted)"), BuildId(8)),
            new(0, 1, 2054, Raw("/memfd:\nodd \xff name (deleted)")),
            new(8, 17, 18446744073709551615, default),
        ];
        AddressSpace shell = new(
        [
            new(0x55d0_0000_0000, 0x55d0_0002_f000, VmaFlags.Read, 0, 0),
            new(0x55d0_0002_f000, 0x55d0_0011_e000, VmaFlags.Read | VmaFlags.Exec, 0x2f000, 0),
            new(0x55d0_0011_f000, 0x55d0_0014_0000, VmaFlags.Read | VmaFlags.Write, 0, 1),
            new(0x7f10_0000_0000, 0x7f10_0002_6000, VmaFlags.Read, 0, 2),
            new(0x7f10_0002_6000, 0x7f10_0003_0000, VmaFlags.Read | VmaFlags.Write, 0, -1),
            new(0x7ffd_1000_0000, 0x7ffd_1002_1000, VmaFlags.Read | VmaFlags.Write, 0, 3),
            new(0x7ffd_1005_0000, 0x7ffd_1005_2000, VmaFlags.Read | VmaFlags.Exec, 0, 4),
            new(0xffff_ffff_ff60_0000, 0xffff_ffff_ff60_1000, VmaFlags.Exec, 0, 5),
        ]);
        AddressSpace server = new(
            [
                new(0x1000, 0x2000, VmaFlags.AllKnown, 0, -1, PageSize),
                new(0x40_0000, 0x40_1000, VmaFlags.AllKnown | VmaFlags.Read | VmaFlags.Exec | VmaFlags.MayRead | VmaFlags.MayExec | VmaFlags.Sealed, 0, 6, PageSize),
                new(0x7f20_0000_0000, 0x7f20_4000_0000, VmaFlags.AllKnown | VmaFlags.Read | VmaFlags.Write | VmaFlags.Shared | VmaFlags.HugeTlb, 0x1_0000_0000, 7, 2 << 20),
                new(0x7f20_5000_0000, 0x7f20_5000_1000, VmaFlags.AllKnown | VmaFlags.Read | VmaFlags.Shared, 0x7fff_ffff_ffff_f000, 8, PageSize),
                new(0x7fff_0000_0000, 0x7fff_0002_1000, VmaFlags.AllKnown | VmaFlags.Read | VmaFlags.Write | VmaFlags.GrowsDown, 0, 3, PageSize),
            ],
            [
                default,
                new() { Rss = 4096, Pss = 2048, SharedClean = 4096, Referenced = 4096 },
                new() { SharedHugetlb = 4UL << 20, PrivateHugetlb = 2UL << 20 },
                new()
                {
                    Rss = 1024, Pss = 2048, SharedClean = 3072, SharedDirty = 4096, PrivateClean = 5120, PrivateDirty = 6144,
                    Referenced = 7168, Anonymous = 8192, AnonHugePages = 9216, ShmemPmdMapped = 10240, FilePmdMapped = 11264,
                    SharedHugetlb = 12288, PrivateHugetlb = 13312, Swap = 14336, SwapPss = 15360, Locked = 0xffff_ffff_ffff_fc00,
                },
                new() { Rss = 135168, Pss = 135168, PrivateDirty = 135168, Referenced = 131072, Anonymous = 135168, Swap = 4096, SwapPss = 4096 },
            ]);

        Credentials root = new()
        {
            Uid = new(0, 0, 0, 0),
            Gid = new(0, 0, 0, 0),
            Groups = [],
            CapInheritable = 0,
            CapPermitted = 0x1ff_ffff_ffff,
            CapEffective = 0x1ff_ffff_ffff,
            CapBounding = 0x1ff_ffff_ffff,
            CapAmbient = 0,
            NoNewPrivs = false,
            Seccomp = 0,
            SeccompFilters = 0,
            Label = Bytes("unconfined"),
        };
        Credentials dropped = root with
        {
            Uid = new(0, 33, 0, 33),
            Gid = new(33, 33, 33, 33),
            Groups = [4, 33, 4294967294],
            CapEffective = 0x400,
            NoNewPrivs = true,
            Seccomp = 2,
            SeccompFilters = 3,
        };
        Credentials unknown = new()
        {
            Uid = new(1000, 1000, 1000, 1000),
            Gid = new(1000, 1000, 1000, 1000),
            CapInheritable = 0,
            CapPermitted = 0,
            CapEffective = 0,
            CapBounding = 0,
        };

        ProcessEntry[] processes =
        [
            new()
            {
                Tgid = 400, Ppid = 1, Pgid = 400, Sid = 400, TtyNr = 34816, TpGid = 410, ExitSignal = 17, ThreadCount = 1,
                Cmdline = Raw("bash\0-l\0"), Environ = Raw("HOME=/root\0ODD=\n\xfe\0"), Exe = Bytes("/usr/bin/bash"),
                Cwd = Bytes("/root"), Root = Bytes("/"), Umask = 18,
                Namespaces = new(4026531835, 4026531839, 4026531841, 4026531840, 4026531836, 4026531834, 4026531837, 4026531838),
                Counters = new(1, 2, 3, 4, 5, 6, 7, 8), Memory = Memory(9_000_000),
                Layout = new(0x55d0_0002_f000, 0x55d0_0011_e000, 0x7ffd_1002_0000, 1, 2, 0x55d0_0011_f000, 3, 4, 5, 6),
                Space = shell,
                Threads = [Thread(400, "bash", TaskState.Sleeping, root) with { Processor = 3, Nice = -20, Priority = 0 }],
            },
            new()
            {
                Tgid = 410, Ppid = 400, Pgid = 410, Sid = 400, TtyNr = 34816, TpGid = 410, ExitSignal = 17, ThreadCount = 3,
                Cmdline = Raw("/srv/server\0--name\0\u001b[31mred\0\0"), Exe = Bytes("/srv/server"), ExeDeleted = true,
                Cwd = Raw("/srv/new\nline\xff"), Root = Bytes("/"), Umask = 0, Namespaces = new(1, 2, 3, 4, 5, 0, 7, 8),
                Counters = new(ulong.MaxValue, 0, 0, 0, 1, 0, 0, 0), Memory = Memory(2_000_000_000),
                Layout = new(0x40_0000, 0x40_0800, 0x7fff_0002_0000, 0, 0, 0, 0, 0, 0, ulong.MaxValue), Space = server, SpaceChanged = true,
                Threads =
                [
                    Thread(410, "server", TaskState.Running, root) with { NsPids = [410, 7], TracerPid = 400 },
                    Thread(411, "wörker-1", TaskState.DiskSleep, dropped) with { Policy = 1, RtPriority = 99, Priority = -100 },
                    Thread(415, "x\n\\\u202e)", TaskState.TracingStop, dropped) with { NsPids = [415, 9] },
                ],
            },
            new()
            {
                Tgid = 420, Ppid = 410, Pgid = 410, Sid = 400, ExitSignal = 17, ThreadCount = 1, Cmdline = Raw("child\0"),
                Exe = Bytes("/srv/server"), Cwd = Bytes("/"), Root = Bytes("/"), Umask = 511, Memory = Memory(4096), Space = server,
                Threads = [Thread(420, "child", TaskState.Stopped, root)],
            },
            new()
            {
                Tgid = 430, Ppid = 410, Pgid = 410, Sid = 400, ExitSignal = 17, ExitCode = 256, ThreadCount = 1, Cmdline = default(ByteString),
                Threads = [Thread(430, "dead", TaskState.Zombie, root) with { Signals = null, Flags = 0x4 }],
            },
            new()
            {
                Tgid = 440, Ppid = 410, Pgid = 440, Sid = 440, TpGid = -1, ExitSignal = -1, ThreadCount = 2, Cmdline = Raw("other\0"),
                Threads = [new() { Tid = 440, Comm = Raw("\xff\xfe"), State = TaskState.Idle, StartTimeTicks = ulong.MaxValue, Credentials = unknown }],
            },
            new()
            {
                Tgid = 4194304, Ppid = 0, Pgid = 0, Sid = 0, ThreadCount = 1, Space = new AddressSpace([]),
                Threads = [new() { Tid = 4194304, Comm = default, State = TaskState.Parked, StartTimeTicks = 0 }],
            },
        ];

        return new ProcessTree
        {
            Capture = Capture(400) with { WithVmFlags = true, WithVmStats = true },
            Processes = processes,
            Files = files,
            Gaps =
            [
                new(440, 440, CapturePart.Exe, 13), new(440, 440, CapturePart.Maps, 13), new(440, 441, CapturePart.Task, Gap.NoSuchProcess),
            ],
            Events =
            [
                new(2, TaskEventKind.Exited, 0, 399, 0), new(2, TaskEventKind.Appeared, 440, 440, 77), new(1, TaskEventKind.Exec, 420, 420, 1000),
            ],
            Users = [new(0, Bytes("root")), new(33, Bytes("www-data")), new(1000, Raw("od\xffd"))],
        };
    }

    /// <summary>One process with three VMAs: the worked example of <c>images/README.md</c>.</summary>
    /// <returns>A new tree.</returns>
    public static ProcessTree Small()
    {
        Vma[] vmas =
        [
            new(0x40_0000, 0x40_2000, VmaFlags.Read | VmaFlags.Exec, 0, 0, PageSize),
            new(0x40_2000, 0x40_3000, VmaFlags.Read | VmaFlags.Write, 0x2000, 0, PageSize),
            new(0x7ffd_0000_0000, 0x7ffd_0002_1000, VmaFlags.Read | VmaFlags.Write, 0, 1, PageSize),
        ];
        ProcessEntry process = Rich().Processes[0] with { Space = new AddressSpace(vmas) };
        return Empty() with
        {
            Processes = [process],
            Files = [new(254, 1, 1310, Bytes("/usr/bin/bash"), BuildId(20)), new(0, 0, 0, Bytes("[stack]"))],
        };
    }

    /// <summary>A tree without processes, as a filter could leave it.</summary>
    /// <returns>A new tree.</returns>
    public static ProcessTree Empty() => new()
    {
        Capture = Capture(1),
        Processes = [],
        Files = [],
        Gaps = [],
        Events = [],
        Users = [],
    };

    /// <summary>A tree that depends on the seed alone, with every field at random, nulls and extremes included.</summary>
    /// <param name="seed">The same seed gives the same tree.</param>
    /// <param name="processes">How many processes.</param>
    /// <returns>A new tree.</returns>
    public static ProcessTree Random(int seed, int processes = 20) => new TreeGenerator(seed).Tree(processes);

    /// <summary>A plausible capture header.</summary>
    /// <param name="root">Tgid of the root.</param>
    /// <returns>A new value.</returns>
    public static CaptureInfo Capture(int root) => new()
    {
        ToolVersion = "0.1.0",
        Host = Bytes("build-7"),
        KernelRelease = Bytes("6.12.43+deb13-amd64"),
        KernelVersion = Bytes("#1 SMP PREEMPT_DYNAMIC Debian 6.12.43-1"),
        Machine = Bytes("x86_64"),
        BootId = Bytes("0f5e8a3c-6f0e-4a52-9a59-0d6a3b6d6a55"),
        PageSize = PageSize,
        ClockTicks = 100,
        TimeUnixNs = 1_760_000_000_123_456_789,
        BootTimeNs = 86_400_000_000_001,
        DurationNs = 12_345_678,
        Uid = 0,
        RootTgid = root,
        Transport = "procfs",
        VmaSource = "procmap_query",
        WithChildren = true,
        WithEnviron = true,
        Passes = 2,
        Stable = true,
    };

    /// <summary>An ordinary thread.</summary>
    /// <param name="tid">Thread id.</param>
    /// <param name="comm">Name.</param>
    /// <param name="state">State.</param>
    /// <param name="credentials">Credentials.</param>
    /// <returns>A new value.</returns>
    public static ThreadEntry Thread(int tid, string comm, TaskState state, Credentials credentials) => new()
    {
        Tid = tid,
        Comm = Bytes(comm),
        State = state,
        StartTimeTicks = 1000 + (ulong)tid,
        Flags = 0x40_0100,
        Priority = 20,
        Counters = new(10, 0, 1, 0, 2, 3, 0, 0),
        Credentials = credentials,
        Signals = new(0, 0, 0x10000, 0x380004, 0x4b817efb),
        NsPids = [tid],
    };

    /// <summary>Sizes that add up.</summary>
    /// <param name="rss">Resident size in bytes.</param>
    /// <returns>A new value.</returns>
    public static MemoryCounters Memory(ulong rss) => new()
    {
        VmPeak = rss * 3,
        VmSize = rss * 2,
        VmLck = 0,
        VmPin = 0,
        VmHwm = rss,
        VmRss = rss,
        RssAnon = rss / 2,
        RssFile = rss - (rss / 2),
        RssShmem = 0,
        VmData = rss,
        VmStk = 135168,
        VmExe = 978944,
        VmLib = 1740800,
        VmPte = 53248,
        VmSwap = 0,
    };

    /// <summary>A build ID: the bytes a0, a1, …</summary>
    /// <param name="length">Bytes.</param>
    /// <returns>A new value.</returns>
    public static ByteString BuildId(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)(0xa0 + i);
        }

        return new ByteString(bytes);
    }

    /// <summary>UTF-8 bytes.</summary>
    /// <param name="text">Text.</param>
    /// <returns>Its bytes.</returns>
    public static ByteString Bytes(string text) => ByteString.FromUtf8(text);

    /// <summary>One byte per character, for bytes that are not UTF-8.</summary>
    /// <param name="text">Characters up to U+00FF.</param>
    /// <returns>The bytes.</returns>
    public static ByteString Raw(string text) => new(Encoding.Latin1.GetBytes(text));
}
