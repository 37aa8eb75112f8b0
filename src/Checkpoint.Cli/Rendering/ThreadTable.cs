using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>One line for each thread.</summary>
internal static class ThreadTable
{
    /// <summary>Writes the table.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="tree">The image.</param>
    internal static void Write(TextReport report, ProcessTree tree)
    {
        new TextTable(
            ">PID", ">TID", "USER", "S", "START", ">CPU", ">PRI", ">NI", "POLICY", ">RTPRIO", ">CPUID", ">MINFLT", ">MAJFLT",
            ">TRACER", "COMM").Write(report, Rows(tree));
    }

    private static IEnumerable<TextTable.Cell[]> Rows(ProcessTree tree)
    {
        CaptureInfo capture = tree.Capture;
        Dictionary<uint, string> users = ProcessText.UserNames(tree);
        foreach (ProcessEntry process in tree.Processes)
        {
            foreach (ThreadEntry thread in process.Threads)
            {
                yield return
                [
                    ProcessText.Number(process.Tgid),
                    ProcessText.Number(thread.Tid),
                    ProcessText.User(thread, users),
                    KernelNames.StateLetter(thread.State),
                    Quantity.StartTime(capture, thread.StartTimeTicks),
                    Quantity.CpuTime(capture, thread.Counters.UTimeTicks + thread.Counters.STimeTicks),
                    ProcessText.Number(thread.Priority),
                    ProcessText.Number(thread.Nice),
                    KernelNames.Policy(thread.Policy),
                    ProcessText.Number(thread.RtPriority),
                    ProcessText.Number(thread.Processor),
                    ProcessText.Number(thread.Counters.MinFlt),
                    ProcessText.Number(thread.Counters.MajFlt),
                    thread.TracerPid == 0 ? "-" : ProcessText.Number(thread.TracerPid),
                    thread.Comm.ToString(),
                ];
            }
        }
    }
}
