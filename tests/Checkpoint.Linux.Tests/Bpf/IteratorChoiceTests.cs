using System;
using System.Linq;
using Checkpoint.Linux.Bpf;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Linux.Tests.Transports;
using Checkpoint.Linux.Transports;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Linux.Tests.Bpf;

/// <summary>When the iterator programs are taken. What the kernel lacks is made up here: this one has it all.</summary>
public sealed class IteratorChoiceTests
{
    private const string Refusal = "cannot load BPF program: No such file or directory (errno 2)";

    private static TransportChoice Make(TransportKind kind, bool byTask, int errno, bool narrow) => TransportChoice.Make(
        kind, static () => true, textMaps: false, byTask, _ => throw new KernelException("load", "BPF program", errno), slots => BpfLoader.LoadIterators(slots, narrow));

    [LinuxFact(Bpf = true)]
    public void Where_the_kernel_refuses_the_program_that_one_call_runs_iterators_are_taken()
    {
        using TransportChoice asked = Make(TransportKind.Bpf, byTask: true, Errno.ENOENT, narrow: true);
        Assert.EndsWith($", so they were loaded, as iterators ({Refusal})", asked.Reason, StringComparison.Ordinal);
        using TransportChoice large = Make(TransportKind.Auto, byTask: true, Errno.ENOENT, narrow: true);
        Assert.Equal($"bpf: loaded for a large request, as iterators ({Refusal})", large.Reason);
        using TaskDiagTransport transport = large.Open();
        Assert.IsType<BpfIterTaskDiag>(transport);
        Assert.Equal("bpf", transport.Name);
        Assert.Equal([System.Environment.ProcessId], transport.Ask(TaskDiagShow.Base, TaskDiagStrategy.One, System.Environment.ProcessId).Select(task => task.Tid));
    }

    [LinuxFact(Bpf = true)]
    public void Where_it_does_not_narrow_iterators_they_serve_only_who_asks_for_all_tasks()
    {
        using TransportChoice tree = Make(TransportKind.Auto, byTask: true, Errno.ENOENT, narrow: false);
        Assert.Equal("procfs: cannot narrow BPF iterators to one task: Operation not supported (errno 95)", tree.Reason);
        Assert.Equal(Errno.EOPNOTSUPP, Assert.Throws<KernelException>(() => Make(TransportKind.Bpf, byTask: true, Errno.ENOENT, narrow: false)).Errno);
        using TransportChoice all = Make(TransportKind.Auto, byTask: false, Errno.ENOENT, narrow: false);
        using TaskDiagTransport transport = all.Open();
        Assert.IsType<BpfIterTaskDiag>(transport);
        Assert.Contains(System.Environment.ProcessId, transport.Ask(TaskDiagShow.Base, TaskDiagStrategy.All).Select(task => task.Tid));
    }

    [LinuxFact(Bpf = true)]
    public void Who_may_not_load_programs_is_not_told_about_iterators()
    {
        using TransportChoice choice = Make(TransportKind.Auto, byTask: true, Errno.EPERM, narrow: true);
        Assert.Equal("procfs: cannot load BPF program: Operation not permitted (errno 1)", choice.Reason);
    }
}
