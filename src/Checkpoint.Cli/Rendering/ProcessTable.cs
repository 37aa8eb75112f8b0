using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>One line for each process, with what <c>ps</c> shows.</summary>
internal static class ProcessTable
{
    /// <summary>Writes the table.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="tree">The image.</param>
    internal static void Write(TextReport report, ProcessTree tree)
    {
        new TextTable(
            ">PID", ">PPID", ">PGID", ">SID", "TTY", "USER", "S", "START", ">ELAPSED", ">CPU", ">RSS", ">VSZ", ">THR", ">NI",
            "POLICY", "COMM", "COMMAND").Write(report, Rows(tree));
    }

    private static IEnumerable<TextTable.Cell[]> Rows(ProcessTree tree)
    {
        CaptureInfo capture = tree.Capture;
        Dictionary<uint, string> users = ProcessText.UserNames(tree);
        foreach (ProcessEntry process in tree.Processes)
        {
            ThreadEntry leader = process.Leader;
            yield return
            [
                ProcessText.Number(process.Tgid),
                ProcessText.Number(process.Ppid),
                ProcessText.Number(process.Pgid),
                ProcessText.Number(process.Sid),
                TtyName.Of(process.TtyNr) ?? "-",
                ProcessText.User(leader, users),
                KernelNames.StateLetter(leader.State),
                Quantity.StartTime(capture, leader.StartTimeTicks),
                Quantity.Elapsed(capture, leader.StartTimeTicks),
                Quantity.CpuTime(capture, process.Counters.UTimeTicks + process.Counters.STimeTicks),
                process.Memory is { } memory ? Quantity.ShortBytes(memory.VmRss) : "-",
                process.Memory is { } sizes ? Quantity.ShortBytes(sizes.VmSize) : "-",
                ProcessText.Number(process.ThreadCount > 0 ? process.ThreadCount : process.Threads.Count),
                ProcessText.Number(leader.Nice),
                KernelNames.Policy(leader.Policy),
                leader.Comm.ToString(),
                new TextTable.Cell(ProcessText.Command(process), process.ExeDeleted ? TextStyle.Alert : TextStyle.Plain),
            ];
        }
    }
}
