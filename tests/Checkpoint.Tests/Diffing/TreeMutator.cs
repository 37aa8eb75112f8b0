using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Checkpoint.Model;

namespace Checkpoint.Tests.Diffing;

/// <summary>Makes of a tree what it might be later: processes and threads come, go and change in any field, VMAs in any way.</summary>
internal sealed class TreeMutator(int seed)
{
    private const uint Page = SampleTrees.PageSize;

    private readonly Random _random = new(seed);
    private readonly List<MappedFile> _files = [];

    /// <summary>A random tree of which all VMA flags and page sizes are known and nothing is missing, so that all of it is compared.</summary>
    internal static ProcessTree Known(int seed, int processes)
    {
        ProcessTree tree = SampleTrees.Random(seed, processes);
        return tree with
        {
            Gaps = [],
            Capture = tree.Capture with { WithEnviron = true, BootId = SampleTrees.Capture(1).BootId },
            Files = [.. tree.Files.Select(file => file.Inode == 0 ? new MappedFile(0, 0, 0, SampleTrees.Bytes("[heap]")) : file with { BuildId = file.BuildId ?? SampleTrees.BuildId(3) })],
            Processes = [.. tree.Processes.Select(process => process with { Space = process.Space is { } space ? Known(space) : null })],
        };
    }

    /// <summary>The tree, later.</summary>
    internal ProcessTree Later(ProcessTree tree)
    {
        ProcessTree donor = Known(_random.Next(), Math.Max(2, tree.Processes.Count / 4));
        _files.AddRange(tree.Files);
        List<ProcessEntry> processes = [];
        foreach (ProcessEntry process in tree.Processes)
        {
            switch (_random.Next(10))
            {
                case 0:
                    break;
                case 1:
                    processes.Add(process with { Threads = [.. process.Threads.Select(t => t with { StartTimeTicks = t.StartTimeTicks + 1 })] });
                    break;
                case < 4:
                    processes.Add(process);
                    break;
                default:
                    processes.Add(Change(process, donor.Processes[_random.Next(donor.Processes.Count)]));
                    break;
            }
        }

        int tgid = processes.Count == 0 ? 1 : processes[^1].Tgid;
        foreach (ProcessEntry process in donor.Processes)
        {
            tgid += process.Threads.Count + 70;
            int next = tgid;
            processes.Add(process with { Tgid = tgid, Space = null, Threads = [.. process.Threads.Select(t => t with { Tid = next++ })] });
        }

        return tree with { Processes = processes, Files = _files };
    }

    /// <summary>The same tree, its lists in another order and its files numbered anew.</summary>
    internal ProcessTree Shuffled(ProcessTree tree)
    {
        int[] order = [.. Enumerable.Range(0, tree.Files.Count)];
        _random.Shuffle(order);
        int[] numbers = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            numbers[order[i]] = i;
        }

        ProcessEntry[] processes =
        [
            .. tree.Processes.Select(process => process with
            {
                Space = process.Space is { } space ? new AddressSpace([.. space.Vmas.ToArray().Select(v => v with { File = v.File < 0 ? -1 : numbers[v.File] })]) : null,
                Threads = process.Threads.Any(t => t.Tid == process.Tgid) ? [.. process.Threads.OrderBy(_ => _random.Next())] : process.Threads,
            }),
        ];
        _random.Shuffle(processes);
        return tree with { Processes = processes, Files = [.. order.Select(i => tree.Files[i])] };
    }

    private static AddressSpace Known(AddressSpace space) =>
        new([.. space.Vmas.ToArray().Select(v => v with { Flags = (v.Flags | VmaFlags.AllKnown) & ~VmaFlags.SoftDirty, PageSize = v.PageSize == 0 ? Page : v.PageSize })]);

    private bool OneIn(int count) => _random.Next(count) == 0;

    private ProcessEntry Change(ProcessEntry process, ProcessEntry donor)
    {
        ProcessEntry changed = Mixed(process, donor, "Tgid", "Threads", "Space");
        List<ThreadEntry> threads = [];
        foreach (ThreadEntry thread in process.Threads)
        {
            if (threads.Count == 0 || !OneIn(5))
            {
                threads.Add(OneIn(2) ? thread : Mixed(thread, donor.Threads[_random.Next(donor.Threads.Count)], "Tid", "StartTimeTicks"));
            }
        }

        if (OneIn(3))
        {
            threads.Add(donor.Threads[0] with { Tid = threads[^1].Tid + 1 });
        }

        return changed with { Threads = threads, Space = OneIn(12) ? null : OneIn(3) ? process.Space : Change(process.Space) };
    }

    /// <summary>A copy with some properties of another one's, whatever properties there are.</summary>
    private T Mixed<T>(T entry, T donor, params string[] kept)
        where T : class
    {
        T copy = (T)typeof(T).GetMethod("<Clone>$")!.Invoke(entry, null)!;
        foreach (PropertyInfo property in typeof(T).GetProperties().Where(p => p.CanWrite && !kept.Contains(p.Name)))
        {
            if (OneIn(4))
            {
                property.SetValue(copy, property.GetValue(donor));
            }
        }

        return copy;
    }

    private AddressSpace Change(AddressSpace? space)
    {
        List<Vma> vmas = [];
        foreach (Vma vma in space is null ? [] : space.Vmas.ToArray())
        {
            ulong free = vmas.Count == 0 ? 0 : vmas[^1].End;
            foreach (Vma next in OneIn(3) ? Change(vma, free) : [vma])
            {
                if (next.Start >= (vmas.Count == 0 ? 0 : vmas[^1].End) && next.End > next.Start)
                {
                    vmas.Add(next);
                }
            }
        }

        ulong top = vmas.Count == 0 ? Page : vmas[^1].End + Page;
        vmas.AddRange(OneIn(2) ? [] : [new Vma(top, top + (Page * 5), VmaFlags.AllKnown | VmaFlags.Read, 0, -1, Page)]);
        return new AddressSpace([.. vmas]);
    }

    private Vma[] Change(Vma vma, ulong free)
    {
        ulong pages = (vma.End - vma.Start) / Page;
        ulong cut = vma.Start + ((ulong)_random.NextInt64((long)pages) * Page);
        ulong into = vma.File >= 0 && _files[vma.File].Inode != 0 ? cut - vma.Start : 0;
        return _random.Next(11) switch
        {
            0 => [],
            1 => [vma with { End = vma.End + Page }],
            2 => [vma with { End = Math.Max(cut, vma.Start + Page) }],
            3 => [vma with { Start = Math.Max(free, vma.Start - Math.Min(vma.Start, Page)) }],
            4 => [vma with { Flags = vma.Flags ^ VmaFlags.Write ^ VmaFlags.Exec }],
            5 => [vma with { End = cut }, vma with { Start = cut, Offset = vma.Offset + into, Flags = vma.Flags ^ VmaFlags.Exec }],
            6 => [vma with { End = cut }, vma with { Start = cut, Offset = vma.Offset + into }],
            7 => [vma with { File = Successor(vma.File) }],
            8 => [vma with { Start = vma.Start + (2 * Page), End = vma.End + (2 * Page) }],
            9 => [vma with { Offset = vma.Offset + Page }],
            _ => [vma with { Flags = vma.Flags ^ VmaFlags.Locked, PageSize = vma.PageSize == Page ? 2 << 20 : Page }],
        };
    }

    /// <summary>The file after something happened to it.</summary>
    private int Successor(int index)
    {
        if (index < 0 || _files[index].Inode == 0)
        {
            return index < 0 ? _files.Count - 1 : -1;
        }

        MappedFile file = _files[index];
        _files.Add(_random.Next(4) switch
        {
            0 => file with { Name = SampleTrees.Bytes("/renamed/" + _files.Count) },
            1 => file with { Name = new ByteString([.. file.Name.Span, .. " (deleted)"u8]) },
            2 => file with { Inode = 1_000_000 + (ulong)_files.Count },
            _ => file with { BuildId = SampleTrees.BuildId(1 + (_files.Count % 19)) },
        });
        return _files.Count - 1;
    }
}
