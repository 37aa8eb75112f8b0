using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Checkpoint.Linux.Bpf;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Linux.Tests.Transports;
using Checkpoint.Linux.Transports;
using Checkpoint.Model;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Linux.Tests.Bpf;

/// <summary>The programs for kernels before 6.7, which this kernel runs too.</summary>
public sealed class IteratorProgramTests
{
    [LinuxFact("gcc", Root = true, Bpf = true)]
    public void An_image_by_iterators_is_the_same_as_by_procfs()
    {
        using BpfProgram programs = BpfLoader.LoadIterators(BpfProgram.DefaultSlots);
        using TempFolder folder = new();
        foreach (string[] line in (string[][])[["threads"], ["zombie"], ["deepns"], ["vmas", folder.FullName], ["tree", "4", "60"], ["manyvmas", "60000"]])
        {
            using ChildProcess workload = Workload.Start(line[0], line[1..]);
            ProcessTree tree = BpfAgreement.AssertSameImage(workload.Pid, "bpf-iter", options => Collect(options, () => new BpfIterTaskDiag(programs, new BuildIdCache())));
            Assert.True(line[0] != "manyvmas" || tree.Processes[0].Space!.Vmas.Length > 60000);
            Assert.True(line[0] != "vmas" || tree.Files.Any(file => file.IsDeleted));
        }
    }

    [LinuxFact("gcc", Root = true, Bpf = true)]
    public void Iterators_answer_every_strategy_and_every_flag_as_procfs_does()
    {
        using BpfProgram programs = BpfLoader.LoadIterators(1);
        using BpfIterTaskDiag iterators = new(programs, new BuildIdCache());
        BpfStrategies.AssertSame(iterators);
    }

    [LinuxFact("gcc", Root = true, Bpf = true)]
    public void Programs_that_filter_by_themselves_answer_every_strategy_and_every_flag_as_procfs_does()
    {
        using BpfProgram programs = BpfLoader.LoadIterators(1, narrow: false);
        using BpfIterTaskDiag iterators = new(programs, new BuildIdCache());
        BpfStrategies.AssertSame(iterators);
    }

    [LinuxFact("gcc", Root = true, Bpf = true)]
    public void VMA_lists_have_the_bytes_that_the_other_program_gives()
    {
        const TaskDiagShow Show = TaskDiagShow.Base | TaskDiagShow.Cred | TaskDiagShow.Vma | TaskDiagShow.ExtBuildIds
            | TaskDiagShow.ExtFiles | TaskDiagShow.ExtUmask | TaskDiagShow.ExtMm | TaskDiagShow.ExtNamespaces;
        using BpfProgram programs = BpfLoader.LoadIterators(1);
        using BpfProgram syscall = BpfLoader.Load(1);
        using TempFolder folder = new();
        foreach (string[] line in (string[][])[["threads"], ["zombie"], ["vmas", folder.FullName], ["manyvmas", "60000"]])
        {
            using ChildProcess workload = Workload.Start(line[0], line[1..]);
            Environment.ProcFile.WaitUntilQuiet(workload.Pid);
            foreach (int pid in Environment.ProcFile.LivingFamily(workload.Pid))
            {
                // Fresh ones, since files are numbered in the order in which they are asked for.
                using BpfTaskDiag other = new(syscall, new BuildIdCache());
                using BpfIterTaskDiag whole = new(programs, new BuildIdCache());
                string[] expected = Told(other, Show, pid);
                Assert.Equal(expected, Told(whole, Show, pid));
                Assert.Contains(expected, line => line.StartsWith("Vma ", StringComparison.Ordinal));
                Assert.Contains(expected, line => line.StartsWith("ExtUmask ", StringComparison.Ordinal));
            }
        }
    }

    [LinuxFact("gcc", Root = true, Bpf = true)]
    public void A_list_that_is_interrupted_by_a_full_slot_goes_on_where_it_was()
    {
        const TaskDiagShow Show = TaskDiagShow.Base | TaskDiagShow.Vma | TaskDiagShow.ExtTotalVm;
        using BpfProgram programs = BpfLoader.LoadIterators(1);
        using ChildProcess workload = Workload.Start("manyvmas", "3000");
        Environment.ProcFile.WaitUntilQuiet(workload.Pid);
        string[] whole;
        using (BpfIterTaskDiag iterators = new(programs, new BuildIdCache()))
        {
            whole = Told(iterators, Show, workload.Pid);
        }

        Assert.True(whole.Length > 3000);
        foreach (uint limit in (uint[])[1, 700, 59_990, 100_000])
        {
            using BpfIterTaskDiag iterators = new(programs, new BuildIdCache(), limit: limit);
            Assert.Equal(whole, Told(iterators, Show, workload.Pid));
        }
    }

    [LinuxFact("gcc", Root = true, Bpf = true)]
    public void Tasks_that_fill_the_slot_many_times_are_told_once_each()
    {
        // With all that is of fixed size, a chunk of 160 KiB is full after some 130 tasks.
        const TaskDiagShow Show = TaskDiagShow.Base | TaskDiagShow.Cred | TaskDiagShow.Stat | TaskDiagShow.Statm | TaskDiagShow.ExtSched | TaskDiagShow.ExtSignals
            | TaskDiagShow.ExtMm | TaskDiagShow.ExtNamespaces | TaskDiagShow.ExtSecurity | TaskDiagShow.Vma;
        using BpfProgram programs = BpfLoader.LoadIterators(1);
        using ChildProcess tree = Workload.Start("tree", "30", "900");
        HashSet<int> family = Environment.ProcFile.LivingFamily(tree.Pid);
        using BpfIterTaskDiag iterators = new(programs, new BuildIdCache());
        List<(int Tgid, int Tid, List<TaskDiagAttribute> Attributes)> told = iterators.Ask(Show, TaskDiagStrategy.All);
        Assert.Equal(told.Select(task => task.Tid).Order(), told.Select(task => task.Tid));
        told.RemoveAll(task => !family.Contains(task.Tgid));
        Assert.Equal(900, told.Count);
        Assert.All(told, task => Assert.Contains(TaskDiagAttribute.Vma, task.Attributes));
        Assert.All(told, task => Assert.Single(task.Attributes, TaskDiagAttribute.Base));
        Assert.Equal(family.Order(), told.Select(task => task.Tid));
    }

    [LinuxFact("gcc", Root = true, Bpf = true)]
    public void An_answer_may_be_read_by_other_threads_than_the_one_that_asked()
    {
        using BpfProgram programs = BpfLoader.LoadIterators(2);
        using ChildProcess workload = Workload.Start("manyvmas", "20000");
        using BpfIterTaskDiag idle = new(programs, new BuildIdCache());
        using BpfIterTaskDiag iterators = new(programs, new BuildIdCache(), limit: 100_000);
        iterators.Send(new TaskDiagRequest(TaskDiagShow.Vma, TaskDiagStrategy.One, (uint)workload.Pid, 1));
        int vmas = 0;
        int length = -1;
        while (length != 0)
        {
            byte[] buffer = new byte[TaskDiagTransport.MinimumBuffer];
            Thread other = new(() => length = iterators.Read(buffer));
            other.Start();
            other.Join();
            vmas += Count(buffer.AsSpan(0, length));
        }

        Assert.Equal(File.ReadLines($"/proc/{workload.Pid}/maps").Count(), vmas);
    }

    [LinuxFact(Bpf = true)]
    public void A_pid_that_is_not_there_is_ESRCH_and_the_next_request_is_answered()
    {
        foreach (bool narrow in (bool[])[true, false])
        {
            using BpfProgram programs = BpfLoader.LoadIterators(1, narrow);
            using BpfIterTaskDiag iterators = new(programs, new BuildIdCache());
            foreach (TaskDiagStrategy strategy in (TaskDiagStrategy[])[TaskDiagStrategy.One, TaskDiagStrategy.Thread, TaskDiagStrategy.Children])
            {
                foreach (uint pid in (uint[])[0, 4_194_305, int.MaxValue, uint.MaxValue])
                {
                    Assert.Equal(Errno.ESRCH, Assert.Throws<KernelException>(() => iterators.Send(new TaskDiagRequest(TaskDiagShow.Base, strategy, pid, 1))).Errno);
                    Assert.Equal([System.Environment.ProcessId], iterators.Ask(TaskDiagShow.Base, TaskDiagStrategy.One, System.Environment.ProcessId).Select(task => task.Tid));
                }
            }

            Assert.Equal(Errno.EINVAL, Assert.Throws<KernelException>(() => iterators.Send(new TaskDiagRequest(TaskDiagShow.Base, (TaskDiagStrategy)5, 1, 1))).Errno);
        }
    }

    [LinuxFact("bpftool", "gcc", Root = true, Bpf = true)]
    public void Nothing_stays_loaded_or_linked_after_an_answer_that_is_not_read_to_its_end()
    {
        using ChildProcess workload = Workload.Start("manyvmas", "20000");
        HashSet<string> before = Loaded();
        using (BpfProgram programs = BpfLoader.LoadIterators(2))
        {
            using BpfIterTaskDiag iterators = new(programs, new BuildIdCache(), limit: 100_000);
            Assert.NotEmpty(Loaded().Except(before));
            iterators.Send(new TaskDiagRequest(TaskDiagShow.Vma, TaskDiagStrategy.One, (uint)workload.Pid, 1));
            Assert.True(iterators.Read(new byte[TaskDiagTransport.MinimumBuffer]) > 0);
        }

        HashSet<string> rest = [.. Loaded().Except(before)];
        bool AreGone()
        {
            rest.IntersectWith(Loaded());
            return rest.Count == 0;
        }

        Assert.True(Environment.Wait.Became(AreGone), "still loaded: " + string.Join(", ", rest));
    }

    private static HashSet<string> Loaded() => [.. ((string[])["prog", "map", "link"]).SelectMany(kind =>
        Tool.Run(["bpftool", "-j", kind, "list"]).Json.EnumerateArray().Select(item => $"{kind} {item.GetProperty("id")}"))];

    private static ProcessTree Collect(CollectOptions options, Func<TaskDiagTransport> open) =>
        Collector.Collect(options, () => new TaskSource(open(), new ProcfsTaskDiag()), CancellationToken.None);

    /// <summary>The attributes of one task, VMA by VMA, however they are cut into messages.</summary>
    private static string[] Told(TaskDiagTransport transport, TaskDiagShow show, int pid)
    {
        List<string> told = [];
        byte[] buffer = new byte[2 * TaskDiagTransport.MinimumBuffer];
        bool continued = false;
        transport.Send(new TaskDiagRequest(show, TaskDiagStrategy.One, (uint)pid, 1));
        int length;
        while ((length = transport.Read(buffer)) > 0)
        {
            TaskDiagReader reader = new(buffer.AsSpan(0, length));
            while (reader.NextMessage())
            {
                Assert.True(continued || told.Count == 0, "another task");
                continued = reader.Continued;
                while (reader.NextAttribute())
                {
                    int size = reader.Type == TaskDiagAttribute.Vma ? TaskDiagVma.Size : Math.Max(reader.Payload.Length, 1);
                    for (ReadOnlySpan<byte> rest = reader.Payload; !rest.IsEmpty; rest = rest[size..])
                    {
                        size = reader.Type == TaskDiagAttribute.Vma ? BitConverter.ToUInt16(rest[TaskDiagVma.LengthsOffset..]) : size;
                        told.Add($"{reader.Type} {Convert.ToHexString(rest[..size])}");
                    }
                }
            }
        }

        Assert.False(continued, "the last message says that another follows");
        return [.. told.Where(line => !line.StartsWith("Vma ", StringComparison.Ordinal)).Order(StringComparer.Ordinal), .. told.Where(line => line.StartsWith("Vma ", StringComparison.Ordinal))];
    }

    private static int Count(ReadOnlySpan<byte> messages)
    {
        int count = 0;
        TaskDiagReader reader = new(messages);
        while (reader.NextMessage())
        {
            while (reader.NextAttribute())
            {
                TaskDiagVmaReader vmas = new(reader.Payload);
                while (reader.Type == TaskDiagAttribute.Vma && vmas.Next())
                {
                    count++;
                }
            }
        }

        return count;
    }
}
