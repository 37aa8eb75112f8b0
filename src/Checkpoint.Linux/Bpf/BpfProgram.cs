using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Checkpoint.Linux.Interop;
using Microsoft.Win32.SafeHandles;

namespace Checkpoint.Linux.Bpf;

/// <summary>
/// A loaded or pinned program that answers task_diag requests, and the slots that it shares with us: one for each core that
/// has it run. Closing the descriptors unloads what was not pinned.
/// </summary>
internal sealed unsafe class BpfProgram : IDisposable
{
    private readonly SafeFileHandle _program;
    private readonly SafeFileHandle _slots;
    private readonly IDisposable? _lock;
    private readonly SafeFileHandle? _vmas;
    private readonly Stack<int> _free = new();
    private byte* _memory;

    /// <summary>Takes over a program and its map of slots.</summary>
    /// <param name="program">The program.</param>
    /// <param name="slots">Its map.</param>
    /// <param name="count">Number of slots.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="held">What keeps others from using the slots; null when nobody else can.</param>
    /// <param name="vmas">The program for VMAs, where these are programs of iterators; the other is for tasks then.</param>
    /// <exception cref="KernelException">The slots cannot be mapped.</exception>
    internal BpfProgram(
        SafeFileHandle program, SafeFileHandle slots, int count, string source, IDisposable? held = null, SafeFileHandle? vmas = null)
    {
        _vmas = vmas;
        _program = program;
        _slots = slots;
        _lock = held;
        Source = source;
        Count = count;
        // SAFETY: a fresh mapping of the whole map; its address is kept, and it is unmapped in Dispose alone.
        void* memory = Libc.mmap(
            null, (nuint)count * BpfRun.SlotSize, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED, (int)slots.DangerousGetHandle(), 0);
        if ((nint)memory == -1)
        {
            int errno = Marshal.GetLastPInvokeError();
            Dispose();
            throw new KernelException("mmap", "BPF map", errno);
        }

        _memory = (byte*)memory;
        for (int slot = count - 1; slot >= 0; slot--)
        {
            _free.Push(slot);
        }
    }

    /// <summary>Number of slots.</summary>
    internal int Count { get; }

    /// <summary>Where the program comes from: <c>loaded</c> or <c>pinned</c>.</summary>
    internal string Source { get; }

    /// <summary>The program's descriptor.</summary>
    internal SafeFileHandle Program => _program;

    /// <summary>The descriptor of the program for VMAs, where these are programs of iterators; else null.</summary>
    internal SafeFileHandle? VmaProgram => _vmas;

    /// <summary>Whether iterators can be narrowed to one task (since Linux 6.1).</summary>
    internal bool Narrows { get; init; }

    /// <summary>Whether VMA lists are asked of these programs. Iterators that cannot be narrowed would show those of all tasks for those of one.</summary>
    internal bool TellsVmas => _vmas is null || Narrows;

    /// <summary>The map's descriptor.</summary>
    internal SafeFileHandle Slots => _slots;

    /// <summary>How many slots a machine gets: one for each core, within limits.</summary>
    internal static int DefaultSlots => Math.Clamp(Environment.ProcessorCount, 1, 16);

    /// <summary>Takes a slot for one core.</summary>
    /// <returns>Its number, or -1: all are taken.</returns>
    internal int Take()
    {
        lock (_free)
        {
            return _free.TryPop(out int slot) ? slot : -1;
        }
    }

    /// <summary>Gives a slot back.</summary>
    internal void Return(int slot)
    {
        lock (_free)
        {
            _free.Push(slot);
        }
    }

    /// <summary>The memory of a slot.</summary>
    internal Span<byte> Memory(int slot)
    {
        ObjectDisposedException.ThrowIf(_memory is null, this);
        // SAFETY: slots are numbered from 0 to Count - 1, and Count of them are mapped.
        return new Span<byte>(_memory + ((nint)slot * BpfRun.SlotSize), BpfRun.SlotSize);
    }

    /// <summary>Runs the program on a slot.</summary>
    /// <exception cref="KernelException">The kernel does not run it.</exception>
    internal void Run(int slot)
    {
        uint context = (uint)slot;
        BpfAttr run = new()
        {
            TestProgFd = (uint)_program.DangerousGetHandle(),
            TestCtxIn = (ulong)&context,
            TestCtxSizeIn = sizeof(uint),
        };
        // SAFETY: both structs are locals; the kernel writes within the sizes told.
        int result = Libc.Bpf(Libc.BPF_PROG_TEST_RUN, &run);
        if (result < 0)
        {
            throw new KernelException("run", "BPF program", -result);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A slot that was not given back is still some thread's, which waits for a process that does not answer.
        if (_memory is not null && _free.Count == Count)
        {
            // SAFETY: mapped in the constructor, and forgotten here.
            _ = Libc.munmap(_memory, (nuint)Count * BpfRun.SlotSize);
        }

        _memory = null;
        _program.Dispose();
        _slots.Dispose();
        _vmas?.Dispose();
        _lock?.Dispose();
    }
}
