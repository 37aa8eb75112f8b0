using System;
using System.Collections.Generic;
using System.Globalization;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Cli.Rendering;

/// <summary>The columns of <c>ckpt tasks</c>. All but the last two hold no blanks, so that a script can split the lines at those.</summary>
internal static class TasksColumns
{
    /// <summary>What a cell shows when the answer does not tell.</summary>
    private const string Unknown = "-";

    private static readonly Column[] Identity =
    [
        new("PID", 7, static task => Number(task.Tid)),
        new("TGID", 7, static task => Number(task.Tgid)),
        new("PPID", 7, static task => Number(task.Base?.Ppid)),
        new("PGID", 7, static task => Number(task.Base?.Pgid)),
        new("SID", 7, static task => Number(task.Base?.Sid)),
        new("TRACER", 7, static task => Number(task.TracerPid)),
        new("S", 1, static task => task.Base is { } known ? KernelNames.StateLetter(known.State) : Unknown),
    ];

    private static readonly Column[] Cred =
    [
        new("UID", 5, static task => Number(task.Cred?.Uid.Real)),
        new("EUID", 5, static task => Number(task.Cred?.Uid.Effective)),
        new("SUID", 5, static task => Number(task.Cred?.Uid.Saved)),
        new("FSUID", 5, static task => Number(task.Cred?.Uid.FileSystem)),
        new("GID", 5, static task => Number(task.Cred?.Gid.Real)),
        new("EGID", 5, static task => Number(task.Cred?.Gid.Effective)),
        new("SGID", 5, static task => Number(task.Cred?.Gid.Saved)),
        new("FSGID", 5, static task => Number(task.Cred?.Gid.FileSystem)),
        new("CAPINH", 16, static task => Set(task.Cred?.CapInheritable)),
        new("CAPPRM", 16, static task => Set(task.Cred?.CapPermitted)),
        new("CAPEFF", 16, static task => Set(task.Cred?.CapEffective)),
        new("CAPBND", 16, static task => Set(task.Cred?.CapBounding)),
    ];

    private static readonly Column[] Stat =
    [
        new("THREADS", 7, static task => Number(task.Stat?.Threads)),
        new("MINFLT", 8, static task => Number(task.Stat?.Counters.MinFlt)),
        new("CMINFLT", 8, static task => Number(task.Stat?.Counters.CMinFlt)),
        new("MAJFLT", 7, static task => Number(task.Stat?.Counters.MajFlt)),
        new("CMAJFLT", 7, static task => Number(task.Stat?.Counters.CMajFlt)),
        new("UTIME", 7, static task => Number(task.Stat?.Counters.UTimeTicks)),
        new("STIME", 7, static task => Number(task.Stat?.Counters.STimeTicks)),
        new("CUTIME", 7, static task => Number(task.Stat?.Counters.CUTimeTicks)),
        new("CSTIME", 7, static task => Number(task.Stat?.Counters.CSTimeTicks)),
    ];

    private static readonly Column[] Statm =
    [
        new("VMSIZE", 8, static task => Number(task.Statm?.TotalVm)),
        new("RSS", 7, static task => Number(task.Statm?.TotalRss)),
        new("ANON", 7, static task => Number(task.Statm?.Anon)),
        new("FILE", 7, static task => Number(task.Statm?.File)),
        new("SHMEM", 7, static task => Number(task.Statm?.Shmem)),
        new("TEXT", 7, static task => Number(task.Statm?.Text)),
        new("DATA", 7, static task => Number(task.Statm?.DataVm)),
        new("STACK", 7, static task => Number(task.Statm?.StackVm)),
        new("SWAP", 7, static task => Number(task.Statm?.Swap)),
    ];

    private static readonly Column Comm = new("COMM", -15, static task =>
    {
        if (task.Base is not { } known)
        {
            return Unknown;
        }

        TaskComm comm = known.Comm;
        return ByteEscape.Printable(comm.Span);
    });

    private static readonly Column Cmdline = new("CMDLINE", -1, static task =>
        task.Cmdline.IsEmpty ? Unknown : ProcessText.Arguments(task.Cmdline) + (task.CmdlineCut ? " ..." : ""));

    /// <summary>The columns for what is shown.</summary>
    /// <param name="shown">Which attributes.</param>
    /// <returns>From left to right.</returns>
    internal static List<Column> For(TaskDiagShow shown)
    {
        List<Column> columns = [.. Identity];
        if ((shown & TaskDiagShow.Cred) != 0)
        {
            columns.AddRange(Cred);
        }

        if ((shown & TaskDiagShow.Stat) != 0)
        {
            columns.AddRange(Stat);
        }

        if ((shown & TaskDiagShow.Statm) != 0)
        {
            columns.AddRange(Statm);
        }

        columns.Add(Comm);
        if ((shown & TaskDiagShow.Cmdline) != 0)
        {
            columns.Add(Cmdline);
        }

        return columns;
    }

    private static string Number(ulong? value) => value is { } known ? ProcessText.Number(known) : Unknown;

    private static string Set(ulong? value) =>
        value is { } known ? known.ToString("x16", CultureInfo.InvariantCulture) : Unknown;

    /// <summary>One column.</summary>
    /// <param name="Heading">Its heading.</param>
    /// <param name="Width">Columns it takes at least; negative: aligned to the left. Rows are written at once, so it does not grow.</param>
    /// <param name="Cell">The printable text of its cell.</param>
    internal readonly record struct Column(string Heading, int Width, Func<TasksRecord, string> Cell);
}
