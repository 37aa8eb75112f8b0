using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Section <c>processes</c>: what the threads of a process share.</summary>
internal static class ProcessesSection
{
    /// <summary>The section's name.</summary>
    public const string Name = "processes";

    /// <summary>Columns of <see cref="Namespaces"/>.</summary>
    private static readonly string[] NamespaceColumns = ["ns_cgroup", "ns_ipc", "ns_mnt", "ns_net", "ns_pid", "ns_time", "ns_user", "ns_uts"];

    /// <summary>Columns of <see cref="MemoryCounters"/>.</summary>
    private static readonly string[] MemoryColumns =
    [
        "vm_peak", "vm_size", "vm_lck", "vm_pin", "vm_hwm", "vm_rss", "rss_anon", "rss_file", "rss_shmem",
        "vm_data", "vm_stk", "vm_exe", "vm_lib", "vm_pte", "vm_swap",
    ];

    /// <summary>Columns of <see cref="MemoryLayout"/>.</summary>
    private static readonly string[] LayoutColumns =
    [
        "start_code", "end_code", "start_stack", "start_data", "end_data", "start_brk", "arg_start", "arg_end", "env_start", "env_end",
    ];

    /// <summary>Writes the section.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="columns">Room for the columns.</param>
    /// <param name="strings">The strings.</param>
    /// <param name="rows">The rows by ascending tgid, with the number of their VMA list.</param>
    /// <param name="limits">The caps.</param>
    public static void Write(
        ByteBuffer output, ByteBuffer columns, StringTable strings, (ProcessEntry Process, int? Space)[] rows, ImageLimits limits)
    {
        TableWriter<(ProcessEntry Process, int? Space)> table = new(rows, columns);
        table.Signed("tgid", r => r.Process.Tgid)
            .Signed("ppid", r => r.Process.Ppid)
            .Signed("pgid", r => r.Process.Pgid)
            .Signed("sid", r => r.Process.Sid)
            .Signed("tty_nr", r => r.Process.TtyNr)
            .Signed("tpgid", r => r.Process.TpGid)
            .Signed("exit_signal", r => r.Process.ExitSignal)
            .Signed("exit_code", r => r.Process.ExitCode)
            .Signed("thread_count", r => r.Process.ThreadCount)
            .Text("cmdline", strings, limits.MaxCommandLineBytes, r => r.Process.Cmdline)
            .Text("environ", strings, limits.MaxEnvironBytes, r => r.Process.Environ)
            .Text("exe", strings, limits.MaxPathBytes, r => r.Process.Exe)
            .Boolean("exe_deleted", r => r.Process.ExeDeleted)
            .Text("cwd", strings, limits.MaxPathBytes, r => r.Process.Cwd)
            .Text("root", strings, limits.MaxPathBytes, r => r.Process.Root)
            .Unsigned("umask", r => r.Process.Umask)
            .Signed("space", r => r.Space)
            .Boolean("space_changed", r => r.Process.SpaceChanged ? true : null);
        AddGroup(table, NamespaceColumns, (r, into) => Split(r.Process.Namespaces, into));
        CountersColumns.Write(table, r => r.Process.Counters);
        AddGroup(table, MemoryColumns, (r, into) => Split(r.Process.Memory, into));
        AddGroup(table, LayoutColumns, (r, into) => Split(r.Process.Layout, into));
        table.End(Name, output);
    }

    /// <summary>Reads the section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="strings">The strings.</param>
    /// <param name="spaces">The VMA lists; null when they are not read, and empty ones stand for them.</param>
    /// <param name="threads">Takes the list of each process's threads, empty as yet.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ImageFormatException">It is not valid.</exception>
    public static ProcessEntry[] Read(SectionMap section, ByteString[] strings, AddressSpace[]? spaces, out List<ThreadEntry>[] threads)
    {
        ImageLimits limits = section.Limits;
        TableReader table = new(section, limits.Processes);
        ColumnReader tgid = table.Column("tgid");
        ColumnReader ppid = table.Column("ppid");
        ColumnReader pgid = table.Column("pgid");
        ColumnReader sid = table.Column("sid");
        ColumnReader ttyNr = table.Column("tty_nr");
        ColumnReader tpGid = table.Column("tpgid");
        ColumnReader exitSignal = table.Column("exit_signal");
        ColumnReader exitCode = table.Column("exit_code");
        ColumnReader threadCount = table.Column("thread_count");
        ColumnReader cmdline = table.Column("cmdline");
        ColumnReader environ = table.Column("environ");
        ColumnReader exe = table.Column("exe");
        ColumnReader exeDeleted = table.Column("exe_deleted");
        ColumnReader cwd = table.Column("cwd");
        ColumnReader root = table.Column("root");
        ColumnReader umask = table.Column("umask");
        ColumnReader space = table.Column("space");
        ColumnReader spaceChanged = table.Column("space_changed");
        ColumnGroup namespaces = table.Group(NamespaceColumns);
        ColumnReader[] counters = CountersColumns.Find(table);
        ColumnGroup memory = table.Group(MemoryColumns);
        ColumnGroup layout = table.Group(LayoutColumns);

        ProcessEntry[] rows = new ProcessEntry[table.Count];
        threads = new List<ThreadEntry>[table.Count];
        Span<ulong> values = stackalloc ulong[MemoryColumns.Length];
        Dictionary<int, AddressSpace> standIns = new(IdHash.Comparer);
        int previous = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            threads[i] = new List<ThreadEntry>(1);
            rows[i] = new ProcessEntry
            {
                Tgid = previous = tgid.Int32() is int id && id > previous ? id : throw tgid.Error($"a tgid is not above {previous}, the one before it"),
                Ppid = ppid.Int32(),
                Pgid = pgid.Int32(),
                Sid = sid.Int32(),
                TtyNr = ttyNr.Int32(),
                TpGid = tpGid.Int32(),
                ExitSignal = exitSignal.Int32(),
                ExitCode = exitCode.Int32(),
                ThreadCount = threadCount.Int32(),
                Cmdline = cmdline.TextOrNull(strings, limits.MaxCommandLineBytes),
                Environ = environ.TextOrNull(strings, limits.MaxEnvironBytes),
                Exe = exe.TextOrNull(strings, limits.MaxPathBytes),
                ExeDeleted = exeDeleted.Boolean(),
                Cwd = cwd.TextOrNull(strings, limits.MaxPathBytes),
                Root = root.TextOrNull(strings, limits.MaxPathBytes),
                Umask = umask.UInt32OrNull(),
                Space = space.TryReadNil() ? null : Space(space, spaces, standIns),
                SpaceChanged = !spaceChanged.TryReadNil() && spaceChanged.Boolean(),
                Namespaces = namespaces.TryRead(values) ? JoinNamespaces(values) : null,
                Counters = CountersColumns.Read(counters),
                Memory = memory.TryRead(values) ? JoinMemory(values) : null,
                Layout = layout.TryRead(values) ? JoinLayout(values) : null,
                Threads = threads[i],
            };
        }

        return rows;
    }

    private static AddressSpace Space(ColumnReader column, AddressSpace[]? spaces, Dictionary<int, AddressSpace> standIns)
    {
        if (spaces is not null)
        {
            return spaces[column.Index(spaces.Length, "VMA list")];
        }

        int index = column.Index(int.MaxValue, "VMA list");
        if (!standIns.TryGetValue(index, out AddressSpace? space))
        {
            space = new AddressSpace([]);
            standIns.Add(index, space);
        }

        return space;
    }

    private static void AddGroup<T>(TableWriter<T> table, string[] names, Func<T, ulong[], bool> split)
    {
        ulong[] values = new ulong[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            int column = i;
            table.Unsigned(names[i], row => split(row, values) ? values[column] : null);
        }
    }

    private static bool Split(Namespaces? value, ulong[] into)
    {
        if (value is Namespaces n)
        {
            ReadOnlySpan<ulong> values = [n.Cgroup, n.Ipc, n.Mnt, n.Net, n.Pid, n.Time, n.User, n.Uts];
            values.CopyTo(into);
        }

        return value.HasValue;
    }

    private static Namespaces JoinNamespaces(ReadOnlySpan<ulong> v) => new(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]);

    private static bool Split(MemoryCounters? value, ulong[] into)
    {
        if (value is MemoryCounters m)
        {
            ReadOnlySpan<ulong> values =
            [
                m.VmPeak, m.VmSize, m.VmLck, m.VmPin, m.VmHwm, m.VmRss, m.RssAnon, m.RssFile, m.RssShmem,
                m.VmData, m.VmStk, m.VmExe, m.VmLib, m.VmPte, m.VmSwap,
            ];
            values.CopyTo(into);
        }

        return value is not null;
    }

    private static MemoryCounters JoinMemory(ReadOnlySpan<ulong> v) => new()
    {
        VmPeak = v[0],
        VmSize = v[1],
        VmLck = v[2],
        VmPin = v[3],
        VmHwm = v[4],
        VmRss = v[5],
        RssAnon = v[6],
        RssFile = v[7],
        RssShmem = v[8],
        VmData = v[9],
        VmStk = v[10],
        VmExe = v[11],
        VmLib = v[12],
        VmPte = v[13],
        VmSwap = v[14],
    };

    private static bool Split(MemoryLayout? value, ulong[] into)
    {
        if (value is MemoryLayout l)
        {
            ReadOnlySpan<ulong> values =
            [
                l.StartCode, l.EndCode, l.StartStack, l.StartData, l.EndData, l.StartBrk, l.ArgStart, l.ArgEnd, l.EnvStart, l.EnvEnd,
            ];
            values.CopyTo(into);
        }

        return value.HasValue;
    }

    private static MemoryLayout JoinLayout(ReadOnlySpan<ulong> v) => new(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9]);
}
