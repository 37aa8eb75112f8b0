using System;
using System.Runtime.InteropServices;
using System.Threading;
using Checkpoint.Linux.Bpf;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>
/// The task_diag transaction by a BPF program: one bpf(2) call answers a request, or as much of it as fits a slot. What a
/// program cannot tell (the texts of paths) is asked of procfs once for each distinct file.
/// </summary>
internal sealed class BpfTaskDiag : TaskDiagTransport
{
    /// <summary>What it never supplies.</summary>
    internal const TaskDiagShow Missing =
        TaskDiagShow.VmaStat | TaskDiagShow.Cmdline | TaskDiagShow.ExtEnviron | TaskDiagShow.ExtLabel;

    // A chunk that stays in the cache between the program that writes it and the reader.
    private const int ChunkRoom = 160 * 1024;

    // Longer than any fork of a large process holds the lock.
    private const int LockPatienceMs = 2000;

    private readonly BpfProgram _program;
    private readonly int _slot;
    private readonly int _procfd;
    private readonly BpfAnswer _answer;
    private readonly BpfRun _settings;
    private bool _active;
    private bool _disposed;
    private int[] _tids = []; // a list that is told in parts
    private int _tidsTold;

    /// <summary>Takes a slot of a program.</summary>
    /// <param name="program">Outlives this.</param>
    /// <param name="buildIds">Build IDs to share with other transports of the same capture.</param>
    /// <exception cref="KernelException">EBUSY: no slot is free. Or <c>/proc</c> cannot be opened.</exception>
    internal BpfTaskDiag(BpfProgram program, BuildIdCache buildIds)
    {
        _program = program;
        _slot = program.Take();
        if (_slot < 0)
        {
            throw new KernelException("use", "BPF program", Errno.EBUSY);
        }

        _procfd = ProcFile.Open(Libc.AT_FDCWD, "/proc\0"u8, Libc.O_DIRECTORY | Libc.O_PATH);
        if (_procfd < 0)
        {
            program.Return(_slot);
            throw new KernelException("open", "/proc", -_procfd);
        }

        _answer = new BpfAnswer(_procfd, buildIds);
        _settings = new BpfRun
        {
            TickNs = 1_000_000_000 / (ulong)Libc.sysconf(Libc._SC_CLK_TCK),
            PageShift = (uint)int.Log2(Environment.SystemPageSize),
        };
        if (GateVma.TryFind(_procfd, out TaskDiagVma gate))
        {
            _settings.GateStart = gate.Start;
            _settings.GateEnd = gate.End;
            _settings.GateFlags = (ulong)gate.Flags | (ulong)Model.VmaFlags.AllKnown;
        }
    }

    /// <inheritdoc/>
    public override string Name => "bpf";

    /// <inheritdoc/>
    public override string VmaSource => "bpf";

    /// <inheritdoc/>
    public override bool TellsVmFlags => true;

    /// <inheritdoc/>
    public override TaskDiagShow Lacks => Missing;

    private ref BpfRun Run => ref MemoryMarshal.AsRef<BpfRun>(_program.Memory(_slot));

    /// <inheritdoc/>
    public override void Send(in TaskDiagRequest request)
    {
        if (_active)
        {
            throw new KernelException("send", "request to BPF", Errno.EBUSY);
        }

        ref BpfRun run = ref Run;
        run = _settings;
        run.ShowFlags = (ulong)(request.Show & ~Missing);
        run.Strategy = (uint)request.Strategy;
        run.Pid = request.Pid;
        run.Sequence = request.Sequence;
        run.Steps = BpfRun.List | BpfRun.Tell;
        run.Room = ChunkRoom;
        run.AtOnce = 1;
        _tids = [];
        _tidsTold = 0;
        _answer.Start(request.Show);
        RunOnce();
        if ((run.Steps & BpfRun.List) != 0)
        {
            Sort();
        }

        _active = true;
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer.Length, MinimumBuffer, nameof(buffer));
        int length = 0;
        while (_active)
        {
            length += _answer.CopyTo(buffer[length..]);
            if (!_answer.IsEmpty || length > buffer.Length / 2)
            {
                break;
            }

            if (Run.Steps == 0 && !NextPart())
            {
                if (length == 0)
                {
                    Cancel();
                }

                break;
            }

            RunOnce();
        }

        return length;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> ReadInPlace(Span<byte> buffer)
    {
        if (!_active || !_answer.IsAsWritten)
        {
            return base.ReadInPlace(buffer);
        }

        while (_answer.IsEmpty)
        {
            if (Run.Steps == 0 && !NextPart())
            {
                Cancel();
                return default;
            }

            RunOnce();
        }

        return _answer.TakeRest();
    }

    /// <inheritdoc/>
    public override void Cancel()
    {
        _active = false;
        _answer.Drop();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_disposed)
        {
            return;
        }

        // Once only: the descriptor's number and the slot may be another's by the second time.
        _disposed = true;
        Cancel();
        _answer.Dispose();
        _ = Libc.close(_procfd);
        _program.Return(_slot);
    }

    /// <summary>Runs the program until it has something to tell, or nothing is left.</summary>
    private void RunOnce()
    {
        long patience = Environment.TickCount64 + LockPatienceMs;
        for (int pause = 0; ; pause++)
        {
            _program.Run(_slot);
            Span<byte> slot = _program.Memory(_slot);
            ref BpfRun run = ref Run;
            int error = run.Error;
            if (error == Errno.E2BIG && run.AtOnce != 0)
            {
                // More tasks than can be told and listed in one run: list first.
                run.AtOnce = 0;
                run.Steps = BpfRun.List | BpfRun.Tell;
                continue;
            }

            if (error != 0 && error != Errno.EBUSY)
            {
                throw new KernelException("read", $"/proc/{run.Pid}", error);
            }

            bool inKernelsOrder = run.Unsorted != 0 && run.AtOnce != 0 && run.Strategy == (uint)TaskDiagStrategy.All;
            _answer.Take(slot.Slice(BpfRun.OutOffset, (int)Math.Min(run.Length, BpfRun.SlotSize - BpfRun.OutOffset)), inKernelsOrder);
            if (error == 0 || run.Length > 0)
            {
                return;
            }

            // The address space is locked by somebody who changes it. An empty list would be a lie.
            if (Environment.TickCount64 > patience)
            {
                throw new KernelException("lock", "address space", Errno.EBUSY);
            }

            Thread.Sleep(pause < 10 ? 0 : 1);
        }
    }

    /// <summary>Puts the tids in the order of task_diag, and hands back as many as one run tells about.</summary>
    private void Sort()
    {
        ref BpfRun run = ref Run;
        Span<int> all = MemoryMarshal.Cast<byte, int>(_program.Memory(_slot)[BpfRun.TidsOffset..])[..(int)run.Count];
        if (run.Strategy == (uint)TaskDiagStrategy.All)
        {
            all.Sort();
        }

        if (run.Count > BpfRun.MaxTids)
        {
            _tids = all.ToArray();
            _ = NextPart();
        }

        run.Steps = BpfRun.Tell;
    }

    private bool NextPart()
    {
        int count = Math.Min(_tids.Length - _tidsTold, BpfRun.MaxTids);
        if (count <= 0)
        {
            return false;
        }

        ref BpfRun run = ref Run;
        _tids.AsSpan(_tidsTold, count).CopyTo(MemoryMarshal.Cast<byte, int>(_program.Memory(_slot)[BpfRun.TidsOffset..]));
        _tidsTold += count;
        run.Count = (uint)count;
        run.At = 0;
        run.From = 0;
        run.Steps = BpfRun.Tell;
        return true;
    }
}
