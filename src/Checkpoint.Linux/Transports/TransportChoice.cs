using System;
using Checkpoint.Linux.Bpf;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>Which transport is taken, and why; opens it once for each core that asks.</summary>
public sealed class TransportChoice : IDisposable
{
    /// <summary>From so many processes on, reading them from procfs takes longer than loading BPF programs does (measured; see src/README.md).</summary>
    public const int LargeRequest = 2000;

    /// <summary>What only procfs tells where the kernel has no task_diag of its own.</summary>
    public const TaskDiagShow ProcfsOnly = BpfTransport.Missing;

    private readonly TransportKind _kind;
    private readonly BpfProgram? _program;
    private readonly BuildIdCache _buildIds = new();
    private readonly bool _textMaps;

    private TransportChoice(TransportKind kind, string reason, bool textMaps, BpfProgram? program = null)
    {
        _kind = kind;
        _program = program;
        _textMaps = textMaps;
        Reason = reason;
    }

    /// <summary>Which one and why, such as "procfs: CAP_BPF is missing".</summary>
    public string Reason { get; }

    /// <summary>How many may be open at once: pinned programs have the slots that their installer gave them.</summary>
    public int MostAtOnce => Math.Min(_program?.Count ?? int.MaxValue, Environment.ProcessorCount);

    /// <summary>Chooses.</summary>
    /// <param name="kind">What was asked for.</param>
    /// <param name="isLarge">Whether the request is about <see cref="LargeRequest"/> processes or more; asked only where that decides.</param>
    /// <param name="textMaps">Whether text <c>maps</c> is to be read.</param>
    /// <param name="byTask">Whether single tasks or VMAs will be asked for, not only all tasks of the machine at once.</param>
    /// <returns>The choice.</returns>
    /// <exception cref="KernelException">The one asked for is not to be had.</exception>
    public static TransportChoice Make(TransportKind kind, Func<bool> isLarge, bool textMaps = false, bool byTask = true) =>
        Make(kind, isLarge, textMaps, byTask, BpfLoader.Load, static slots => BpfLoader.LoadIterators(slots));

    /// <summary>Chooses.</summary>
    /// <param name="kind">What was asked for.</param>
    /// <param name="isLarge">Whether the request is a large one.</param>
    /// <param name="textMaps">Whether text <c>maps</c> is to be read.</param>
    /// <param name="byTask">Whether single tasks or VMAs will be asked for.</param>
    /// <param name="load">Loads the programs that are preferred, with so many slots.</param>
    /// <param name="iterators">Loads those for kernels that refuse the former.</param>
    internal static TransportChoice Make(
        TransportKind kind, Func<bool> isLarge, bool textMaps, bool byTask, Func<int, BpfProgram> load, Func<int, BpfProgram> iterators)
    {
        ArgumentNullException.ThrowIfNull(isLarge);
        ProcMount.Check();
        (BpfProgram Program, string Kind) Load() => TransportChoice.Load(byTask, load, iterators);
        return kind switch
        {
            TransportKind.Auto => Best(isLarge, textMaps, Load),
            TransportKind.TaskDiag => new TransportChoice(kind, "task-diag: asked for", textMaps),
            TransportKind.Bpf => Bpf(textMaps, Load),
            TransportKind.Procfs => new TransportChoice(kind, "procfs: asked for", textMaps),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    /// <summary>Opens the transport for one core.</summary>
    /// <returns>The transport.</returns>
    /// <exception cref="KernelException">It cannot be opened.</exception>
    public TaskDiagTransport Open() => _kind switch
    {
        TransportKind.TaskDiag => new TaskDiagFile(),
        TransportKind.Bpf when _program!.VmaProgram is not null => new BpfIterTaskDiag(_program, _buildIds) { TextMaps = _textMaps },
        TransportKind.Bpf => new BpfTaskDiag(_program!, _buildIds) { TextMaps = _textMaps },
        _ => OpenProcfs(),
    };

    /// <summary>Opens a procfs transport, which knows what the others lack.</summary>
    /// <returns>The transport.</returns>
    public ProcfsTaskDiag OpenProcfs() => new(_textMaps, _buildIds);

    /// <summary>Unloads what was loaded. All that was opened must be disposed before.</summary>
    public void Dispose() => _program?.Dispose();

    private static TransportChoice Best(Func<bool> isLarge, bool textMaps, Func<(BpfProgram Program, string Kind)> load)
    {
        if (TaskDiagFile.Exists)
        {
            return new TransportChoice(TransportKind.TaskDiag, "task-diag: this kernel has it", textMaps);
        }

        if (textMaps)
        {
            return Procfs("text maps were asked for", textMaps);
        }

        if (BpfAccess.Refusal() is string refusal)
        {
            return Procfs(refusal, textMaps);
        }

        if (BpfPins.TryOpen(out string reason) is BpfProgram pinned)
        {
            return new TransportChoice(TransportKind.Bpf, "bpf: the programs are pinned", textMaps, pinned);
        }

        if (!isLarge())
        {
            return Procfs($"{reason}, and reading so few processes is faster than loading them", textMaps);
        }

        try
        {
            (BpfProgram loaded, string kind) = load();
            return new TransportChoice(TransportKind.Bpf, "bpf: loaded for a large request" + kind, textMaps, loaded);
        }
        catch (KernelException e)
        {
            return Procfs(e.Message, textMaps);
        }
    }

    private static TransportChoice Bpf(bool textMaps, Func<(BpfProgram Program, string Kind)> load)
    {
        if (BpfAccess.Refusal() is string refusal)
        {
            throw new KernelException("use", $"BPF ({refusal})", Errno.EPERM);
        }

        if (BpfPins.TryOpen(out string reason) is BpfProgram pinned)
        {
            return new TransportChoice(TransportKind.Bpf, "bpf: asked for; the programs are pinned", textMaps, pinned);
        }

        (BpfProgram loaded, string kind) = load();
        return new TransportChoice(TransportKind.Bpf, $"bpf: asked for; {reason}, so they were loaded{kind}", textMaps, loaded);
    }

    /// <summary>Loads the programs that one call runs; where the kernel has not what these need, those of iterators.</summary>
    private static (BpfProgram Program, string Kind) Load(bool byTask, Func<int, BpfProgram> load, Func<int, BpfProgram> iterators)
    {
        try
        {
            return (load(BpfProgram.DefaultSlots), "");
        }
        catch (KernelException e) when (e.Errno != Errno.EPERM)
        {
            BpfProgram programs = iterators(BpfProgram.DefaultSlots);
            if (byTask && !programs.Narrows)
            {
                // Each request for one task would be a walk over all: procfs is faster.
                programs.Dispose();
                throw new KernelException("narrow", "BPF iterators to one task", Errno.EOPNOTSUPP);
            }

            return (programs, $", as iterators ({e.Message})");
        }
    }

    private static TransportChoice Procfs(string reason, bool textMaps) => new(TransportKind.Procfs, "procfs: " + reason, textMaps);
}
