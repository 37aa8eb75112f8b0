using System;
using Checkpoint.Linux.Bpf;
using Checkpoint.Linux.Interop;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>Which transport is taken, and why; opens it once for each core that asks.</summary>
public sealed class TransportChoice : IDisposable
{
    /// <summary>From so many processes on, reading them from procfs takes longer than loading BPF programs does (measured; see src/README.md).</summary>
    public const int LargeRequest = 700;

    /// <summary>What only procfs tells where the kernel has no task_diag of its own.</summary>
    public const TaskDiagShow ProcfsOnly = BpfTaskDiag.Missing;

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
    /// <returns>The choice.</returns>
    /// <exception cref="KernelException">The one asked for is not to be had.</exception>
    public static TransportChoice Make(TransportKind kind, Func<bool> isLarge, bool textMaps = false)
    {
        ArgumentNullException.ThrowIfNull(isLarge);
        return kind switch
        {
            TransportKind.Auto => Best(isLarge, textMaps),
            TransportKind.TaskDiag => new TransportChoice(kind, "task-diag: asked for", textMaps),
            TransportKind.Bpf => Bpf(),
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
        TransportKind.Bpf => new BpfTaskDiag(_program!, _buildIds),
        _ => OpenProcfs(),
    };

    /// <summary>Opens a procfs transport, which knows what the others lack.</summary>
    /// <returns>The transport.</returns>
    public ProcfsTaskDiag OpenProcfs() => new(_textMaps, _buildIds);

    /// <summary>Unloads what was loaded. All that was opened must be disposed before.</summary>
    public void Dispose() => _program?.Dispose();

    private static TransportChoice Best(Func<bool> isLarge, bool textMaps)
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
            return new TransportChoice(TransportKind.Bpf, "bpf: loaded for a large request", textMaps, BpfLoader.Load(BpfProgram.DefaultSlots));
        }
        catch (KernelException e)
        {
            return Procfs(e.Message, textMaps);
        }
    }

    private static TransportChoice Bpf()
    {
        if (BpfAccess.Refusal() is string refusal)
        {
            throw new KernelException("use", $"BPF ({refusal})", Errno.EPERM);
        }

        BpfProgram? pinned = BpfPins.TryOpen(out string reason);
        return new TransportChoice(
            TransportKind.Bpf, pinned is null ? $"bpf: asked for; {reason}, so they were loaded" : "bpf: asked for; the programs are pinned",
            textMaps: false, pinned ?? BpfLoader.Load(BpfProgram.DefaultSlots));
    }

    private static TransportChoice Procfs(string reason, bool textMaps) => new(TransportKind.Procfs, "procfs: " + reason, textMaps);
}
