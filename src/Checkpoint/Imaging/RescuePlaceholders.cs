using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>What stands in a salvaged image for what a lost section held and others refer to (<c>images/README.md</c> lists them).</summary>
internal static class RescuePlaceholders
{
    /// <summary>For section <c>capture</c>.</summary>
    public static CaptureInfo Capture { get; } = new()
    {
        ToolVersion = "",
        Host = default,
        KernelRelease = default,
        KernelVersion = default,
        Machine = default,
        BootId = default,
        PageSize = 4096,
        ClockTicks = 100,
        TimeUnixNs = 0,
        BootTimeNs = 0,
        DurationNs = 0,
        Uid = 0,
        RootTgid = 0,
        Transport = "",
        WithChildren = true,
        WithEnviron = true,
        Passes = 0,
        Stable = false,
    };

    /// <summary>For section <c>strings</c>: as many empty ones as can be referred to. Made once: what nobody touches costs no memory.</summary>
    public static ByteString[] Strings => Empty.Strings;

    /// <summary>For section <c>spaces</c>: no lists.</summary>
    public static AddressSpace[] Spaces => Empty.Spaces;

    /// <summary>For section <c>credentials</c>: none that could be read.</summary>
    public static Credentials[] Credentials => Empty.Credentials;

    /// <summary>For section <c>files</c>: one without a name.</summary>
    public static MappedFile[] Files { get; } = [default];

    /// <summary>Makes every VMA of a file refer to the one of <see cref="Files"/>.</summary>
    /// <param name="spaces">The lists; replaced.</param>
    public static void ForgetFiles(AddressSpace[] spaces)
    {
        for (int i = 0; i < spaces.Length; i++)
        {
            Vma[] vmas = spaces[i].Vmas.ToArray();
            foreach (ref Vma vma in vmas.AsSpan())
            {
                vma = vma with { File = Math.Min(vma.File, 0) };
            }

            spaces[i] = new AddressSpace(vmas, spaces[i].Stats.IsEmpty ? null : spaces[i].Stats.ToArray());
        }
    }

    /// <summary>For section <c>processes</c>: a row for each process that has threads, with nothing but its number.</summary>
    /// <param name="section">Section <c>threads</c>.</param>
    /// <returns>The processes, and the list of each one's threads, empty as yet.</returns>
    public static (ProcessEntry[] Processes, List<ThreadEntry>[] Threads) Processes(SectionMap section)
    {
        TableReader table = new(section, section.Limits.Threads);
        ColumnReader tgid = table.Column("tgid");
        List<ProcessEntry> processes = [];
        List<List<ThreadEntry>> threads = [];
        for (int i = 0; i < table.Count; i++)
        {
            int id = tgid.Int32();
            if (processes.Count == 0 || processes[^1].Tgid != id)
            {
                if (id < 1 || (processes.Count > 0 && id < processes[^1].Tgid))
                {
                    throw tgid.Error($"tgid {id} is not in ascending order");
                }

                threads.Add(new List<ThreadEntry>(1));
                processes.Add(new ProcessEntry { Tgid = id, Ppid = 0, Pgid = 0, Sid = 0, Threads = threads[^1] });
            }
        }

        return ([.. processes], [.. threads]);
    }

    /// <summary>For section <c>threads</c>: each process's leader, dead and without a name.</summary>
    /// <param name="processes">The processes.</param>
    /// <param name="threads">The list of each one's threads; filled.</param>
    public static void AddThreads(ProcessEntry[] processes, List<ThreadEntry>[] threads)
    {
        for (int i = 0; i < processes.Length; i++)
        {
            threads[i].Add(new ThreadEntry { Tid = processes[i].Tgid, Comm = default, State = TaskState.Dead, StartTimeTicks = 0 });
        }
    }

    /// <summary>Apart, so that only a damaged image makes them.</summary>
    private static class Empty
    {
        public static readonly ByteString[] Strings = new ByteString[ImageLimits.Default.Strings];

        public static readonly AddressSpace[] Spaces = new AddressSpace[ImageLimits.Default.Processes];

        public static readonly Credentials[] Credentials = new Credentials[ImageLimits.Default.Credentials];
    }
}
