using System.Linq;
using Checkpoint.Model;

namespace Checkpoint.Tests.Cli;

/// <summary>A tree whose memory maps are worth a look: every kind, deleted and shared files, statistics.</summary>
internal static class VmaTrees
{
    private const VmaFlags R = VmaFlags.Read | VmaFlags.MayRead | VmaFlags.MayWrite | VmaFlags.MayExec | VmaFlags.AllKnown;
    private const VmaFlags W = R | VmaFlags.Write;
    private const VmaFlags X = R | VmaFlags.Exec;
    private const VmaFlags S = VmaFlags.Shared | VmaFlags.MayShare;

    private static readonly MappedFile[] Files =
    [
        new(8, 1, 100, SampleTrees.Bytes("/usr/bin/app"), SampleTrees.BuildId(20)),
        new(0, 0, 0, SampleTrees.Bytes("[heap]")),
        new(8, 1, 50, SampleTrees.Bytes("/opt/lib/libold.so (deleted)"), SampleTrees.BuildId(8)),
        new(0, 1, 77, SampleTrees.Bytes("/memfd:pool (deleted)")),
        new(0, 0, 0, SampleTrees.Bytes("[stack]")),
        new(8, 1, 101, SampleTrees.Raw("/var/\u001b[31m\nx\u00ff")),
        new(8, 1, 999, SampleTrees.Bytes("/mapped/by/nobody")),
    ];

    /// <summary>Process 10 with ten VMAs and statistics, 20 which shares its list, 30 with one VMA of its own and no statistics.</summary>
    internal static ProcessTree Tree()
    {
        AddressSpace space = new(
            [
                new(0x40_0000, 0x40_4000, X, 0, 0, 4096),
                new(0x40_4000, 0x40_5000, R, 0x4000, 0, 4096),
                new(0x40_5000, 0x40_7000, W, 0x5000, 0, 4096),
                new(0x50_0000, 0x54_0000, W | VmaFlags.Account, 0, 1, 4096),
                new(0x60_0000, 0x60_1000, VmaFlags.AllKnown, 0, -1, 4096),
                new(0x60_1000, 0x70_1000, W | VmaFlags.Exec | VmaFlags.Sealed, 0, -1, 4096),
                new(0x7f00_0000_0000, 0x7f00_0000_8000, X, 0, 2, 4096),
                new(0x7f00_0020_0000, 0x7f00_0060_0000, W | S | VmaFlags.HugeTlb, 0, 3, 2 << 20),
                new(0x7f00_0080_0000, 0x7f00_0080_1000, (R | S) & ~VmaFlags.MayWrite, 0, 5, 4096),
                new(0x7fff_0000_0000, 0x7fff_0002_1000, W | VmaFlags.GrowsDown, 0, 4, 4096),
            ],
            [
                new() { Rss = 16 << 10, Pss = 8 << 10, SharedClean = 16 << 10 },
                new() { Rss = 4 << 10, Pss = 2 << 10 },
                new() { Rss = 8 << 10, Pss = 8 << 10, PrivateDirty = 4 << 10, SharedDirty = 4 << 10 },
                new() { Rss = 200 << 10, Pss = 200 << 10, PrivateDirty = 200 << 10, Swap = 56 << 10 },
                default,
                new() { Rss = 100 << 10, Pss = 100 << 10, AnonHugePages = 64 << 10, Locked = 12 << 10 },
                new() { Rss = 32 << 10, Pss = 32 << 10 },
                new() { SharedHugetlb = 2 << 20, PrivateHugetlb = 2 << 20 },
                new() { Rss = 4 << 10 },
                new() { Rss = 24 << 10, PrivateDirty = 24 << 10 },
            ]);
        ProcessEntry first = SampleTrees.Rich().Processes[0] with { Tgid = 10, Ppid = 1, Space = space, Threads = [Leader(10)] };
        ProcessEntry third = first with { Tgid = 30, Space = new AddressSpace([new(0x1000, 0x3000, VmaFlags.Read, 0, 0)]), SpaceChanged = true, Threads = [Leader(30)] };
        return SampleTrees.Empty() with
        {
            Capture = SampleTrees.Capture(10) with { WithVmFlags = true, WithVmStats = true },
            Processes = [first, first with { Tgid = 20, Threads = [Leader(20)] }, third],
            Files = Files,
        };
    }

    /// <summary>The same from an image taken without flags and statistics.</summary>
    internal static ProcessTree Bare()
    {
        ProcessTree tree = Tree();
        Vma[] vmas = [.. tree.Processes[0].Space!.Vmas.ToArray().Select(v => v with { Flags = v.Flags & (VmaFlags)15, PageSize = 0 })];
        return tree with { Capture = SampleTrees.Capture(10), Processes = [tree.Processes[0] with { Space = new AddressSpace(vmas) }] };
    }

    private static ThreadEntry Leader(int tid) => SampleTrees.Rich().Processes[0].Leader with { Tid = tid };
}
