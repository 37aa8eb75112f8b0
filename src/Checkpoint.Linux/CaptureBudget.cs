using System;
using System.Collections.Generic;
using System.Threading;
using Checkpoint.Model;

namespace Checkpoint.Linux;

/// <summary>
/// Bounds what a capture takes in memory and in an image, so that no process of the tree can make it fail or push out what
/// there is of others. Texts are cut to a length that falls as they become too many: who has less than that keeps all. Of
/// VMA lists the longest are left out. Gaps with E2BIG say of what. Used by all cores.
/// </summary>
/// <param name="texts">Bytes of all command lines and environments.</param>
/// <param name="vmas">VMAs of all processes; each counts four times when it has statistics.</param>
/// <param name="groups">Supplementary groups of all credentials.</param>
internal sealed class CaptureBudget(long texts = 80 << 20, long vmas = 5_500_000, long groups = 2 << 20)
{
    // With these, names of 96 MiB and paths of 32 MiB, no section passes 256 MiB: a VMA takes up to 46 bytes, or 190 with statistics.
    private const int StatsWeight = 4;

    private readonly Lock _lock = new();
    private readonly HashSet<ProcessVisit> _held = [];
    private readonly PriorityQueue<ProcessVisit, (int Weight, int Tgid)> _longest = new(
        Comparer<(int Weight, int Tgid)>.Create(static (a, b) => b.CompareTo(a)));

    private long _textBytes;
    private long _vmaWeight;
    private long _groupCount;
    private volatile int _textLevel = Math.Max(CaptureLimits.CommandLineBytes, CaptureLimits.EnvironBytes);

    /// <summary>Names of what VMAs map.</summary>
    internal NameBudget FileNames { get; init; } = new(96 << 20);

    /// <summary>Executables, working and root directories.</summary>
    internal NameBudget Paths { get; init; } = new(32 << 20);

    /// <summary>How many processes one pass may find; null: by what runs on the machine.</summary>
    internal int? MostPerPass { get; init; }

    /// <summary>The process whose VMA list is left out last.</summary>
    internal int RootTgid { get; set; }

    /// <summary>Bytes of a text that are kept at present.</summary>
    internal int TextLevel => _textLevel;

    /// <summary>Whether so many supplementary groups of one more set of credentials may be kept; large sets have half of the room.</summary>
    internal bool AllowsGroups(int count)
    {
        const int Few = 64;
        if (Interlocked.Read(ref _groupCount) >= (count > Few ? groups / 2 : groups))
        {
            return false;
        }

        Interlocked.Add(ref _groupCount, count);
        return true;
    }

    /// <summary>Keeps what was captured of a process, and cuts where it has become too much.</summary>
    internal void Hold(ProcessVisit visit)
    {
        lock (_lock)
        {
            _held.Add(visit);
            _textBytes += CutTexts(visit, _textLevel);
            while (_textBytes > texts)
            {
                _textLevel /= 2;
                _textBytes = 0;
                foreach (ProcessVisit held in _held)
                {
                    _textBytes += CutTexts(held, _textLevel);
                }
            }

            if (Weight(visit) is int weight and > 0)
            {
                _vmaWeight += weight;
                _longest.Enqueue(visit, (visit.Tgid == RootTgid ? 0 : weight, visit.Tgid));
            }

            while (_vmaWeight > vmas)
            {
                ProcessVisit longest = _longest.Dequeue();
                _vmaWeight -= Weight(longest);
                longest.Vmas = null;
                longest.Stats = null;
                longest.Entry = longest.Entry! with { Space = null, SpaceChanged = false };
                longest.Cuts.Add(CapturePart.Maps);
            }
        }
    }

    /// <summary>Forgets a process that was captured again.</summary>
    internal void Release(ProcessVisit visit)
    {
        lock (_lock)
        {
            if (_held.Remove(visit))
            {
                _textBytes -= CutTexts(visit, int.MaxValue);
                _vmaWeight -= Weight(visit);
                visit.Vmas = null; // weighs nothing any more, should its turn come to be left out
            }
        }
    }

    private static int Weight(ProcessVisit visit) => visit.Vmas is not Vma[] list ? 0 : visit.Stats is null ? list.Length : list.Length * StatsWeight;

    /// <summary>Cuts a process's texts.</summary>
    /// <returns>Bytes that are left.</returns>
    private static long CutTexts(ProcessVisit visit, int level)
    {
        ProcessEntry entry = visit.Entry!;
        if (entry.Cmdline is ByteString cmdline && cmdline.Length > level)
        {
            visit.Entry = entry = entry with { Cmdline = new ByteString(cmdline.Span[..level]) };
            visit.Cuts.Add(CapturePart.Cmdline);
        }

        if (entry.Environ is ByteString environ && environ.Length > level)
        {
            visit.Entry = entry = entry with { Environ = new ByteString(environ.Span[..level]) };
            visit.Cuts.Add(CapturePart.Environ);
        }

        return (entry.Cmdline?.Length ?? 0) + (entry.Environ?.Length ?? 0);
    }
}
