using System;
using System.Collections.Generic;
using System.Linq;
using Checkpoint.Model;

namespace Checkpoint.Tests;

/// <summary>Makes random trees for <see cref="SampleTrees.Random"/>: valid, canonical, and extreme in every field.</summary>
internal sealed class TreeGenerator(int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<MappedFile> _files = [];

    /// <summary>Makes the tree; to be called once.</summary>
    /// <param name="count">How many processes.</param>
    /// <returns>The tree.</returns>
    public ProcessTree Tree(int count)
    {
        Credentials[] credentials = [.. Enumerable.Range(0, 6).Select(_ => NextCredentials())];
        List<AddressSpace> spaces = [];
        List<ProcessEntry> processes = [];
        int tgid = 0;
        for (int i = 0; i < count; i++)
        {
            tgid += _random.Next(1, 5000);
            processes.Add(NextProcess(tgid, i == 0 ? 0 : processes[_random.Next(i)].Tgid, spaces, credentials));
        }

        IEnumerable<Gap> gaps = Enumerable.Range(0, _random.Next(8))
            .Select(_ => new Gap(_random.Next(9), _random.Next(9), (CapturePart)_random.Next(13), _random.Next(1, 40)));
        IEnumerable<TaskEvent> events = Enumerable.Range(0, _random.Next(8))
            .Select(_ => new TaskEvent(_random.Next(1, 5), (TaskEventKind)_random.Next(3), _random.Next(9), _random.Next(9), NextUInt64()));
        return new ProcessTree
        {
            Capture = SampleTrees.Capture(processes.Count == 0 ? 1 : processes[0].Tgid) with
            {
                TimeUnixNs = _random.NextInt64(long.MinValue, long.MaxValue),
                VmaSource = Maybe() ? null : "maps",
                Host = NextBytes(64),
                Stable = Maybe(),
                WithChildren = Maybe(),
                WithEnviron = Maybe(),
                WithVmFlags = Maybe(),
                WithVmStats = Maybe(),
            },
            Processes = processes,
            Files = _files,
            Gaps = [.. gaps.OrderBy(g => g.Tgid).ThenBy(g => g.Tid).ThenBy(g => g.Part).ThenBy(g => g.Errno)],
            Events = [.. events],
            Users = [.. Enumerable.Range(0, _random.Next(5)).Select(i => new UserName((uint)i * 70000, NextBytes(12)))],
        };
    }

    private ProcessEntry NextProcess(int tgid, int ppid, List<AddressSpace> spaces, Credentials[] credentials)
    {
        int threadCount = Maybe() ? 1 : _random.Next(1, 6);
        List<ThreadEntry> threads = [];
        for (int i = 0, tid = Maybe() ? tgid : tgid + 1; i < threadCount; i++, tid += _random.Next(1, 9))
        {
            threads.Add(NextThread(tid, Maybe() ? null : credentials[_random.Next(credentials.Length)]));
        }

        return new ProcessEntry
        {
            Tgid = tgid,
            Ppid = ppid,
            Pgid = NextInt32(),
            Sid = NextInt32(),
            TtyNr = NextInt32(),
            TpGid = NextInt32(),
            ExitSignal = NextInt32(),
            ExitCode = NextInt32(),
            ThreadCount = _random.Next(1, 100),
            Cmdline = MaybeBytes(300),
            Environ = MaybeBytes(70000),
            Exe = MaybeBytes(40),
            ExeDeleted = Maybe(),
            Cwd = MaybeBytes(40),
            Root = MaybeBytes(4),
            Umask = Maybe() ? null : (uint)_random.Next(512),
            Namespaces = Maybe() ? null : new(NextUInt64(), NextUInt64(), NextUInt64(), NextUInt64(), NextUInt64(), 0, NextUInt64(), 1),
            Counters = NextCounters(),
            Memory = Maybe() ? null : SampleTrees.Memory(NextUInt64() / 3) with { VmSwap = NextUInt64() },
            Layout = Maybe() ? null : new(NextUInt64(), NextUInt64(), NextUInt64(), 0, NextUInt64(), 1, NextUInt64(), 2, 3, NextUInt64()),
            Space = NextSpace(spaces),
            SpaceChanged = Maybe(),
            Threads = threads,
        };
    }

    private ThreadEntry NextThread(int tid, Credentials? credentials) => new()
    {
        Tid = tid,
        Comm = NextBytes(63),
        State = (TaskState)_random.Next(9),
        StartTimeTicks = NextUInt64(),
        Flags = (uint)NextInt32(),
        Priority = NextInt32(),
        Nice = _random.Next(-20, 20),
        RtPriority = (uint)_random.Next(100),
        Policy = (uint)_random.Next(8),
        Processor = NextInt32(),
        TracerPid = Maybe() ? 0 : _random.Next(),
        Counters = NextCounters(),
        Credentials = credentials,
        Signals = Maybe() ? null : new(NextUInt64(), NextUInt64(), NextUInt64(), NextUInt64(), NextUInt64()),
        NsPids = [.. Enumerable.Range(0, _random.Next(4)).Select(i => tid + i)],
    };

    private Credentials NextCredentials() => new()
    {
        Uid = new((uint)NextInt32(), (uint)NextInt32(), 0, (uint)NextInt32()),
        Gid = new((uint)NextInt32(), uint.MaxValue, (uint)NextInt32(), (uint)NextInt32()),
        Groups = Maybe() ? null : [.. Enumerable.Range(0, _random.Next(40)).Select(_ => (uint)NextInt32()).Order()],
        CapInheritable = NextUInt64(),
        CapPermitted = NextUInt64(),
        CapEffective = NextUInt64(),
        CapBounding = NextUInt64(),
        CapAmbient = Maybe() ? null : NextUInt64(),
        NoNewPrivs = Maybe() ? null : Maybe(),
        Seccomp = Maybe() ? null : (uint)_random.Next(3),
        SeccompFilters = Maybe() ? null : (uint)_random.Next(300),
        Label = MaybeBytes(30),
    };

    private AddressSpace? NextSpace(List<AddressSpace> spaces)
    {
        if (Maybe())
        {
            return spaces.Count == 0 || Maybe() ? null : spaces[_random.Next(spaces.Count)];
        }

        ulong address = 0;
        Vma[] vmas = new Vma[_random.Next(1, 60)];
        for (int i = 0; i < vmas.Length; i++)
        {
            ulong start = address + (Maybe() && i > 0 ? 0 : SampleTrees.PageSize * ((ulong)_random.NextInt64(1L << _random.Next(1, 36)) + 1));
            address = start + (SampleTrees.PageSize * (1 + (ulong)_random.NextInt64(1L << _random.Next(1, 36))));
            vmas[i] = new(start, address, (VmaFlags)(Maybe() ? NextUInt64() : NextUInt64() & 15), Maybe() ? 0 : NextUInt64() / SampleTrees.PageSize * SampleTrees.PageSize, NextFile(), NextPageSize());
        }

        spaces.Add(new AddressSpace(vmas, Maybe() ? null : NextStats(vmas.Length)));
        return spaces[^1];
    }

    private VmaStats[] NextStats(int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ => new VmaStats
        {
            Rss = NextKib(),
            Pss = NextKib(),
            SharedClean = NextKib(),
            SharedDirty = NextKib(),
            PrivateClean = NextKib(),
            PrivateDirty = NextKib(),
            Referenced = NextKib(),
            Anonymous = NextKib(),
            AnonHugePages = NextKib(),
            ShmemPmdMapped = NextKib(),
            FilePmdMapped = NextKib(),
            SharedHugetlb = NextKib(),
            PrivateHugetlb = NextKib(),
            Swap = NextKib(),
            SwapPss = NextKib(),
            Locked = NextKib(),
        }),
    ];

    private ulong NextKib() => NextUInt64() / 1024 * 1024;

    private uint NextPageSize() => Maybe() ? 0 : 1u << _random.Next(32);

    private int NextFile()
    {
        if (Maybe())
        {
            return Maybe() || _files.Count == 0 ? -1 : _random.Next(_files.Count);
        }

        // The inode is unique, so that no two files are equal.
        _files.Add(new((uint)NextInt32(), (uint)_random.Next(300), (ulong)_files.Count, NextBytes(50), Maybe() ? null : SampleTrees.BuildId(_random.Next(1, 21))));
        return _files.Count - 1;
    }

    private TaskCounters NextCounters() =>
        new(NextUInt64(), NextUInt64(), NextUInt64(), NextUInt64(), NextUInt64(), NextUInt64(), NextUInt64(), NextUInt64());

    private bool Maybe() => _random.Next(2) == 0;

    /// <summary>Every bit length equally likely, so that all encodings of a number occur.</summary>
    private ulong NextUInt64() => (ulong)_random.NextInt64(long.MinValue, long.MaxValue) >> _random.Next(65 - 1);

    private int NextInt32() => (int)NextUInt64() >> _random.Next(32);

    private ByteString? MaybeBytes(int longest) => Maybe() ? null : NextBytes(longest);

    private ByteString NextBytes(int longest)
    {
        byte[] bytes = new byte[_random.Next(longest + 1)];
        _random.NextBytes(bytes);
        if (Maybe())
        {
            // Half of the strings are ASCII, as real ones are.
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)(0x20 + (bytes[i] % 0x5f));
            }
        }

        return new ByteString(bytes);
    }
}
