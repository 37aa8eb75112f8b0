using System.Linq;
using Checkpoint.Model;

namespace Checkpoint.Tests.Diffing;

/// <summary>Small trees to compare: a service with two workers, and what may become of it.</summary>
internal static class DiffTrees
{
    internal const VmaFlags R = VmaFlags.Read;
    internal const VmaFlags W = VmaFlags.Read | VmaFlags.Write;
    internal const VmaFlags X = VmaFlags.Read | VmaFlags.Exec;

    internal const int Exe = 0;
    internal const int Heap = 1;
    internal const int Library = 2;
    internal const int Stack = 3;
    internal const int Memory = 4;

    internal static readonly MappedFile[] Files =
    [
        new(8, 1, 10, SampleTrees.Bytes("/srv/app"), SampleTrees.BuildId(20)),
        new(0, 0, 0, SampleTrees.Bytes("[heap]")),
        new(8, 1, 20, SampleTrees.Bytes("/lib/libx.so.1"), SampleTrees.BuildId(19)),
        new(0, 0, 0, SampleTrees.Bytes("[stack]")),
        new(0, 1, 30, SampleTrees.Bytes("/dev/shm/app.4711")),
    ];

    /// <summary>Code, data, heap, anonymous memory, library code, shared memory and stack.</summary>
    internal static Vma[] Vmas(ulong at = 0x5500_0000_0000) =>
    [
        new(at, at + 0x4000, X, 0, Exe),
        new(at + 0x4000, at + 0x6000, W, 0x4000, Exe),
        new(at + 0x10_0000, at + 0x12_0000, W, 0, Heap),
        new(at + 0x2000_0000, at + 0x2000_8000, W, 0, -1),
        new(at + 0x3000_0000, at + 0x3000_8000, X, 0, Library),
        new(at + 0x4000_0000, at + 0x4000_4000, W | VmaFlags.Shared, 0, Memory),
        new(at + 0x5000_0000, at + 0x5002_1000, W, 0, Stack),
    ];

    internal static ProcessEntry Process(int tgid, int ppid, ulong started, string cmdline = "/srv/app\0", string exe = "/srv/app", Vma[]? vmas = null) => SampleTrees.Rich().Processes[0] with
    {
        Tgid = tgid,
        Ppid = ppid,
        Pgid = 100,
        Sid = 100,
        Cmdline = SampleTrees.Raw(cmdline),
        Exe = SampleTrees.Bytes(exe),
        Space = new AddressSpace(vmas ?? Vmas()),
        Layout = SampleTrees.Rich().Processes[0].Layout!.Value with { StartStack = 0x7ffd_0000_0000 },
        Threads = [Thread(tgid, started)],
    };

    internal static ThreadEntry Thread(int tid, ulong started, string comm = "app") =>
        SampleTrees.Rich().Processes[0].Leader with { Tid = tid, StartTimeTicks = started, Comm = SampleTrees.Bytes(comm), NsPids = [tid] };

    internal static ProcessTree Tree(params ProcessEntry[] processes) => SampleTrees.Empty() with
    {
        Capture = SampleTrees.Capture(processes[0].Tgid),
        Processes = [.. processes.OrderBy(process => process.Tgid)],
        Files = Files,
    };

    /// <summary>Master 100 with workers 101 and 102.</summary>
    internal static ProcessTree Service() => Tree(Process(100, 1, 1000), Process(101, 100, 1001, "worker\0"), Process(102, 100, 1002, "worker\0"));

    /// <summary>The same service started anew: other pids, times, addresses, random numbers, counters.</summary>
    internal static ProcessTree Restarted()
    {
        MappedFile[] files = [.. Files];
        files[Memory] = new(0, 1, 99, SampleTrees.Bytes("/dev/shm/app.815"));
        ProcessEntry Again(int tgid, int ppid, ulong started, string cmdline)
        {
            ProcessEntry process = Process(tgid, ppid, started, cmdline, vmas: Vmas(0x5600_1234_0000));
            return process with
            {
                Pgid = 900,
                Sid = 900,
                TtyNr = process.TtyNr + 1,
                TpGid = 77,
                Counters = default,
                Memory = SampleTrees.Memory(5_000_000),
                Layout = process.Layout!.Value with { StartStack = 0x7ffd_1111_0000, StartCode = 0x5600_1234_0000 },
                Threads = [process.Leader with { Flags = 0x400040, Processor = 7, State = TaskState.Running }],
            };
        }

        return Tree(Again(900, 55, 5000, "/srv/app\0"), Again(800, 900, 5001, "worker\0"), Again(950, 900, 5002, "worker\0")) with
        {
            Capture = SampleTrees.Capture(900),
            Files = files,
        };
    }

    /// <summary>A process with other VMAs.</summary>
    internal static ProcessEntry With(this ProcessEntry process, params Vma[] vmas) => process with { Space = new AddressSpace(vmas) };

    /// <summary>A tree with one process exchanged.</summary>
    internal static ProcessTree With(this ProcessTree tree, ProcessEntry process) =>
        tree with { Processes = [.. tree.Processes.Select(p => p.Tgid == process.Tgid ? process : p)] };

    /// <summary>A process whose leader has other credentials.</summary>
    internal static ProcessEntry With(this ProcessEntry process, Credentials credentials) =>
        process with { Threads = [process.Leader with { Credentials = credentials }] };
}
