using System;
using System.Runtime.InteropServices;
using Checkpoint.Linux.Bpf;
using Checkpoint.Linux.Interop;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>
/// The task_diag transaction by the kernel's iterators over tasks and VMAs, for kernels that lack what
/// <see cref="BpfTaskDiag"/> needs. A pass over tasks is interrupted where a task's message must be continued by another:
/// over its VMAs, or over a living thread of a process whose leader is a zombie.
/// </summary>
internal sealed class BpfIterTaskDiag : BpfTransport
{
    private readonly uint _limit;
    private BpfIterator? _tasks;
    private BpfIterator? _more; // goes on with the message of a task
    private BpfWalk _outer; // how the pass over tasks goes on after that
    private int[] _children = [];
    private int _childrenTold;

    /// <summary>Takes a slot of a program.</summary>
    /// <param name="program">Programs of iterators; outlives this.</param>
    /// <param name="buildIds">Build IDs to share with other transports of the same capture.</param>
    /// <param name="limit">Bytes of messages behind which a VMA list is interrupted, unless the slot is full before.</param>
    /// <exception cref="KernelException">EBUSY: no slot is free. Or <c>/proc</c> cannot be opened.</exception>
    internal BpfIterTaskDiag(BpfProgram program, BuildIdCache buildIds, uint limit = BpfRun.SlotSize)
        : base(program, buildIds) => _limit = limit;

    /// <inheritdoc/>
    protected override string OwnVmaSource => "bpf-iter";

    private ref BpfWalk Walk => ref MemoryMarshal.AsRef<BpfWalk>(Memory[BpfWalk.Offset..]);

    /// <inheritdoc/>
    public override void Cancel()
    {
        base.Cancel();
        Drop();
    }

    /// <inheritdoc/>
    protected override void Begin()
    {
        Drop();
        Walk = new BpfWalk { Limit = _limit };
        ref BpfRun run = ref Run;
        try
        {
            switch ((TaskDiagStrategy)run.Strategy)
            {
                case TaskDiagStrategy.All:
                    Open(BpfWalk.Leaders, BpfWalk.Tell, 0);
                    break;
                case TaskDiagStrategy.AllThread:
                    Open(BpfWalk.All, BpfWalk.Tell, 0);
                    break;
                case TaskDiagStrategy.One:
                    Open(BpfWalk.Task, BpfWalk.Tell, run.Pid);
                    First();
                    break;
                case TaskDiagStrategy.Thread:
                    Open(BpfWalk.Threads, BpfWalk.Tell, Process(run.Pid));
                    First();
                    break;
                case TaskDiagStrategy.Children:
                    ListChildren();
                    break;
                default:
                    throw new KernelException("send", "request to BPF", Errno.EINVAL);
            }
        }
        catch
        {
            Drop();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override bool Advance()
    {
        ref BpfRun run = ref Run;
        run.Length = 0;
        while (run.Length <= run.Room)
        {
            if (_more is not null)
            {
                if (Advance(_more))
                {
                    EndMore();
                    BeginMore();
                }
                else if (run.Length > 0)
                {
                    break; // full: what there is must be handed over first
                }
            }
            else if (_tasks is not null)
            {
                bool end = Advance(_tasks);
                _outer = Walk;
                if (end)
                {
                    _tasks.Dispose();
                    _tasks = null;
                }

                BeginMore();
            }
            else if (_childrenTold < _children.Length)
            {
                Open(BpfWalk.Task, BpfWalk.Tell, (uint)_children[_childrenTold++]);
            }
            else
            {
                break;
            }
        }

        Answer.Take(Messages, sort: false);
        return run.Length > 0;
    }

    /// <summary>The first part of an answer about one task, which must be there.</summary>
    private void First()
    {
        if (!Advance())
        {
            throw new KernelException("read", $"/proc/{Run.Pid}", Errno.ESRCH);
        }
    }

    /// <summary>The process that a thread belongs to, or its own number when there is no such thread.</summary>
    private uint Process(uint tid)
    {
        ref BpfRun run = ref Run;
        ulong show = run.ShowFlags;
        run.ShowFlags = 0;
        Open(BpfWalk.Task, BpfWalk.Tell, tid);
        while (!Advance(_tasks!))
        {
        }

        uint tgid = Walk.Seen > 0 ? run.Tgid : tid;
        Drop();
        run.ShowFlags = show;
        run.Length = 0;
        Walk = new BpfWalk { Limit = _limit };
        return tgid;
    }

    private void ListChildren()
    {
        ref BpfRun run = ref Run;
        Open(BpfWalk.Task, BpfWalk.Children, run.Pid);
        while (!Advance(_tasks!))
        {
        }

        int error = Walk.Seen == 0 ? Errno.ESRCH : run.Error;
        if (error != 0)
        {
            throw new KernelException("read", $"/proc/{run.Pid}", error);
        }

        int count = (int)Math.Min(run.Count, BpfRun.MaxTids);
        Drop();
        _children = MemoryMarshal.Cast<byte, int>(Memory[BpfRun.TidsOffset..])[..count].ToArray();
    }

    /// <summary>Begins the pass over tasks.</summary>
    private void Open(uint of, uint step, uint pid)
    {
        ref BpfWalk walk = ref Walk;
        walk.Of = of;
        walk.Step = step;
        walk.Pid = pid;
        walk.Seen = 0;
        _tasks?.Dispose();
        _tasks = new BpfIterator(Program.Program, Narrowed(of, pid));
    }

    private BpfIterLinkInfo? Narrowed(uint of, uint pid) => !Program.Narrows ? null : of switch
    {
        BpfWalk.Task => new BpfIterLinkInfo { Tid = pid },
        BpfWalk.Threads => new BpfIterLinkInfo { Pid = pid },
        _ => null,
    };

    /// <summary>Begins the pass that goes on with a message, if a program said that there is one.</summary>
    private void BeginMore()
    {
        ref BpfWalk walk = ref Walk;
        uint step = walk.Wants, owner = walk.Owner;
        if (step == 0)
        {
            return;
        }

        walk.Of = BpfWalk.Task;
        walk.Step = step;
        walk.Pid = owner;
        walk.Wants = walk.Seen = walk.Open = 0;
        ref BpfRun run = ref Run;
        run.From = run.TotalVm = 0;
        _more = new BpfIterator(step == BpfWalk.Vmas ? Program.VmaProgram! : Program.Program, Narrowed(BpfWalk.Task, owner));
    }

    private void EndMore()
    {
        _more!.Dispose();
        _more = null;
        ref BpfWalk walk = ref Walk;
        walk.Step = _outer.Step;
        walk.Of = _outer.Of;
        walk.Pid = _outer.Pid;
        Run.From = 0;
    }

    private bool Advance(BpfIterator iterator)
    {
        // Programs find the slot by the thread that reads, which need not be the one that read before.
        ref BpfWalk walk = ref Walk;
        walk.Reader = (uint)Libc.gettid();
        bool end = iterator.Advance();
        walk.Reader = 0;
        return end;
    }

    private void Drop()
    {
        _tasks?.Dispose();
        _more?.Dispose();
        _tasks = _more = null;
        _children = [];
        _childrenTold = 0;
    }
}
