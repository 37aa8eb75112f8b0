using System;
using System.Collections.Generic;
using System.Linq;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Linux.Transports;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Linux.Tests.Bpf;

/// <summary>An exec between two looks at a process is noticed by the kernel's own count of them.</summary>
public sealed class BpfExecTests
{
    /// <summary>For each line of input executes itself with the same arguments, or says that its arguments end one byte earlier.</summary>
    private const string Program = """
        import ctypes, os, struct, sys
        libc = ctypes.CDLL(None)
        libc.sbrk.restype = ctypes.c_void_p
        print("ready", flush=True)
        for line in sys.stdin:
            if line == "exec\n":
                os.execv(sys.executable, [sys.executable, "-c", sys.argv[1], sys.argv[1]])
            stat = [0, 0, 0, 0] + [int(field) for field in open("/proc/self/stat").read().rpartition(")")[2].split()[1:]]
            fields = [stat[26], stat[27], stat[45], stat[46], stat[47], libc.sbrk(0), stat[28], stat[48], stat[49] - 1, stat[50], stat[51]]
            layout = struct.pack("<12QIi", *fields, 0, 0, -1)
            # PR_SET_MM, PR_SET_MM_MAP
            if libc.prctl(35, 14, ctypes.c_char_p(layout), ctypes.c_ulong(len(layout)), ctypes.c_ulong(0)):
                sys.exit("PR_SET_MM_MAP")
            print("done", flush=True)
        """;

    [LinuxFact("setarch", Oracle.Python, Root = true, Bpf = true)]
    public void An_exec_that_gives_the_same_layout_is_noticed_and_a_layout_that_is_changed_is_none()
    {
        using BothPrograms both = new();
        foreach ((_, Func<TaskDiagTransport> open) in both.Transports)
        {
            using ChildProcess program = ChildProcess.Start(["setarch", "--addr-no-randomize", Oracle.Python, "-c", Program, Program]);
            using ProcessVisitor visitor = new(new TaskSource(open(), new ProcfsTaskDiag()), new CollectOptions { Pid = program.Pid }, new CaptureBudget());
            ProcessVisit visit = visitor.Visit(program.Pid, null);
            Assert.Equal([], Events(visitor.Visit(program.Pid, visit.Entry, visit.ExecId)));

            program.Input.WriteLine("layout");
            program.Input.Flush();
            program.WaitForLine("done");
            ProcessVisit same = visitor.Visit(program.Pid, visit.Entry, visit.ExecId);
            Assert.Equal([], Events(same));

            uint before = visit.ExecId!.Value;
            program.Input.WriteLine("exec");
            program.Input.Flush();
            program.WaitForLine("ready");
            ProcessVisit after = visitor.Visit(program.Pid, visit.Entry, visit.ExecId);
            Assert.Equal([TaskEventKind.Exec], Events(after));
            Assert.Equal(visit.Entry!.Layout, after.Entry!.Layout);
            Assert.Equal(before + 1, after.ExecId);
        }
    }

    private static IEnumerable<TaskEventKind> Events(ProcessVisit visit) => visit.Events.Select(happened => happened.Kind);
}
