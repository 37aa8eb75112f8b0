using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>One of the two trees, with what is looked up in it often.</summary>
internal sealed class DiffSide
{
    private readonly Dictionary<(int Tgid, int Tid), uint> _missing = [];
    private readonly Dictionary<AddressSpace, Dictionary<ByteString, int>> _executed = [];

    /// <summary>By file, the number of the list in which it was seen last: names may be long, and a list may map a file a million times.</summary>
    private readonly int[] _lastList;

    private int _lists;

    /// <summary>Takes a tree.</summary>
    /// <param name="tree">The tree.</param>
    public DiffSide(ProcessTree tree)
    {
        Tree = tree;
        _lastList = new int[tree.Files.Count];
        foreach (Gap gap in tree.Gaps)
        {
            _missing[(gap.Tgid, gap.Tid)] = _missing.GetValueOrDefault((gap.Tgid, gap.Tid)) | Bit(gap.Part);
        }

        ByTgid = new Dictionary<int, ProcessEntry>(tree.Processes.Count, IdHash.Comparer);
        foreach (ProcessEntry process in tree.Processes)
        {
            ByTgid.TryAdd(process.Tgid, process);
        }
    }

    /// <summary>The tree.</summary>
    public ProcessTree Tree { get; }

    /// <summary>Its processes; the first of a number, should an image have two.</summary>
    public Dictionary<int, ProcessEntry> ByTgid { get; }

    /// <summary>The bit of a part in a set of parts.</summary>
    public static uint Bit(CapturePart part) => (uint)part < 32 ? 1U << (int)part : 0;

    /// <summary>The parts of a task that could not be captured.</summary>
    public uint Missing(int tgid, int tid) => _missing.Count == 0 ? 0 : _missing.GetValueOrDefault((tgid, tid));

    /// <summary>The file that a process executes, if its VMAs show it.</summary>
    public MappedFile? Executable(ProcessEntry process)
    {
        if (process.Space is not { } space || process.Exe is not { } exe)
        {
            return null;
        }

        // Processes that were forked share their list.
        if (!_executed.TryGetValue(space, out Dictionary<ByteString, int>? files))
        {
            _executed.Add(space, files = Executed(space));
        }

        return files.TryGetValue(exe, out int file) ? Tree.Files[file] : null;
    }

    /// <summary>What a VMA maps; the default value for anonymous memory, and for an index outside the table.</summary>
    public MappedFile File(in Vma vma) => (uint)vma.File < (uint)Tree.Files.Count ? Tree.Files[vma.File] : default;

    /// <summary>The first file of each path that a list maps executable.</summary>
    private Dictionary<ByteString, int> Executed(AddressSpace space)
    {
        Dictionary<ByteString, int> files = [];
        _lists++;
        int last = -1;
        foreach (ref readonly Vma vma in space.Vmas)
        {
            if ((vma.Flags & VmaFlags.Exec) != 0 && vma.File != last && File(vma) is { Inode: not 0 } file)
            {
                last = vma.File;
                if (_lastList[last] == _lists)
                {
                    continue;
                }

                _lastList[last] = _lists;
                files.TryAdd(file.LooksDeleted ? new ByteString(VmaKinds.Path(file)) : file.Name, last);
            }
        }

        return files;
    }
}
