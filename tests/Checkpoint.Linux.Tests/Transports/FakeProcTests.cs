using System;
using System.Collections.Generic;
using System.Linq;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Linux.Transports;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Linux.Tests.Transports;

/// <summary>The procfs transport on a <c>/proc</c> made of files: what kernels and security modules show that are not this machine's.</summary>
public sealed class FakeProcTests : IDisposable
{
    private readonly FakeProc _proc = new();

    public void Dispose() => _proc.Dispose();

    private ProcessTree Capture(int pid, bool vmStats = false) => Collector.Collect(
        new CollectOptions { Pid = pid, WithChildren = false, WithEnviron = true, WithVmStats = vmStats, TextMaps = true },
        () => new TaskSource(new ProcfsTaskDiag(_proc.FullName), new ProcfsTaskDiag(_proc.FullName)), default);

    private static IEnumerable<(CapturePart Part, int Errno)> Gaps(ProcessTree tree) => tree.Gaps.Select(gap => (gap.Part, gap.Errno));

    [LinuxFact]
    public void Everything_comes_from_its_file()
    {
        _proc.Add(7);
        ProcessTree tree = Capture(7);
        ProcessEntry process = Assert.Single(tree.Processes);
        Assert.Empty(tree.Gaps);
        Assert.Equal("/usr/bin/made-up", process.Exe?.ToString());
        Assert.Equal("/srv", process.Cwd?.ToString());
        Assert.Equal("made-up\0--all\0"u8, process.Cmdline!.Value.Span);
        Assert.Equal("A=1\0B=2\0"u8, process.Environ!.Value.Span);
        Assert.Equal((23u, 4026531834ul, 2000ul << 10), (process.Umask, process.Namespaces!.Value.Pid, process.Memory!.VmRss));
        Assert.Equal((2, 94000000000000ul), (process.Space!.Vmas.Length, process.Layout!.Value.StartCode));
        Assert.Equal((987654ul, 0x10000ul), (process.Leader.StartTimeTicks, process.Leader.Signals!.Value.Blocked));
    }

    [LinuxFact]
    public void Groups_and_the_label_of_a_security_module_stay_apart()
    {
        _proc.Add(7, 8);
        string many = string.Join(' ', Enumerable.Range(1001, 3000));
        _proc.Change("7/task/8/status", "4 24 27", many);
        _proc.Write("7/task/8/attr/current", "system_u:system_r:" + new string('x', 3000) + "\n\0");
        ThreadEntry[] threads = [.. Capture(7).Processes[0].Threads];
        Assert.Equal([4u, 24u, 27u], threads[0].Credentials!.Groups!);
        Assert.Equal("unconfined", threads[0].Credentials!.Label?.ToString());
        Assert.Equal(Enumerable.Range(1001, 3000).Select(group => (uint)group), threads[1].Credentials!.Groups!);
        Assert.Equal("system_u:system_r:" + new string('x', 3000), threads[1].Credentials!.Label?.ToString());
    }

    [LinuxFact]
    public void No_groups_and_groups_that_are_not_told_are_two_things()
    {
        _proc.Add(7, 8, 9);
        _proc.Change("7/task/7/status", "4 24 27", "");
        _proc.Drop("7/task/8/status", "Groups:");
        _proc.Change("7/task/9/status", "4 24 27", "4 24x 27");
        ProcessTree tree = Capture(7);
        Assert.Equal([[], null, null], tree.Processes[0].Threads.Select(thread => thread.Credentials!.Groups));
        Assert.Equal(new Gap(7, 9, CapturePart.Status, Errno.EPROTO), Assert.Single(tree.Gaps));
    }

    [LinuxFact]
    public void What_status_does_not_tell_is_null_and_not_0()
    {
        _proc.Add(7);
        _proc.Drop("7/task/7/status", "Umask", "VmPin", "SigCgt", "CapAmb", "NoNewPrivs", "Seccomp", "NSpid");
        ProcessEntry process = Capture(7).Processes[0];
        Assert.Null(process.Umask);
        Assert.Null(process.Memory);
        Assert.Null(process.Leader.Signals);
        Assert.Empty(process.Leader.NsPids);
        Credentials credentials = process.Leader.Credentials!;
        Assert.Equal(((ulong?)null, (bool?)null, (uint?)null, (uint?)null), (credentials.CapAmbient, credentials.NoNewPrivs, credentials.Seccomp, credentials.SeccompFilters));
    }

    [LinuxFact]
    public void Credentials_of_which_a_part_is_missing_are_not_told_as_those_of_root()
    {
        _proc.Add(7);
        _proc.Drop("7/task/7/status", "Uid");
        ProcessTree tree = Capture(7);
        Assert.Null(tree.Processes[0].Leader.Credentials);
        Assert.Equal([(CapturePart.Status, Errno.EPROTO)], Gaps(tree));
    }

    [LinuxFact]
    public void The_exit_code_of_a_stopped_process_is_that_of_its_own_stat()
    {
        _proc.Add(7);
        _proc.Change("7/task/7/stat", ") S ", ") T ");
        _proc.Change("7/stat", " 140700000001020 0\n", " 140700000001020 19\n");
        Assert.Equal(19, Capture(7).Processes[0].ExitCode);
    }

    [LinuxFact]
    public void What_threads_share_is_read_below_a_living_one_when_the_leader_is_a_zombie()
    {
        _proc.Add(7, 8);
        foreach (string folder in (string[])["7", "7/task/7"])
        {
            _proc.Change(folder + "/stat", ") S ", ") Z ");
            _proc.Change(folder + "/stat", "94000000000000 94000000100000 140700000000000", "0 0 0");
            _proc.Drop(folder + "/status", "Umask", "Vm", "Rss");
            foreach (string link in (string[])["exe", "cwd", "root", "ns/mnt", "ns/pid", "ns/user"])
            {
                _proc.Remove($"{folder}/{link}");
            }

            foreach (string file in (string[])["cmdline", "environ", "maps"])
            {
                _proc.Write($"{folder}/{file}", "");
            }
        }

        ProcessTree tree = Capture(7);
        ProcessEntry process = tree.Processes[0];
        Assert.Empty(tree.Gaps);
        Assert.Equal((23u, 2000ul << 10, 94000000000000ul), (process.Umask, process.Memory!.VmRss, process.Layout!.Value.StartCode));
        Assert.Equal(("/usr/bin/made-up", "/srv", "/"), (process.Exe?.ToString(), process.Cwd?.ToString(), process.Root?.ToString()));
        Assert.Equal((4026531832ul, 4026531834ul), (process.Namespaces!.Value.Mnt, process.Namespaces.Value.Pid));
        Assert.Equal(("made-up\0--all\0".Length, "A=1\0B=2\0".Length, 2), (process.Cmdline!.Value.Length, process.Environ!.Value.Length, process.Space!.Vmas.Length));
    }

    [LinuxFact]
    public void A_file_that_this_kernel_has_for_no_process_is_a_gap_and_the_process_is_not_gone()
    {
        _proc.Add(7);
        _proc.RemoveEverywhere("smaps");
        _proc.RemoveEverywhere("environ");
        _proc.RemoveEverywhere("attr/current");
        ProcessTree tree = Capture(7, vmStats: true);
        ProcessEntry process = Assert.Single(tree.Processes);
        Assert.Equal([(CapturePart.Environ, Errno.ENOSYS), (CapturePart.Maps, Errno.ENOSYS)], Gaps(tree));
        Assert.Equal(("/usr/bin/made-up", 14, (ByteString?)null), (process.Exe?.ToString(), process.Cmdline!.Value.Length, process.Environ));
        Assert.Null(process.Space);
        Assert.Null(process.Leader.Credentials!.Label);
        Assert.Equal(2, Capture(7).Processes[0].Space!.Vmas.Length);
    }

    [LinuxFact]
    public void A_file_that_only_this_process_has_no_longer_means_that_it_exited()
    {
        _proc.Add(7);
        _proc.Remove("7/environ");
        Assert.Equal([(CapturePart.Task, Errno.ESRCH)], Gaps(Capture(7)));
    }

    [LinuxFact]
    public void A_task_that_lets_go_of_its_memory_meanwhile_has_exited_and_hides_nothing()
    {
        // PF_EXITING: the kernel shows such a task's files empty to root, and refuses them to its own user.
        _proc.Add(7);
        _proc.Write("7/environ", "");
        _proc.Change("7/stat", " 4194304 ", " 4194308 ");
        Assert.Equal([(CapturePart.Environ, Errno.ESRCH)], Gaps(Capture(7)));
    }

    [LinuxFact]
    public void Addresses_that_are_hidden_or_gone_are_no_layout()
    {
        foreach (string shown in (string[])["1 1 0", "0 0 0"])
        {
            using FakeProc proc = new();
            proc.Add(7);
            proc.Change("7/task/7/stat", "94000000000000 94000000100000 140700000000000", shown);
            ProcessTree tree = Collector.Collect(
                new CollectOptions { Pid = 7, WithChildren = false, TextMaps = true },
                () => new TaskSource(new ProcfsTaskDiag(proc.FullName), new ProcfsTaskDiag(proc.FullName)), default);
            Assert.Null(tree.Processes[0].Layout);
        }
    }

    [LinuxFact]
    public void Start_times_are_those_of_the_machine_also_for_a_reader_in_a_time_namespace()
    {
        _proc.Add(7);
        _proc.Write("self/timens_offsets", "monotonic    5    0\nboottime    1000    0\n");
        Assert.Equal(987654ul - 100_000, Capture(7).Processes[0].Leader.StartTimeTicks);

        // Behind the machine's clock; what started before its zero wraps around.
        _proc.Write("self/timens_offsets", "monotonic    5    0\nboottime    -10000    0\n");
        Assert.Equal(987654ul + 1_000_000, Capture(7).Processes[0].Leader.StartTimeTicks);
        _proc.Change("7/task/7/stat", " 987654 ", " 1844674407275 "); // 0.95 s before
        Assert.InRange(Capture(7).Processes[0].Leader.StartTimeTicks, 999_904ul, 999_906ul);
    }

    [LinuxFact]
    public void A_stat_of_another_form_makes_the_process_unreadable_and_not_one_of_zeros()
    {
        _proc.Add(7, 8);
        _proc.Change("7/task/8/stat", " 987654 ", " 98x654 ");
        ProcessTree tree = Capture(7);
        Assert.Equal([7], tree.Processes[0].Threads.Select(thread => thread.Tid));
        Assert.Equal(new Gap(7, 8, CapturePart.Stat, Errno.EPROTO), Assert.Single(tree.Gaps));
    }
}
