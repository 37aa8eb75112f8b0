using System;
using System.Runtime.InteropServices;
using Checkpoint.Linux.Bpf;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>
/// The task_diag transaction by BPF programs that write their messages into a slot. What a program cannot tell (the texts of
/// paths) is asked of procfs once for each distinct file.
/// </summary>
internal abstract class BpfTransport : TaskDiagTransport
{
    /// <summary>What it never supplies.</summary>
    internal const TaskDiagShow Missing =
        TaskDiagShow.VmaStat | TaskDiagShow.Cmdline | TaskDiagShow.ExtEnviron | TaskDiagShow.ExtLabel;

    private const TaskDiagShow OfVmas = TaskDiagShow.Vma | TaskDiagShow.ExtBuildIds | TaskDiagShow.ExtPageSizes
        | TaskDiagShow.ExtTotalVm | TaskDiagShow.ExtFiles;

    // A chunk that stays in the cache between the program that writes it and the reader.
    private const int ChunkRoom = 160 * 1024;

    private readonly int _slot;
    private readonly int _procfd;
    private readonly BpfRun _settings;
    private bool _active;
    private bool _disposed;

    /// <summary>Takes a slot of a program.</summary>
    /// <param name="program">Outlives this.</param>
    /// <param name="buildIds">Build IDs to share with other transports of the same capture.</param>
    /// <exception cref="KernelException">EBUSY: no slot is free. Or <c>/proc</c> cannot be opened.</exception>
    protected BpfTransport(BpfProgram program, BuildIdCache buildIds)
    {
        Program = program;
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

        if (!IsOwn(_procfd))
        {
            _ = Libc.close(_procfd);
            program.Return(_slot);
            throw new KernelException(
                "use", "/proc, which is not that of this pid namespace (mount -t proc proc /proc gives it one)", Errno.EOPNOTSUPP);
        }

        Answer = new BpfAnswer(_procfd, buildIds);
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
    public override TaskDiagShow Lacks => TellsVmas ? Missing : Missing | OfVmas;

    /// <inheritdoc/>
    public override string VmaSource => TextMaps ? "maps" : TellsVmas ? OwnVmaSource : Answer.ProcfsSource;

    /// <inheritdoc/>
    public override bool TellsVmFlags => TellsVmas;

    /// <summary>Whether VMA lists are left to procfs, which reads them from text <c>maps</c>.</summary>
    internal bool TextMaps { get; init; }

    /// <summary>What the capture calls the lists that the programs tell.</summary>
    protected abstract string OwnVmaSource { get; }

    /// <summary>Whether the programs tell VMA lists here.</summary>
    private bool TellsVmas => Program.TellsVmas && !TextMaps;

    /// <inheritdoc/>
    public override bool TellsOwnMasks => true;

    /// <summary>The programs.</summary>
    protected BpfProgram Program { get; }

    /// <summary>Hands over what they wrote.</summary>
    protected BpfAnswer Answer { get; }

    /// <summary>The slot's number.</summary>
    protected int Slot => _slot;

    /// <summary>The slot.</summary>
    protected Span<byte> Memory => Program.Memory(_slot);

    /// <summary>The request and how far it has come, in the slot.</summary>
    protected ref BpfRun Run => ref MemoryMarshal.AsRef<BpfRun>(Memory);

    /// <inheritdoc/>
    public sealed override void Send(in TaskDiagRequest request)
    {
        if (_active)
        {
            throw new KernelException("send", "request to BPF", Errno.EBUSY);
        }

        ref BpfRun run = ref Run;
        run = _settings;
        run.ShowFlags = (ulong)(request.Show & ~Lacks);
        run.Strategy = (uint)request.Strategy;
        run.Pid = request.Pid;
        run.Sequence = request.Sequence;
        run.Room = ChunkRoom;
        Answer.Start(request.Show);
        Begin();
        _active = true;
    }

    /// <inheritdoc/>
    public sealed override int Read(Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer.Length, MinimumBuffer, nameof(buffer));
        int length = 0;
        while (_active)
        {
            length += Answer.CopyTo(buffer[length..]);
            if (!Answer.IsEmpty || length > buffer.Length / 2)
            {
                break;
            }

            if (!Advance())
            {
                if (length == 0)
                {
                    Cancel();
                }

                break;
            }
        }

        return length;
    }

    /// <inheritdoc/>
    public sealed override ReadOnlySpan<byte> ReadInPlace(Span<byte> buffer)
    {
        if (!_active || !Answer.IsAsWritten)
        {
            return base.ReadInPlace(buffer);
        }

        while (Answer.IsEmpty)
        {
            if (!Advance())
            {
                Cancel();
                return default;
            }
        }

        return Answer.TakeRest();
    }

    /// <inheritdoc/>
    public override void Cancel()
    {
        _active = false;
        Answer.Drop();
    }

    /// <summary>Starts on the request in the slot.</summary>
    protected abstract void Begin();

    /// <summary>Has the programs write more, for <see cref="Answer"/>.</summary>
    /// <returns>False: nothing is left.</returns>
    protected abstract bool Advance();

    /// <summary>What was written.</summary>
    protected Span<byte> Messages => Memory.Slice(BpfRun.OutOffset, (int)Math.Min(Run.Length, BpfRun.SlotSize - BpfRun.OutOffset));

    /// <summary>
    /// Whether a <c>/proc</c> numbers processes as programs do for us: names and paths of another pid namespace's would be
    /// those of other processes. It shows our number in each namespace from its own on.
    /// </summary>
    private static bool IsOwn(int procfd)
    {
        byte[] text = new byte[4096];
        int length = ProcFile.ReadOnce(procfd, "self/status\0"u8, ref text);
        if (length <= 0 || !ProcStatus.TryParse(text.AsSpan(0, length), withMemory: false, withSignals: false, out ProcStatus status))
        {
            return false;
        }

        ByteCursor numbers = new(status.NsPids);
        return numbers.NextUnsigned() == (ulong)Environment.ProcessId && numbers.AtEnd;
    }

    /// <inheritdoc/>
    protected sealed override void Dispose(bool disposing)
    {
        if (_disposed)
        {
            return;
        }

        // Once only: the descriptor's number and the slot may be another's by the second time.
        _disposed = true;
        Cancel();
        Answer.Dispose();
        _ = Libc.close(_procfd);
        Program.Return(_slot);
    }
}
